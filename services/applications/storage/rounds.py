"""Rounds, with their forms and rules parsed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.applications.domain.forms import Form, parse_form
from services.applications.domain.priority import Rules, parse_rules
from services.applications.storage.tables import (
    ApplicationRow,
    FormVersionRow,
    RoundLotteryRow,
    RoundRow,
    RulesVersionRow,
)
from shared.errors import NotFound


class Rounds:
    """Rounds and every published version of their forms and rules."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._forms: dict[tuple[UUID, int], Form] = {}
        # Sessions forget what nobody holds, and a use case asks for its round several times.
        self._kept: dict[UUID, RoundRow] = {}

    def add(self, row: RoundRow) -> None:
        """Keep a new round."""
        self._session.add(row)
        self._session.flush()

    def get(self, round_id: UUID, *, lock: bool = False) -> RoundRow:
        """The round; raises NotFound."""
        row = self._session.get(RoundRow, round_id, with_for_update=lock or None)
        if row is None:
            raise NotFound("There is no such round.")
        self._kept[round_id] = row
        return row

    def held(self, round_id: UUID) -> RoundRow:
        """The round as it is now, kept from changing until the unit of work ends. Many may hold it together."""
        row = self._session.get(RoundRow, round_id, with_for_update={"read": True}, populate_existing=True)
        if row is None:
            raise NotFound("There is no such round.")
        return row

    def by_slug(self, slug: str) -> RoundRow:
        """The round at an address; raises NotFound."""
        row = self._session.scalar(select(RoundRow).where(RoundRow.slug == slug))
        if row is None:
            raise NotFound("There is no such round.")
        return row

    def slug_taken(self, slug: str) -> bool:
        """Whether a round has this address."""
        return self._session.scalar(select(RoundRow.id).where(RoundRow.slug == slug)) is not None

    def all(self) -> list[RoundRow]:
        """Every round, newest first."""
        return list(self._session.scalars(select(RoundRow).order_by(RoundRow.opens_at.desc(), RoundRow.id)))

    def counts(self, round_id: UUID) -> dict[str, int]:
        """State of an application -> how many of the round's are in it."""
        rows = self._session.execute(
            select(ApplicationRow.state, func.count())
            .where(ApplicationRow.round_id == round_id)
            .group_by(ApplicationRow.state)
        )
        return {str(state): int(count) for state, count in rows}

    def add_form(
        self, round_id: UUID, version: int, definition: dict[str, Any], now: Any, *, note: str = "", by: str = ""
    ) -> None:
        """Freeze a version of the form."""
        row = FormVersionRow(round_id=round_id, version=version, definition=definition, published_at=now)
        row.note, row.published_by = note, by
        self._session.add(row)

    def add_rules(self, round_id: UUID, version: int, definition: dict[str, Any], reason: str, now: Any) -> None:
        """Freeze the first version of the rules, read against the form's first."""
        row = RulesVersionRow(
            round_id=round_id,
            version=version,
            definition=definition,
            reason=reason,
            published_at=now,
            form_version=1,
        )
        self._session.add(row)

    def lotteries(self, round_id: UUID) -> list[RoundLotteryRow]:
        """The round's public lotteries that were not given up, in the order of their promises."""
        where = (RoundLotteryRow.round_id == round_id, RoundLotteryRow.state != "ended")
        return list(self._session.scalars(select(RoundLotteryRow).where(*where).order_by(RoundLotteryRow.lottery_id)))

    def form(self, round_id: UUID, version: int) -> Form:
        """The form of a version."""
        key = (round_id, version)
        if key not in self._forms:
            self._forms[key] = _form(self._session, round_id, version)
        return self._forms[key]

    def rules(self, row: RoundRow, version: int | None = None) -> Rules:
        """The round's rules in force, or those of a version, read against the form that they were published with."""
        key = (row.id, version or row.rules_version)
        published = (
            select(RulesVersionRow.published_at, RulesVersionRow.form_version)
            .where(RulesVersionRow.round_id == key[0], RulesVersionRow.version == key[1])
        )  # fmt: skip
        found = self._session.execute(published).one_or_none()
        if found is None:
            raise NotFound("There is no such version of the rules.")
        when, form_version = found
        return _rules(self._session, (*key, when), self.form(row.id, form_version or row.form_version))


def _form(session: Session, round_id: UUID, version: int) -> Form:
    # A version never changes once it is committed; its time tells it from one that was rolled back.
    when = session.scalar(
        select(FormVersionRow.published_at).where(
            FormVersionRow.round_id == round_id, FormVersionRow.version == version
        )
    )
    if when is None:
        raise NotFound("There is no such version of the form.")
    key = (round_id, version, when)
    if key not in _FORMS:
        while len(_FORMS) >= _KEPT_FORMS:
            _FORMS.pop(next(iter(_FORMS)), None)
        _FORMS[key] = parse_form(session.get_one(FormVersionRow, (round_id, version)).definition)
    return _FORMS[key]


_KEPT_FORMS = 64
_FORMS: dict[tuple[UUID, int, datetime], Form] = {}


def _rules(session: Session, key: tuple[UUID, int, datetime], form: Form) -> Rules:
    if key not in _RULES:
        while len(_RULES) >= _KEPT_FORMS:
            _RULES.pop(next(iter(_RULES)), None)
        _RULES[key] = parse_rules(session.get_one(RulesVersionRow, key[:2]).definition, form)
    return _RULES[key]


_RULES: dict[tuple[UUID, int, datetime], Rules] = {}
