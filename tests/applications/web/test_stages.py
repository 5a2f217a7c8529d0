"""Wherever an application stands, its page says so plainly, since when, and what comes next."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from services.applications.storage.tables import StatusRow
from services.applications.web.stages import stage_of
from tests.applications.parts import apply, begin, press

SAYS = {
    "submitted": ("Received", "After the closing date"),
    "under_review": ("Being read", "When all the reading is done"),
    "decided": ("Decided", "We will write to you very soon"),
    "offered": ("Place offered", "say yes or no"),
    "waitlisted": ("On the waiting list", "write to you either way"),
    "unsuccessful": ("Not this time", "when a new round opens"),
    "accepted": ("You have a place", "calendar invitations"),
    "declined": ("You said no", "turned the place down"),
    "lapsed": ("Offer ended", "please write to us"),
}


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def test_every_stage_from_received_to_the_end(service, client, open_round, clock):
    sent = apply(service, client)
    for number, (stage, (name, what_next)) in enumerate(SAYS.items(), start=1):
        if stage != "submitted":
            since = clock() + timedelta(days=number)
            with service.units.begin() as uow:
                uow.applications.keep_status(
                    StatusRow(
                        application_id=UUID(sent.rpartition("/")[2]),
                        stage=stage,
                        detail="",
                        sequence=number,
                        since=since,
                    )
                )
        page = client.get(sent).get_data(as_text=True)
        assert name in page and what_next in page, stage
        assert stage == "submitted" or f"{since.day} February 2027" in page
        assert ("/withdraw" in page) == (stage not in ("declined", "lapsed", "unsuccessful"))
    older = StatusRow(
        application_id=UUID(sent.rpartition("/")[2]), stage="offered", detail="", sequence=1, since=clock()
    )
    with service.units.begin() as uow:
        uow.applications.keep_status(older)
    assert "Offer ended" in client.get(sent).get_data(as_text=True), "late news changes nothing"


def test_a_stage_that_is_not_known_yet_is_shown_as_received():
    row = SimpleNamespace(state="submitted", submitted_at=1)
    assert stage_of(row, SimpleNamespace(stage="something new")).code == "submitted"


def test_taking_back_in_two_steps_without_a_reason(service, client, open_round):
    sent = apply(service, client)
    asked = client.get(f"{sent}/withdraw").get_data(as_text=True)
    assert "cannot be undone" in asked and "do not have to say why" in asked and "textarea" not in asked
    assert press(client, f"{sent}/withdraw", f"{sent}/withdraw").location == sent
    page = client.get(sent).get_data(as_text=True)
    assert "Nobody will read it" in page and "Begin again" not in page


def test_ten_thousand_words_are_kept_and_counted(service, client, open_round):
    draft = begin(service, client)
    address, words = f"{draft}/sections/leadership", "كلمة " * 9_999 + "🦊\u200d\u200b"
    refused = press(client, address, address, motivation=words)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and "You have used 9999" in page
    assert press(client, address, address, motivation=words, then="later").status_code == 303
    assert words.strip() in client.get(address).get_data(as_text=True)
    assert words.strip() in client.get(f"{draft}/print").get_data(as_text=True)
