"""Templates as they were published. A version never changes, so each is read from its JSON once per process."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from services.notifications.domain.templating.catalogue import shipped
from services.notifications.domain.templating.publish import Published
from services.notifications.storage.inserting import insert_new
from services.notifications.storage.tables import TemplateRow
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
