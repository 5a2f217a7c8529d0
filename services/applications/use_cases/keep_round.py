"""Rounds: made from a definition, opened, paused, closed. Every change tells the other services the whole state."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.applications.domain.forms import dump_form
from services.applications.domain.rounds import MINUTE, Round, State, Times, move, parse_times, state_at
from services.applications.domain.text import Text
from services.applications.storage.tables import RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.announce_round import announce_move, move_opening
from services.applications.use_cases.describe_round import published
from services.applications.use_cases.draft_reminders import move_reminders
from services.applications.use_cases.read_definition import read_definition
from shared.errors import Conflict, Invalid, Stale
from shared.ids import new_id
from shared.service import Due

CLOSING = "round_closing"


def create_round(uow: ApplicationsUnitOfWork, definition: dict[str, Any]) -> RoundRow:
    """A new draft round from its definition: id, title, summary, about, zone, opens, deadline, form, rules, rubric.

    Raises:
        Invalid: every problem, by path.
    """
    parts = read_definition(uow, definition)
    texts = parts.texts
    row = RoundRow(
        id=new_id(),
        slug=parts.slug,
        title=texts["title"]["en"],
        texts=texts,
        state=State.DRAFT.value,
        show_scores=bool(definition.get("breakdown_shown")),
        decisions_by=parts.decisions_by,
        places=definition.get("places"),
        form_version=1,
        rules_version=1,
        rubric=parts.rubric,
        created_at=uow.now,
        **_moments(uow, parts.times),
    )
    uow.rounds.add(row)
    uow.rounds.add_form(row.id, 1, dump_form(parts.form), uow.now)
    uow.rounds.add_rules(row.id, 1, definition["rules"], "The first version.", uow.now)
    tell(uow, row)
    return row


def _moments(uow: ApplicationsUnitOfWork, times: Times) -> dict[str, Any]:
    opens = times.opens or uow.now.astimezone(ZoneInfo(times.zone)).replace(tzinfo=None)
    return {
        "zone": times.zone,
        "opens": opens.isoformat(" ", "minutes"),
        "deadline": times.deadline.isoformat(" ", "minutes"),
        "opens_at": times.opens_at or uow.now,
        "closes_at": times.closes_at,
    }


def texts_of(row: RoundRow, language: str) -> dict[str, str]:
    """A round's title, summary and about in a language, English where there is no translation."""
    return {name: Text(by_language).say(language) for name, by_language in row.texts.items()}


def life_of(row: RoundRow) -> Round:
    """What decides whether the round takes applications."""
    deadline, opens = datetime.fromisoformat(row.deadline), datetime.fromisoformat(row.opens)
    return Round(State(row.state), Times(row.zone, deadline, opens))


def last_minute(row: RoundRow) -> datetime:
    """The deadline as people say it: the last minute that is in time."""
    return row.closes_at - MINUTE


def said_deadline(row: RoundRow) -> str:
    """The deadline in plain English, for programs and logs; pages say it in the reader's language."""
    local = last_minute(row).astimezone(ZoneInfo(row.zone))
    return f"{local:%A} {local.day} {local:%B %Y at %H:%M} ({row.zone})"


def move_round(uow: ApplicationsUnitOfWork, round_id: UUID, to: str, *, revision: int | None = None) -> RoundRow:
    """Open, pause, close or archive a round.

    Raises:
        Invalid: no such state.
        Conflict: it cannot go there from where it is, or its deadline has passed.
        Stale: somebody else changed it first.
    """
    if to not in set(State):
        raise Invalid({"state": [f"Choose one of: {', '.join(State)}."]})
    row = _locked(uow, round_id, revision)
    before = state_at(life_of(row), uow.now)
    row.state = move(before, State(to)).value
    if row.state == State.OPEN.value and uow.now >= row.closes_at:
        raise Conflict("The deadline of this round has passed. Move the deadline first, then open it again.")
    tell(uow, row)
    announce_move(uow, row, before)
    return row


def _locked(uow: ApplicationsUnitOfWork, round_id: UUID, revision: int | None) -> RoundRow:
    row = uow.rounds.get(round_id, lock=True)
    if revision is not None and row.revision != revision:
        raise Stale("Somebody else changed this round first. Look at it again before you change it.")
    return row


def change_times(
    uow: ApplicationsUnitOfWork, round_id: UUID, *, zone: str, opens: str, deadline: str, revision: int
) -> RoundRow:
    """Move the opening or the deadline.

    Raises:
        Invalid: by field.
        Stale: somebody else changed it first.
    """
    row = _locked(uow, round_id, revision)
    for name, value in _moments(uow, parse_times(zone, deadline, opens)).items():
        setattr(row, name, value)
    tell(uow, row)
    move_reminders(uow, row)
    move_opening(uow, row)
    return row


def tell(uow: ApplicationsUnitOfWork, row: RoundRow) -> None:
    """Publish the round's whole state, and put its closing on the clock."""
    uow.session.flush()
    uow.publish(published(uow, row, last_minute(row)))
    if row.state == State.OPEN.value:
        uow.schedule(CLOSING, str(row.id), row.closes_at, {})
    else:
        uow.cancel(CLOSING, str(row.id))


def close_on_time(uow: ApplicationsUnitOfWork, due: Due) -> None:
    """The deadline has passed: an open round is closed, and everybody hears it."""
    row = uow.rounds.get(UUID(due.key), lock=True)
    if row.state == State.OPEN.value and uow.now >= row.closes_at:
        row.state = State.CLOSED.value
        tell(uow, row)
