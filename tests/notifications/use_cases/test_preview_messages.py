"""What is looked at beforehand is what goes out, word for word; and looking sends nothing."""

import uuid
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import Any

import pytest

from services.notifications.clock import DUE
from services.notifications.domain.templating.render import render
from services.notifications.use_cases.preview_messages import FORGET, preview_messages
from shared.contracts import applications, cohorts
from shared.contracts.base import encode
from shared.errors import Invalid, NotFound, NotYet
from shared.ids import new_id
from shared.service import Due
from tests.notifications.postbox import Postbox

PERSON = uuid.uuid4()


def _event(outcome: str, **more: Any) -> cohorts.DecisionReleased:
    return cohorts.DecisionReleased(
        application_id=uuid.uuid4(),
        round_id=uuid.uuid4(),
        round_title="Leading Together",
        person_id=PERSON,
        reference="ABC-123",
        outcome=outcome,
        feedback="Your answer about <the> kitchen {{name}} stayed with us.\n\nThank you.",
        zone="Europe/London",
        **more,
    )


def _given(event: cohorts.DecisionReleased) -> dict[str, Any]:
    return {"type": event.NAME, "version": event.VERSION, "data": encode(event)}


@pytest.fixture
def known(postbox: Postbox) -> Postbox:
    postbox.publish(
        applications.PersonRegistered(
            person_id=PERSON, name="ليلى O'Brien-Ñuñez", email="leila@example.org", language="ar", roles=[]
        )
    )
    return postbox


@pytest.mark.parametrize("outcome", ["waitlisted", "unsuccessful", "offered"])
def test_what_is_looked_at_is_what_goes_out(known: Postbox, outcome: str) -> None:
    respond_by = known.clock() + timedelta(days=9)
    offer = {"offer_id": new_id(), "offer_link": "http://localhost/cohorts/offers/x", "respond_by": respond_by}
    event = _event(outcome, **(offer if outcome == "offered" else {}))
    with known.units.begin() as uow:
        (row,) = uow.previews.of(preview_messages(uow, [_given(event)]))
        # The reader's own link to their choices is not for others: an invented one stands for it.
        own = {"preferences_url": f"{uow.context.preferences_url(PERSON)}?language=ar"}
        assert row.values["preferences_url"].startswith("https://hearth.example/")
        seen = render(uow.templates.get(row.template), {**row.values, **own})
        assert (row.language, row.name) == ("ar", "ليلى O'Brien-Ñuñez")
    assert known.rows() == []
    known.publish(event)
    known.send()
    (taken,) = known.mailer.taken
    parts = {
        p.get_content_type(): p.get_content().replace("\r\n", "\n") for p in taken.parsed.walk() if not p.is_multipart()
    }
    assert parts["text/html"].rstrip() == seen.html.rstrip()
    assert parts["text/plain"].rstrip() == seen.text.rstrip()
    assert str(make_header(decode_header(message_from_bytes(taken.message)["Subject"]))) == seen.subject


def test_looking_is_forgotten_after_a_while(known: Postbox) -> None:
    with known.units.begin() as uow:
        batch = preview_messages(uow, [_given(_event("waitlisted"))])
    with known.units.begin() as uow:
        DUE[FORGET](uow, Due(new_id(), FORGET, str(batch), known.clock(), {}))
    with known.units.begin(write=False) as uow, pytest.raises(NotFound):
        uow.previews.of(batch)


@pytest.mark.parametrize(
    "events",
    [
        [],
        [_given(_event("waitlisted"))] * 101,
        [{"type": "cohorts.decision_released"}],
        [{"type": "cohorts.decision_released", "version": 1, "data": {"outcome": 1}}],
        [{"type": "applications.person_registered", "version": 1, "data": {}}],
        [{"type": "cohorts.decision_released", "version": 99, "data": {}}],
        [{}],
    ],
)
def test_what_cannot_be_looked_at_is_said(known: Postbox, events: list[dict[str, Any]]) -> None:
    with known.units.begin() as uow, pytest.raises(Invalid):
        preview_messages(uow, events)


def test_a_person_not_heard_of_yet_is_said(known: Postbox) -> None:
    stranger = {**_given(_event("waitlisted"))["data"], "person_id": str(uuid.uuid4())}
    with known.units.begin() as uow, pytest.raises(NotYet):
        preview_messages(uow, [{"type": "cohorts.decision_released", "version": 1, "data": stranger}])
