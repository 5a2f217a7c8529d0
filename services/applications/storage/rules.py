"""Priority rules: their published versions, the draft, and rescorings on their way."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.applications.storage.tables import RescoreRow, RulesDraftRow, RulesVersionRow
from shared.errors import NotFound

_NO_VERSION = 1_000_000
"""Numbers from here on are typed into an address by somebody, and may be too long for a database."""


class PriorityRules:
    """Versions, drafts and rescorings of every round."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: RulesVersionRow | RulesDraftRow | RescoreRow) -> None:
        """Keep a new row."""
        self._session.add(row)
        self._session.flush()

    def version(self, round_id: UUID, version: int) -> RulesVersionRow:
        """A published version; raises NotFound."""
        row = self._session.get(RulesVersionRow, (round_id, version)) if version < _NO_VERSION else None
        if row is None:
            raise NotFound("There is no such version of the rules.")
        return row

    def versions(self, round_id: UUID, up_to: int | None = None) -> list[RulesVersionRow]:
        """Every version of a round, newest first; those up to one number if given."""
        statement = select(RulesVersionRow).where(RulesVersionRow.round_id == round_id)
        if up_to is not None:
            statement = statement.where(RulesVersionRow.version <= up_to)
        return list(self._session.scalars(statement.order_by(RulesVersionRow.version.desc())))

    def newest(self, round_id: UUID) -> int:
        """The highest version that was ever published."""
        statement = select(func.max(RulesVersionRow.version)).where(RulesVersionRow.round_id == round_id)
        return self._session.scalar(statement) or 0

    def draft(self, round_id: UUID, *, lock: bool = False) -> RulesDraftRow | None:
        """What staff are working on, if anything."""
        return self._session.get(RulesDraftRow, round_id, with_for_update=lock or None, populate_existing=lock)

    def drop_draft(self, row: RulesDraftRow) -> None:
        """Throw a draft away."""
        self._session.delete(row)
        self._session.flush()

    def rescore(self, round_id: UUID, version: int, *, lock: bool = False) -> RescoreRow | None:
        """A rescoring; `lock` waits for whoever works on it and reads what is there now."""
        key = (round_id, version)
        return self._session.get(RescoreRow, key, with_for_update=lock or None, populate_existing=lock)

    def rescore_under_way(self, round_id: UUID) -> RescoreRow | None:
        """The rescoring that has not ended, if there is one."""
        where = (RescoreRow.round_id == round_id, RescoreRow.state != "done")
        return self._session.scalars(select(RescoreRow).where(*where)).first()

    def last_rescore(self, round_id: UUID) -> RescoreRow | None:
        """The newest rescoring, done or not."""
        statement = select(RescoreRow).where(RescoreRow.round_id == round_id)
        return self._session.scalars(statement.order_by(RescoreRow.rules_version.desc())).first()
