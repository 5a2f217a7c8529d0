"""The short form of the panel round; `./hearth bench panel` runs it with 12 reviewers and 300 applications."""

import pytest

from tests.journeys.panel_round import PanelRound
from tests.journeys.real_site import RealSite
from tests.processes.site import Processes
from tests.servers.browser import NewContext


@pytest.mark.postgres
@pytest.mark.rabbit
def test_a_panel_round_from_the_invitations_to_the_end(new_context: NewContext, site: Processes) -> None:
    PanelRound(RealSite(site), new_context, reviewers=4, applications=6).run()
