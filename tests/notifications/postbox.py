"""The service in a test's hands: deliver events, send, look at what a mailer was given."""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.notifications.app import build
from services.notifications.config import Config, Mailbox
from services.notifications.domain.outcomes import Outcome, Phase, Result, from_reply, lost
from services.notifications.storage.tables import MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.send_messages import Sender
from shared.contracts import applications, cohorts
from shared.contracts.base import Event
from shared.contracts.envelope import Envelope, from_json, to_json, wrap
from shared.messaging.delivery import Delivery
from shared.messaging.inbox import Listener
from shared.messaging.tables import outbox
from shared.timekeeping import MovableClock


def make_config(database_url: str, public_key: str, folder: Path, **changes: Any) -> Config:
    """A whole config of a demonstration."""
    settings: dict[str, Any] = {
        "database_url": database_url,
        "public_url": "http://localhost",
        "secret_key": "a-secret-of-the-tests-that-is-long-enough-0123",
        "identity_public_key": public_key,
        "mailer": f"folder:{folder}/mail",
        "sender": Mailbox("Ember Leaders", "hearth@example.org"),
        "programme": "Ember Leaders",
        "demo": True,
    }
    return Config(**{**settings, **changes})


SENT = Outcome(Result.SENT, Phase.ACCEPTED, 250, text="ok")
UNKNOWN = lost(Phase.DOT, "no answer")
DOWN = lost(Phase.CONNECT, "refused")
LATER = from_reply(Phase.RCPT, 451, "4.3.0 later")
LATER_AT_DOT = from_reply(Phase.DOT, 451, "4.3.0 later")
NO_SUCH_PERSON = from_reply(Phase.RCPT, 550, "5.1.1 <p@example.org>: no such person")


class Killed(BaseException):
    """The process dies here."""


@dataclass(frozen=True)
class Taken:
    """What a receiving server has: the bytes it took."""

    recipient: str
    message: bytes

    @property
    def parsed(self) -> EmailMessage:
        """The message."""
        return message_from_bytes(self.message, policy=policy.default)

    @property
    def text(self) -> str:
        """Its plain-text part."""
        part = self.parsed.get_body(("plain",))
        return str(part.get_content()) if part is not None else ""

    @property
    def calendar(self) -> str | None:
        """Its calendar part, lines unfolded."""
        for part in self.parsed.walk():
            if part.get_content_type() == "text/calendar":
                content: str = part.get_content()
                return content.replace("\r\n", "\n").replace("\n ", "")
        return None


