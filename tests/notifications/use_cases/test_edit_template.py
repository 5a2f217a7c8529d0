"""Staff's own texts: checked, published as versions that stay, used from then on, and never lost to one another."""

from datetime import timedelta

import pytest

from services.notifications.domain.templating.catalogue import source
from services.notifications.domain.templating.source import typed
from services.notifications.use_cases.edit_template import (
    PublishedMeanwhile,
    checked,
    keep_text,
    look,
    publish_text,
    publish_version,
    restore_version,
    standing,
)
from services.notifications.use_cases.send_test import send_sample
from shared.errors import Conflict, Invalid, NotFound, Stale
from tests.notifications.postbox import Postbox, submitted

KIND = "application_received"
MINE = {
    "subject": "We have it",
    "preheader": "",
    "body": "Dear {{name}},\n\nyour number is {{reference}}.\n\n{{status_url}}\n",
}


def publish(postbox: Postbox, over: int, subject: str = "We have it", language: str = "en") -> str:
    """The hash of a version published over another."""
    with postbox.units.begin() as uow:
        text = typed(KIND, language, {**MINE, "subject": subject})
        row = publish_version(uow, text, "Shorter", None, over=over)
        assert row.number == over + 1
        assert row.hash is not None
        return row.hash


def receipt(postbox: Postbox, language: str = "en") -> str:
    """The subject that an applicant gets today, and which template its row names."""
    postbox.publish(submitted(postbox.person(language=language), postbox.clock()))
    postbox.send(minutes=1)
    return str(postbox.mailer.taken[-1].parsed["Subject"])


def test_messages_use_the_published_version_and_keep_the_one_they_were_made_with(postbox: Postbox) -> None:
    before = receipt(postbox)
    first = publish(postbox, 0)
    assert receipt(postbox) == "We have it" != before
    assert postbox.rows()[-1].template == first
    # One that waits keeps its words.
    postbox.publish(submitted(postbox.person(), postbox.clock()))
    second = publish(postbox, 1, "Got it")
    postbox.send(minutes=1)
    assert str(postbox.mailer.taken[-1].parsed["Subject"]) == "We have it"
    assert receipt(postbox) == "Got it"
    assert [row.template for row in postbox.rows()][1:] == [first, first, second]


def test_only_that_language_changes(one_postbox: Postbox) -> None:
    welsh = receipt(one_postbox, "cy")
    publish(one_postbox, 0)
    assert receipt(one_postbox, "cy") == welsh


def test_a_language_that_hearth_does_not_ship_can_be_written(one_postbox: Postbox) -> None:
    given = {"subject": "دعوة", "body": "{{panel_url}}\n"}
    with one_postbox.units.begin() as uow:
        assert "ar" not in uow.templates.languages("reviewer_invited")
        publish_version(uow, typed("reviewer_invited", "ar", given), "New", None, over=0)
        assert "ar" in uow.templates.languages("reviewer_invited")
        restore_version(uow, "reviewer_invited", "ar", 0, None, over=1)
        assert "ar" not in uow.templates.languages("reviewer_invited")
        assert uow.templates.in_use("reviewer_invited", "ar") is None


def test_what_is_looked_at_is_what_is_delivered(one_postbox: Postbox) -> None:
    staff = one_postbox.person()
    with one_postbox.units.begin() as uow:
        seen = look(uow, checked(typed(KIND, "en", MINE)))
    publish(one_postbox, 0)
    with one_postbox.units.begin() as uow:
        send_sample(uow, staff, KIND, "en")
    one_postbox.send(minutes=1)
    taken = one_postbox.mailer.taken[-1]
    html = taken.parsed.get_body(("html",))
    assert html is not None
    assert html.get_content().replace("\r\n", "\n").rstrip() == seen.html.rstrip()
    assert taken.text.replace("\r\n", "\n").rstrip() == seen.text.rstrip()
    assert str(taken.parsed["Subject"]) == seen.subject


def test_two_who_publish_at_once(postbox: Postbox) -> None:
    publish(postbox, 0, "First")
    with pytest.raises(PublishedMeanwhile):
        publish(postbox, 0, "Second")
    assert receipt(postbox) == "First"


