"""Put a flag or a note on applications of the shortlist, many at once, and take one back. All of it is recorded."""

from collections.abc import Iterable
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.storage.tables import ShortlistMark
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.list_shortlist import ShortlistRow, chosen_rows
from shared.errors import Conflict, Invalid

KINDS = ("flag", "note")
LONGEST = 1_000
MOST = 1_000


def review_marks(uow: CohortsUnit, round_id: UUID, ids: Iterable[UUID], kind: str, text: str) -> list[ShortlistRow]:
    """The applications that a mark would be put on, looked at before it is.

    Raises:
        Invalid: nothing is chosen, too much is, or the mark says nothing.
    """
    problems: dict[str, list[str]] = {}
    rows = chosen_rows(uow, round_id, ids)
    if not rows:
        problems["id"] = ["Tick at least one application."]
    if len(rows) > MOST:
        problems["id"] = [f"Mark at most {MOST:,} applications at once."]
    if kind not in KINDS:
        problems["kind"] = ["Choose a flag or a note."]
    if not text.strip():
        problems["text"] = ["Write what you want to say about them."]
    if len(text) > LONGEST:
        problems["text"] = [f"Use at most {LONGEST:,} characters."]
    if problems:
        raise Invalid(problems)
    return rows


def mark_applications(
    uow: CohortsUnit, actor: Actor, round_id: UUID, ids: Iterable[UUID], kind: str, text: str
) -> list[ShortlistMark]:
    """Put the mark on all of them, or on none. Raises Invalid as `review_marks`."""
    rows = review_marks(uow, round_id, ids, kind, text)
    marks = [
        ShortlistMark(
            round_id=round_id,
            application_id=row.application.id,
            kind=kind,
            text=text.strip(),
            by_id=actor.person_id,
            by_name=actor.name,
            at=uow.now,
            taken_back_by="",
        )
        for row in rows
    ]
    uow.shortlist.add(*marks)
    uow.session.flush()
    applications = [str(row.application.id) for row in rows]
    uow.record.write(actor, f"shortlist_{kind}_put", round_id, applications=applications)
    return marks


def take_back_mark(uow: CohortsUnit, actor: Actor, mark_id: UUID) -> ShortlistMark:
    """Let a mark no longer stand. Raises NotFound; Conflict when it was taken back before."""
    mark = uow.shortlist.mark(mark_id)
    if mark.taken_back_at is not None:
        raise Conflict("Somebody has taken this back already.")
    mark.taken_back_at, mark.taken_back_by = uow.now, actor.name
    uow.record.write(actor, f"shortlist_{mark.kind}_taken_back", mark.round_id, application=str(mark.application_id))
    return mark