class ScriptedMailer:
    """A mailer whose outcomes are written beforehand: an Outcome, or where the process dies ("before", "after" the dot,
    "taken": the server has it and the process dies before it knows). SENT when the script ends."""

    def __init__(self, script: Sequence[Outcome | str] = ()) -> None:
        self.script = list(script)
        self.taken: list[Taken] = []
        self.tried = 0
        self.before_dot: Callable[[], None] = lambda: None

    def send(
        self,
        envelope_from: str,
        recipient: str,
        message: bytes,
        *,
        on_final_dot: Callable[[], None],
        following: tuple[str, str] | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Outcome:
        self.tried += 1
        step = self.script.pop(0) if self.script else SENT
        if step == "before":
            raise Killed
        if isinstance(step, Outcome) and step.phase < Phase.DOT:
            return step
        self.before_dot()
        on_final_dot()
        if step == "after":
            raise Killed
        if step == "taken" or (isinstance(step, Outcome) and step.result in (Result.SENT, Result.UNKNOWN)):
            self.taken.append(Taken(recipient, message))
        if not isinstance(step, Outcome):
            raise Killed
        return step

    def close(self) -> None:
        """Nothing is held open."""


class Postbox:
    """The service, the clock, and a mailer."""

    def __init__(self, config: Config, clock: MovableClock) -> None:
        self.config, self.clock = config, clock
        self.service = build(config, clock)
        self.units = self.service.units
        self.mailer = ScriptedMailer()
        self.listener: Listener[NotificationsUnitOfWork] = Listener("notifications", self.units, self.service.handlers)
        self._sequences: Counter[str] = Counter()
        self.sender = self.new_sender()

    def new_sender(self) -> Sender:
        """As after a restart."""
        self.sender = Sender(self.units, self.mailer, "hearth@example.org")
        return self.sender

    def close(self) -> None:
        self.units.engine.dispose()

    def envelope(self, event: Event, source: str = "cohorts") -> Envelope:
        """The event as its publisher would have numbered it."""
        self._sequences[event.subject] += 1
        made = wrap(event, id=uuid.uuid4(), source=source, time=self.clock()).numbered(self._sequences[event.subject])
        return from_json(to_json(made))

    def deliver(self, *envelopes: Envelope) -> list[str]:
        """Hand events to the listener, each in its own batch; how each ended (done, repeat, retry, parked)."""
        return [self.listener.consume([Delivery(to_json(each).encode())])[0].kind for each in envelopes]

    def publish(self, *events: Event) -> list[str]:
        """Number and deliver."""
        return self.deliver(*(self.envelope(event) for event in events))

    def person(self, name: str = "Amal", language: str = "en", email: str = "") -> UUID:
        """Somebody with an account whom we know how to reach."""
        person_id = uuid.uuid4()
        self.publish(registered(person_id, name, language, email))
        return person_id

    def send(self, *, restart: bool = True, **wait: float) -> None:
        """Let so much time pass, then send until nothing is due. A sender that is killed is started again."""
        self.clock.advance(timedelta(**wait))
        for _ in range(50):
            try:
                if not self.sender.step():
                    return
            except Killed:
                if not restart:
                    raise
                self.new_sender()
        raise AssertionError("the sender never comes to rest")

    def rows(self) -> list[MessageRow]:
        """All messages, oldest first."""
        with self.units.begin(write=False) as uow:
            return list(uow.session.scalars(select(MessageRow).order_by(MessageRow.queued_at, MessageRow.id)))

    def states(self) -> list[tuple[str, str]]:
        """(kind, state) of each."""
        return [(row.kind, row.state) for row in self.rows()]

    def told(self) -> list[dict[str, Any]]:
        """The events that this service published, oldest first."""
        with self.units.begin(write=False) as uow:
            found = uow.session.execute(select(outbox.c.body).order_by(outbox.c.position))
            return [{"type": each.type, **each.data} for each in (from_json(body) for (body,) in found)]


def registered(person_id: UUID, name: str = "Amal", language: str = "en", email: str = "") -> Event:
    """The event that tells how to reach somebody."""
    address = email or f"{person_id.hex[:8]}@example.org"
    return applications.PersonRegistered(
        person_id=person_id, name=name, email=address, language=language, roles=["applicant"]
    )


def submitted(person_id: UUID, at: datetime) -> Event:
    """The event that makes a receipt."""
    return applications.ApplicationSubmitted(
        application_id=uuid.uuid4(), round_id=uuid.uuid4(), round_title="Spring 2027", person_id=person_id,
        reference="K7QM-2RT4", submitted_at=at, status_link="http://localhost/applications/x",
    )  # fmt: skip


def offered(person_id: UUID, now: datetime) -> cohorts.DecisionReleased:
    """The event that makes an offer."""
    return cohorts.DecisionReleased(
        application_id=uuid.uuid4(), round_id=uuid.uuid4(), round_title="Spring 2027", person_id=person_id,
        reference="K7QM-2RT4", outcome="offered", feedback="Clear and kind.", zone="Europe/London",
        offer_id=uuid.uuid4(), offer_link="http://localhost/cohorts/offers/secret-token-4f9c2a7be1",
        respond_by=now + timedelta(days=14),
    )  # fmt: skip


def session(recipients: Sequence[UUID], starts: datetime, **changes: Any) -> cohorts.SessionPublished:
    """The whole state of a session."""
    session_id = changes.pop("session_id", None) or uuid.uuid4()
    state: dict[str, Any] = {
        "session_id": session_id, "cohort_id": uuid.UUID(int=1), "cohort_title": "Cohort 4",
        "uid": f"{session_id}@hearth", "calendar_sequence": 0, "status": "scheduled", "title": "Telling your story",
        "purpose": "We practise.", "starts_at": starts, "ends_at": starts + timedelta(minutes=90),
        "zone": "Europe/London", "place": "Room 2", "link": "", "access_notes": "", "recipients": list(recipients),
    }  # fmt: skip
    return cohorts.SessionPublished(**{**state, **changes})