def test_two_who_write_at_once(postbox: Postbox) -> None:
    with postbox.units.begin() as uow:
        keep_text(uow, KIND, "en", MINE, 0, None)
    for revision in (0, 2):
        with pytest.raises(Stale), postbox.units.begin() as uow:
            keep_text(uow, KIND, "en", {**MINE, "subject": "Theirs"}, revision, None)
    with postbox.units.begin() as uow:
        work = standing(uow, KIND, "en").work
        assert work is not None and (work.subject, work.revision) == ("We have it", 1)
        keep_text(uow, KIND, "en", {**MINE, "subject": "Later"}, 1, None)
    with pytest.raises(Stale), postbox.units.begin() as uow:  # what was looked at is not what is there
        publish_text(uow, KIND, "en", "A note", None, revision=1, over=0)
    publish(postbox, 0, "Meanwhile")
    with pytest.raises(PublishedMeanwhile), postbox.units.begin() as uow:
        publish_text(uow, KIND, "en", "A note", None, revision=2, over=0)
    with postbox.units.begin() as uow:
        assert publish_text(uow, KIND, "en", "A note", None, revision=2, over=1).number == 2
    with pytest.raises(Conflict), postbox.units.begin() as uow:
        publish_text(uow, KIND, "en", "A note", None, revision=2, over=2)
    assert receipt(postbox) == "Later"


def test_an_earlier_one_comes_back_as_a_new_one(postbox: Postbox) -> None:
    shipped = receipt(postbox)
    first = publish(postbox, 0, "First")
    publish(postbox, 1, "Second")
    postbox.clock.advance(timedelta(days=1))
    with postbox.units.begin() as uow:
        row = restore_version(uow, KIND, "en", 1, None, over=2)
        assert (row.number, row.restored, row.hash) == (3, 1, first)
        assert [each.number for each in uow.template_versions.of(KIND, "en")] == [3, 2, 1]
    assert receipt(postbox) == "First"
    with pytest.raises(PublishedMeanwhile), postbox.units.begin() as uow:
        restore_version(uow, KIND, "en", 0, None, over=2)
    with postbox.units.begin() as uow:
        restore_version(uow, KIND, "en", 0, None, over=3)
        assert standing(uow, KIND, "en").source == source(KIND, "en")
    assert receipt(postbox) == shipped


def test_says_what_is_wrong_and_where(one_postbox: Postbox) -> None:
    body = "Hello\n\n{{wrong_name}}\n\n{{list:sessions}}\n\nand <b>bold</b>\n"
    given = {"subject": "{{when", "preheader": "{{reference}}", "body": body}
    with pytest.raises(Invalid) as caught, one_postbox.units.begin() as uow:
        publish_version(uow, typed("session_invitation", "en", given), "A note", None, over=0)
    said = caught.value.problems
    assert "braces" in said["subject"][0]
    assert "{{reference}} is not known" in said["preheader"][0]
    assert said["body"][0].startswith("Line 3: {{wrong_name}} is not known for session_invitation. Known: ")
    assert said["body"][1].startswith("Line 5: {{list:sessions}} is not known")
    assert said["body"][2].startswith("Line 7: HTML is not used here")
    assert "{{when}} is missing: this message is of no use without it." in said["body"]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"subject": "  "}, "subject"), ({"body": "x" * 50_000}, "body"), ({"preheader": "\ue000"}, "preheader")],
)
def test_refuses_by_field(one_postbox: Postbox, change: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as caught, one_postbox.units.begin() as uow:
        publish_version(uow, typed(KIND, "en", {**MINE, **change}), "A note", None, over=0)
    assert list(caught.value.problems) == [field]


def test_needs_a_note_and_a_template_that_exists(one_postbox: Postbox) -> None:
    with pytest.raises(Invalid) as caught, one_postbox.units.begin() as uow:
        publish_version(uow, typed(KIND, "en", MINE), " ", None, over=0)
    assert list(caught.value.problems) == ["note"]
    for kind, language in (("nothing", "en"), (KIND, "tlh")):
        with pytest.raises(NotFound), one_postbox.units.begin() as uow:
            standing(uow, kind, language)
