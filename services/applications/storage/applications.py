"""Applications, by the questions that use cases and lists ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from services.applications.storage.sealing import Sealer
from services.applications.storage.tables import (
    ApplicationRow,
    DeliveryRow,
    EntryRow,
    PersonRow,
    RoundRow,
    ScoreRow,
    SetApartRow,
    StatusRow,
)
from shared.database import upsert
from shared.errors import NotFound

SORTS = ("score", "submitted", "reference")
STATES = ("submitted", "draft", "withdrawn")
CAME = ("", "site", "typed")
"""How applications came: any way, filled in on this site, or typed in by staff from paper or a telephone call."""
_UNSCORED = -1.0
_SET_APART = cast(Table, SetApartRow.__table__)
_Found = Select[ApplicationRow, PersonRow, ScoreRow | None]


@dataclass(frozen=True)
class ListWish:
    """What part of a round's applications to list: sorted (ties by id), filtered, after a row's sort key and id.

    `submitted` sorts those that were not sent by when they were last saved.
    """

    sort: str = "score"
    descending: bool = True
    state: str = "submitted"
    search: str = ""
    came: str = ""
    after: tuple[float | datetime | str, UUID] | None = None
    limit: int = 50


@dataclass(frozen=True)
class Listed:
    """A row of the list: an application, whose it is, and the score it has."""

    row: ApplicationRow
    person: PersonRow
    score: ScoreRow | None


class Applications:
    """Applications of every round."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session = session
        self._sealer = sealer

    def add(self, row: ApplicationRow) -> None:
        """Keep a new application."""
        self._session.add(row)
        self._session.flush()

    def get(self, application_id: UUID, *, lock: bool = False) -> ApplicationRow:
        """The application; raises NotFound."""
        row = self._session.get(ApplicationRow, application_id, with_for_update=lock or None)
        if row is None:
            raise NotFound("There is no such application.")
        return row

    def of(self, round_id: UUID, person_id: UUID) -> ApplicationRow | None:
        """A person's application to a round, if begun."""
        return self._session.scalar(
            select(ApplicationRow).where(ApplicationRow.round_id == round_id, ApplicationRow.person_id == person_id)
        )

    def of_person(self, person_id: UUID) -> list[tuple[ApplicationRow, RoundRow]]:
        """A person's applications with their rounds, newest first."""
        rows = self._session.execute(
            select(ApplicationRow, RoundRow)
            .join(RoundRow, RoundRow.id == ApplicationRow.round_id)
            .where(ApplicationRow.person_id == person_id)
            .order_by(ApplicationRow.started_at.desc())
        )
        return [(application, round_) for application, round_ in rows]

    def drafts_of(self, round_id: UUID) -> list[ApplicationRow]:
        """The round's drafts."""
        return list(
            self._session.scalars(
                select(ApplicationRow).where(ApplicationRow.round_id == round_id, ApplicationRow.state == "draft")
            )
        )

    def reference_taken(self, reference: str) -> bool:
        """Whether an application has this reference."""
        query = select(ApplicationRow.id).where(ApplicationRow.reference == reference)
        return self._session.scalar(query) is not None

    def listed(self, round_id: UUID, wish: ListWish) -> list[Listed]:
        """One page of a round's applications and one row more, if there is one; sorted and filtered in SQL."""
        version = self._session.get_one(RoundRow, round_id).rules_version
        in_force = and_(
            ScoreRow.application_id == ApplicationRow.id,
            ScoreRow.round_id == round_id,
            ScoreRow.rules_version == version,
        )
        # Who has sent theirs has a score, so that the scores' own index can give the order. A draft has none.
        sent = wish.state == "submitted"
        query: _Found = (
            select(ApplicationRow, PersonRow, ScoreRow)
            .join(PersonRow, PersonRow.id == ApplicationRow.person_id)
            .join(ScoreRow, in_force, isouter=not sent)
            .where(ApplicationRow.round_id == round_id, ApplicationRow.state == wish.state)
        )
        query = _ordered(_that_came(_searched(query, wish.search), wish.came), wish)
        return [Listed(*row) for row in self._session.execute(query.limit(wish.limit + 1))]

    def set_apart(self, application_id: UUID, purpose: str, answers: dict[str, Any], now: datetime) -> None:
        """Seal and keep answers that never leave this table."""
        sealed = self._sealer.seal(answers, f"{purpose}/{application_id}")
        values = {"application_id": application_id, "purpose": purpose, "sealed": sealed, "updated_at": now}
        upsert(self._session, _SET_APART, values)

    def apart(self, application_id: UUID) -> dict[str, Any]:
        """The answers kept apart, opened: for the applicant's own pages."""
        found: dict[str, Any] = {}
        for answers in self.apart_by_purpose(application_id).values():
            found.update(answers)
        return found

    def apart_by_purpose(self, application_id: UUID) -> dict[str, dict[str, Any]]:
        """The same by what each is for: equality, access."""
        query = select(SetApartRow.purpose, SetApartRow.sealed).where(SetApartRow.application_id == application_id)
        return {
            purpose: dict(self._sealer.open(sealed, f"{purpose}/{application_id}"))
            for purpose, sealed in self._session.execute(query)
        }

    def remove(self, row: ApplicationRow) -> None:
        """Take an application out of the database with all that hangs on it."""
        self._session.delete(row)
        self._session.flush()

    def access_needs(self, application_id: UUID) -> dict[str, Any]:
        """The answers about access alone, opened: for staff who arrange things. Equality answers have no such way."""
        return self.apart_by_purpose(application_id).get("access", {})

    def status(self, application_id: UUID) -> StatusRow | None:
        """Where it stands, if the cohorts service has said anything."""
        return self._session.get(StatusRow, application_id)

    def keep_status(self, row: StatusRow) -> None:
        """Keep where it stands, unless something newer is known."""
        known = self.status(row.application_id)
        if known is None or known.sequence < row.sequence:
            self._session.merge(row)

    def keep_delivery(self, row: DeliveryRow) -> None:
        """Keep what became of a message, unless something newer is known."""
        known = self._session.get(DeliveryRow, row.message_id)
        if known is None or known.sequence < row.sequence:
            self._session.merge(row)

    def deliveries(self, subjects: Iterable[str]) -> list[DeliveryRow]:
        """Messages about these subjects, in order of time."""
        return list(
            self._session.scalars(
                select(DeliveryRow).where(DeliveryRow.about.in_(list(subjects))).order_by(DeliveryRow.at)
            )
        )


