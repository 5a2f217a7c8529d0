"""The register of organisations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.applications.storage.tables import (
    ApplicationRow,
    DifferentOrganisationsRow,
    OrganisationChangeRow,
    OrganisationNameRow,
    OrganisationRow,
)
from shared.errors import NotFound
from shared.ids import new_id

PAGE = 50


class Organisations:
    """Organisations, the names they go by, and what was done to them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, organisation_id: UUID, *, lock: bool = False) -> OrganisationRow:
        """The organisation, merged or not; raises NotFound."""
        row = self._session.get(OrganisationRow, organisation_id, with_for_update=lock or None)
        if row is None:
            raise NotFound("There is no such organisation.")
        return row

    def by_key(self, key: str) -> OrganisationRow | None:
        """The organisation that goes by a name, given as it is compared."""
        query = select(OrganisationRow).join(OrganisationNameRow).where(OrganisationNameRow.key == key)
        return self._session.scalar(query)

    def add(self, name: str, key: str, now: datetime) -> OrganisationRow:
        """A new organisation with its first name."""
        row = OrganisationRow(id=new_id(), name=name, offered=False, created_at=now)
        self._session.add(row)
        self._session.flush()
        self.name(row.id, name, key, now)
        return row

    def add_or_find(self, name: str, key: str, now: datetime) -> OrganisationRow:
        """The same, or the one that somebody else has added in this very moment."""
        try:
            with self._session.begin_nested():
                return self.add(name, key, now)
        except IntegrityError:
            row = self.by_key(key)
            if row is None:
                raise
            return row

    def name(self, organisation_id: UUID, name: str, key: str, now: datetime) -> None:
        """One name more. The key must be free."""
        self._session.add(OrganisationNameRow(key=key, name=name, organisation_id=organisation_id, added_at=now))
        self._session.flush()

    def drop_name(self, key: str) -> None:
        """One name less."""
        self._session.delete(self._session.get_one(OrganisationNameRow, key))
        self._session.flush()

    def names(self, organisation_id: UUID) -> list[OrganisationNameRow]:
        """Every name that it goes by."""
        query = select(OrganisationNameRow).where(OrganisationNameRow.organisation_id == organisation_id)
        return list(self._session.scalars(query.order_by(OrganisationNameRow.name)))

    def names_beside(self, key: str) -> list[str]:
        """Every name of the organisation that goes by one of them, given as it is compared; none for a stranger's."""
        of = OrganisationNameRow.organisation_id
        owner = select(of).where(OrganisationNameRow.key == key).scalar_subquery()
        return list(
            self._session.scalars(
                select(OrganisationNameRow.name).where(of == owner).order_by(OrganisationNameRow.name)
            )
        )

    def move_names(self, source: UUID, target: UUID) -> None:
        """Give all names of one organisation, and what was merged into it, to another."""
        of = OrganisationNameRow.organisation_id
        self._session.execute(update(OrganisationNameRow).where(of == source).values(organisation_id=target))
        merged = OrganisationRow.merged_into
        self._session.execute(update(OrganisationRow).where(merged == source).values(merged_into=target))

    def note(self, organisation_id: UUID, what: str, detail: dict[str, Any], by: str, now: datetime) -> None:
        """Write down what was done."""
        row = OrganisationChangeRow(id=new_id(), organisation_id=organisation_id, what=what, detail=detail)
        row.by, row.at = by[:200], now
        self._session.add(row)

    def history(self, organisation_id: UUID) -> list[OrganisationChangeRow]:
        """All that was done to it, newest first."""
        query = select(OrganisationChangeRow).where(OrganisationChangeRow.organisation_id == organisation_id)
        return list(
            self._session.scalars(query.order_by(OrganisationChangeRow.at.desc(), OrganisationChangeRow.id.desc()))
        )

    def current(self) -> dict[str, str]:
        """Every organisation that was not merged into another: id -> name."""
        query = select(OrganisationRow.id, OrganisationRow.name).where(OrganisationRow.merged_into.is_(None))
        return {str(id): name for id, name in self._session.execute(query)}

    def offered(self, limit: int) -> list[str]:
        """The names that applicants can pick from, in order."""
        query = select(OrganisationRow.name).where(OrganisationRow.offered, OrganisationRow.merged_into.is_(None))
        return list(self._session.scalars(query.order_by(func.lower(OrganisationRow.name)).limit(limit)))

    def listed(self, search: str, after: tuple[str, UUID] | None, limit: int = PAGE) -> list[OrganisationRow]:
        """One page of the register by name, and one row more if there is one; `search` is a compared name."""
        query = select(OrganisationRow).where(OrganisationRow.merged_into.is_(None))
        if search:
            pattern = "%" + search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            named = select(OrganisationNameRow.organisation_id).where(
                OrganisationNameRow.key.like(pattern, escape="\\")
            )
            query = query.where(OrganisationRow.id.in_(named))
        key = func.lower(OrganisationRow.name)
        if after is not None:
            name, last = after
            query = query.where((key > name) | ((key == name) & (OrganisationRow.id > last)))
        return list(self._session.scalars(query.order_by(key, OrganisationRow.id).limit(limit + 1)))

    def count(self) -> int:
        """How many there are, without those merged into others."""
        query = select(func.count()).select_from(OrganisationRow).where(OrganisationRow.merged_into.is_(None))
        return self._session.scalar(query) or 0

    def merged_into(self, organisation_id: UUID) -> list[OrganisationRow]:
        """Those that were merged into this one."""
        query = select(OrganisationRow).where(OrganisationRow.merged_into == organisation_id)
        return list(self._session.scalars(query.order_by(OrganisationRow.name)))

    def different(self) -> set[tuple[str, str]]:
        """Pairs of ids (the lesser first) that somebody has said are not one."""
        rows = self._session.execute(select(DifferentOrganisationsRow.one, DifferentOrganisationsRow.other))
        return {(str(one), str(other)) for one, other in rows}

    def tell_apart(self, one: UUID, other: UUID) -> None:
        """They are not one."""
        lesser, greater = sorted((one, other), key=str)
        self._session.merge(DifferentOrganisationsRow(one=lesser, other=greater))

    def sent_under(self, name: str) -> list[ApplicationRow]:
        """Sent applications whose organisation is called this in the register."""
        held = cast(ApplicationRow.attributes["organisation"].as_string(), Text)
        return list(self._session.scalars(select(ApplicationRow).where(held == name)))
