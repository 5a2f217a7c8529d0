"""The versions that staff published, and the texts that they are working on."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.storage.inserting import insert_new
from services.notifications.storage.tables import ContactRow
from services.notifications.storage.template_tables import TemplateTextRow, TemplateVersionRow
from shared.errors import NotFound, Stale

_MORE_THAN_ANY = 1_000_000
"""An address may name any number; a database does not take them all."""
_FIRST = "Somebody else changed this first. Load it again to see what is there now."


class TemplateVersions:
    """By kind and language."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, kind: str, language: str) -> list[TemplateVersionRow]:
        """All versions, newest first."""
        row = TemplateVersionRow
        query = select(row).where(row.kind == kind, row.language == language).order_by(row.number.desc())
        return list(self._session.scalars(query))

    def newest(self, kind: str, language: str) -> TemplateVersionRow | None:
        """The version in use; None while nothing was published."""
        row = TemplateVersionRow
        query = select(row).where(row.kind == kind, row.language == language).order_by(row.number.desc()).limit(1)
        return self._session.scalar(query)

    def get(self, kind: str, language: str, number: int) -> TemplateVersionRow:
        """One version; raises NotFound."""
        possible = 0 < number < _MORE_THAN_ANY
        found = self._session.get(TemplateVersionRow, (kind, language, number)) if possible else None
        if found is None:
            raise NotFound("There is no such version.")
        return found

    def add(self, values: Mapping[str, Any]) -> TemplateVersionRow:
        """Publish one under its number. Raises Stale when somebody else published that number first."""
        row = TemplateVersionRow
        statement = insert_new(self._session, row).values(dict(values)).returning(row.number)
        if self._session.execute(statement).first() is None:
            raise Stale(_FIRST)
        return self.get(values["kind"], values["language"], values["number"])

    def newest_of_all(self) -> dict[tuple[str, str], TemplateVersionRow]:
        """(kind, language) -> the newest version."""
        rows = self._session.scalars(select(TemplateVersionRow).order_by(TemplateVersionRow.number))
        return {(row.kind, row.language): row for row in rows}

    def text(self, kind: str, language: str, *, lock: bool = False) -> TemplateTextRow | None:
        """The text that is being worked on."""
        return self._session.get(TemplateTextRow, (kind, language), with_for_update=lock or None)

    def texts(self) -> set[tuple[str, str]]:
        """(kind, language) of all that are being worked on."""
        found = self._session.execute(select(TemplateTextRow.kind, TemplateTextRow.language))
        return {(kind, language) for kind, language in found}

    def keep_text(self, values: Mapping[str, Any], revision: int) -> TemplateTextRow:
        """Keep a text that was changed on `revision` (0: begun now). Raises Stale when another came first."""
        blank = {**values, "revision": 0}
        self._session.execute(insert_new(self._session, TemplateTextRow), blank)
        key = (values["kind"], values["language"])
        row = self._session.get_one(TemplateTextRow, key, with_for_update=True, populate_existing=True)
        if row.revision != revision:
            raise Stale(_FIRST)
        for name, value in values.items():
            if name != "based_on" or revision == 0:
                setattr(row, name, value)
        row.revision = revision + 1
        self._session.flush()
        return row

    def drop_text(self, kind: str, language: str) -> None:
        """Throw a text away."""
        row = self.text(kind, language)
        if row is not None:
            self._session.delete(row)
            self._session.flush()

    def names(self, people: set[UUID]) -> dict[UUID, str]:
        """Who these of staff are, of those we know."""
        query = select(ContactRow.person_id, ContactRow.name).where(ContactRow.person_id.in_(people))
        return {row.person_id: row.name for row in self._session.execute(query)} if people else {}