def _searched(query: _Found, text: str) -> _Found:
    words = text.replace("\0", "").strip().lower()
    if not words:
        return query
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return query.where(
        or_(
            func.lower(PersonRow.name).like(pattern, escape="\\"),
            func.lower(ApplicationRow.reference).like(pattern, escape="\\"),
            func.lower(PersonRow.email).like(pattern, escape="\\"),
        )
    )


def _that_came(query: _Found, came: str) -> _Found:
    if not came:
        return query
    typed = exists().where(EntryRow.application_id == ApplicationRow.id)
    return query.where(typed if came == "typed" else ~typed)


def sort_key(found: Listed, wish: ListWish) -> float | datetime | str:
    """What `wish` sorts this row by."""
    row = found.row
    if wish.sort == "score":
        return _UNSCORED if found.score is None else found.score.score
    if wish.sort == "submitted":
        return row.submitted_at if wish.state == "submitted" and row.submitted_at else row.updated_at
    return row.reference


def _column(wish: ListWish) -> ColumnElement[Any]:
    """The same in SQL; never NULL, so that it can be compared. Plain columns, where they may be, use their index."""
    sent = wish.state == "submitted"
    if wish.sort == "score":
        return ScoreRow.score.expression if sent else func.coalesce(ScoreRow.score, _UNSCORED)
    if wish.sort == "submitted":
        return (ApplicationRow.submitted_at if sent else ApplicationRow.updated_at).expression
    return ApplicationRow.reference.expression


def _ordered(query: _Found, wish: ListWish) -> _Found:
    key = _column(wish)
    if wish.after is not None:
        value, last = wish.after
        beyond = key < value if wish.descending else key > value
        query = query.where(or_(beyond, and_(key == value, ApplicationRow.id > last)))
    return query.order_by(key.desc() if wish.descending else key.asc(), ApplicationRow.id)
