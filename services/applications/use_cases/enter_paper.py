"""Staff type in an application that came on paper or by telephone: begun for its owner, marked for ever as such."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.applications.domain.people import parse_name
from services.applications.domain.rounds import State, instants, parse_times
from services.applications.storage.tables import ApplicationRow, EntryRow, PersonRow, RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_person import parse_email, register_person
from services.applications.use_cases.start_application import begin, may_begin_again
from shared.contracts.applications import NO_ADDRESS
from shared.errors import Conflict, Invalid
from shared.ids import new_id

CHANNELS = ("post", "by_hand", "telephone", "email")
LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Paper:
    """What staff know of it. `received` is a wall-clock time in the round's zone: 2027-02-12 14:30."""

    name: str
    channel: str
    received: str
    email: str = ""
    language: str = "en"
    note: str = ""
    eligibility: Mapping[str, object] = field(default_factory=dict)


def enter_paper(uow: ApplicationsUnitOfWork, round_id: UUID, paper: Paper, typed_by: UUID) -> ApplicationRow:
    """A draft for somebody who applied without this site; staff fill it in and send it by the pages of the applicant.

    Without an address the person has an account that nobody can sign in to, and nothing is sent by email.

    Raises:
        Invalid: by field; answers of the eligibility check by question id.
        Conflict: the person has applied already, or the round takes nothing (paused, not open, over).
    """
    round_ = uow.rounds.get(round_id)
    if round_.state not in (State.OPEN.value, State.CLOSED.value):
        raise Conflict("This round does not take applications now.", code="round-not-open")
    received = _received(uow, round_, paper)
    person = _person(uow, paper)
    earlier = uow.applications.of(round_.id, person.id)
    if earlier is not None and not may_begin_again(earlier):
        raise Conflict(f"This person has an application in this round already: {earlier.reference}.")
    row = begin(uow, round_, person, language=paper.language, eligibility=paper.eligibility)
    uow.helping.add(
        EntryRow(
            application_id=row.id,
            channel=paper.channel,
            received_at=received,
            note=paper.note.replace("\0", "").strip(),
            typed_by=typed_by,
            typed_at=uow.now,
        )
    )
    return row


def _received(uow: ApplicationsUnitOfWork, round_: RoundRow, paper: Paper) -> datetime:
    """The moment it reached us, read in the applicant's favour; raises Invalid for every field at once."""
    problems: dict[str, list[str]] = {}
    received = uow.now
    if not parse_name(paper.name):
        problems["name"] = ["Write the applicant's name."]
    if paper.channel not in CHANNELS:
        problems["channel"] = ["Choose how it reached us."]
    if len(paper.note) > LONGEST_NOTE:
        problems["note"] = [f"Use {LONGEST_NOTE} letters or fewer."]
    try:
        received = instants(parse_times(round_.zone, paper.received).deadline, round_.zone)[0]
    except Invalid:
        problems["received"] = ["Write when it reached us, such as 2027-02-12 14:30."]
    if received > uow.now:
        problems["received"] = ["This is in the future. Write when it reached us."]
    elif received >= round_.closes_at:
        problems["received"] = ["This is after the deadline of the round, so it is too late."]
    if paper.email.strip():
        try:
            parse_email(paper.email)
        except Invalid as error:
            problems |= error.problems
    if problems:
        raise Invalid(problems)
    return received


def _person(uow: ApplicationsUnitOfWork, paper: Paper) -> PersonRow:
    email = parse_email(paper.email) if paper.email.strip() else f"paper-{new_id().hex}@{NO_ADDRESS}"
    return register_person(uow, email=email, name=paper.name, language=paper.language, roles=[])
