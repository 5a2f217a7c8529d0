"""Messages that differ in their reader alone are filled once; nobody can see that from what comes out."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.templating.catalogue import shipped
from services.notifications.domain.templating.filling import check_values
from services.notifications.domain.templating.render import _finished, render
from services.notifications.domain.templating.samples import sample_values
from shared.errors import Invalid

KEYS = sorted(shipped())
NAMES = st.one_of(st.none(), st.just(""), st.text(max_size=30), st.just("<b>{{name}}\r\nBcc: x</b>"))
URLS = st.sampled_from([None, "https://hearth.example/a", "https://hearth.example/b?c=d&e=f"])


@settings(max_examples=80)
@given(st.sampled_from(KEYS), st.lists(st.tuples(NAMES, URLS), min_size=1, max_size=4))
def test_every_reader_gets_what_filling_the_whole_would_give(
    key: tuple[str, str], readers: list[tuple[str | None, str | None]]
) -> None:
    template = shipped()[key]
    for name, url in readers:
        values: dict[str, Any] = {**sample_values(*key), "name": name, "preferences_url": url}
        whole, found = _finished(template, check_values(template, values), template), render(template, values)
        assert (found.subject, found.html, found.text) == (whole.subject, whole.html, whole.text)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_wrong_personal_value_is_named_also_after_a_right_one(kind: str) -> None:
    template = shipped()[kind, "en"]
    values = sample_values(kind)
    render(template, values)
    with pytest.raises(Invalid) as caught:
        render(template, {**values, "preferences_url": "javascript:alert(1)"})
    assert list(caught.value.problems) == ["preferences_url"]


def test_other_shared_values_are_another_message() -> None:
    template, values = shipped()["application_received", "en"], sample_values("application_received")
    first, second = render(template, values), render(template, {**values, "reference": "OTHER-1"})
    assert first != second and "OTHER-1" in second.text
