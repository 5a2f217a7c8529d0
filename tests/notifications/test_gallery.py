"""Every message in every language as a phone shows it, light and dark: nothing sideways, the right way round, and
readable."""

import pytest

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.templating.catalogue import shipped
from services.notifications.domain.templating.render import render
from services.notifications.domain.templating.samples import sample_values
from services.notifications.domain.templating.values import ValueKind
from tests.notifications.looking import LOOK, PHONE, look
from tests.servers.browser import NewContext


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_message_reads_well_on_a_phone(new_context: NewContext, dark: bool) -> None:
    page = new_context(width=PHONE, color_scheme="dark" if dark else "light").new_page()
    assert len(shipped()) > 100
    wrong = [
        problem
        for (kind, code), template in shipped().items()
        for problem in look(page, render(template, sample_values(kind, code)).html, f"{kind}.{code}", dark=dark)
    ]
    assert wrong == []


def test_words_without_a_break_stay_on_a_small_phone(new_context: NewContext) -> None:
    page = new_context(width=320).new_page()
    wrong = []
    for (kind, code), template in shipped().items():
        words = {
            ValueKind.TEXT: "Llan" * 50,
            ValueKind.PROSE: "ن" * 200,
            ValueKind.URL: "https://x.example/" + "a" * 200,
        }
        long = {name: words[spec.kind] for name, spec in KINDS[kind].all_placeholders().items() if spec.kind in words}
        wrong += look(page, render(template, {**sample_values(kind, code), **long}).html, f"{kind}.{code}", dark=False)
    assert wrong == []


def test_sees_what_is_wrong(new_context: NewContext) -> None:
    page = new_context(width=PHONE).new_page()
    html = render(shipped()["sign_in", "ar"], sample_values("sign_in", "ar")).html
    bad = html.replace('dir="rtl"', 'dir="ltr"').replace("</h1>", '</h1><p style="color:#eee;width:900px">pale</p>', 1)
    page.set_content(bad)
    found = " ".join(page.evaluate(LOOK)["problems"])
    assert "contrast" in found and "px wide" in found and page.evaluate(LOOK)["direction"] == "ltr"
