"""Templates as they were published. A version never changes, so each is read from its JSON once per process."""

from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.notifications.domain.templating.catalogue import shipped
from services.notifications.domain.templating.publish import Published
from services.notifications.storage.inserting import insert_new
from services.notifications.storage.tables import TemplateRow
from services.notifications.storage.template_tables import TemplateVersionRow
from shared.errors import NotFound

_READ: dict[str, Published] = {}


class Templates:
    """Every version that a message was ever made from, by its hash."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kept: set[str] = set()

    def keep(self, published: Published, now: datetime) -> str:
        """Make sure that a version is stored; its hash. Two processes may do so at once."""
        if published.hash not in self._kept:
            if self._session.get(TemplateRow, published.hash) is None:
                self._session.execute(insert_new(self._session, TemplateRow), _row(published, now))
            self._kept.add(published.hash)
        return published.hash

    def get(self, hash: str) -> Published:
        """A stored version; raises NotFound."""
        found = _shipped().get(hash) or _READ.get(hash)
        if found is None:
            row = self._session.get(TemplateRow, hash)
            if row is None:
                raise NotFound("There is no such template.")
            found = _READ[hash] = Published.from_json(row.definition)
        return found

    def in_use(self, kind: str, language: str) -> Published | None:
        """The version that messages are made from: the newest published one, else the shipped one; None: there is
        neither."""
        chosen = self._chosen.get((kind, language))
        return self.get(chosen) if chosen else shipped().get((kind, language))

    def languages(self, kind: str) -> list[str]:
        """The languages in which there is a text of this kind."""
        found = {language for (each, language), hash in self._chosen.items() if each == kind and hash}
        return sorted(found | {language for each, language in shipped() if each == kind})

    @cached_property
    def _chosen(self) -> dict[tuple[str, str], str | None]:
        """(kind, language) -> hash of the newest version, None for back to the shipped one. Read once a transaction."""
        row = TemplateVersionRow
        newest = (
            select(row.kind, row.language, func.max(row.number).label("number"))
            .group_by(row.kind, row.language)
            .subquery()
        )
        query = select(row.kind, row.language, row.hash).join(
            newest,
            (row.kind == newest.c.kind) & (row.language == newest.c.language) & (row.number == newest.c.number),
        )
        return {(kind, language): hash for kind, language, hash in self._session.execute(query)}

    def forget_choice(self) -> None:
        """Read anew which versions are in use."""
        self.__dict__.pop("_chosen", None)


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Published]:
    return {published.hash: published for published in shipped().values()}


def _row(published: Published, now: datetime) -> dict[str, Any]:
    return {
        "hash": published.hash,
        "kind": published.kind,
        "language": published.language,
        "definition": published.as_json(),
        "published_at": now,
    }
