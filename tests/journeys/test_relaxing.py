"""Targets that cannot all be met: what is the least that has to give way, and choosing again with that."""

from tests.journeys.choosing import relax
from tests.journeys.sites import STAFF, EmbeddedSite
from tests.servers.browser import NewContext


def test_targets_that_cannot_all_be_met_are_relaxed_by_one_button(
    new_context: NewContext, demonstration: EmbeddedSite
) -> None:
    page = new_context().new_page()
    demonstration.sign_in_as(page, STAFF)
    assert relax(page, demonstration) == "ask for at most 3 with Lived experience leader: Yes, both facts, not 1"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
