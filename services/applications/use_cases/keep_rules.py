"""Priority rules while staff work on them: a draft that may be wrong, checked against the form at every look."""

from typing import Any
from uuid import UUID

from services.applications.domain.priority import parse_rules
from services.applications.storage.tables import RoundRow, RulesDraftRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.errors import Invalid, NotFound, Stale


def open_draft_rules(uow: ApplicationsUnitOfWork, round_id: UUID, by: str) -> RulesDraftRow:
    """The round's draft; begun from the rules in force when there is none."""
    row = uow.rules.draft(round_id)
    if row is None:
        round_ = uow.rounds.get(round_id)
        definition = uow.rules.version(round_id, round_.rules_version).definition
        row = RulesDraftRow(round_id=round_id, definition=definition, updated_by=by, updated_at=uow.now)
        uow.rules.add(row)
    return row


def read_draft_rules(uow: ApplicationsUnitOfWork, round_id: UUID) -> RulesDraftRow:
    """The round's draft; raises NotFound."""
    row = uow.rules.draft(round_id)
    if row is None:
        raise NotFound("There is no draft of these rules. Begin one first.")
    return row


def save_draft_rules(
    uow: ApplicationsUnitOfWork, round_id: UUID, definition: dict[str, Any], by: str, revision: int | None
) -> RulesDraftRow:
    """Keep a changed draft, right or wrong. `revision` is what it was changed from; None where that does not matter.

    Raises:
        Stale: somebody else changed it first.
    """
    uow.rounds.get(round_id)
    row = uow.rules.draft(round_id, lock=True)
    if revision is not None and (row is None or row.revision != revision):
        raise Stale("Somebody else changed this draft first. Look at it again before you change it.")
    if row is None:
        row = RulesDraftRow(round_id=round_id, definition=definition, updated_by=by, updated_at=uow.now)
        uow.rules.add(row)
    else:
        row.definition, row.updated_by, row.updated_at = definition, by, uow.now
        uow.session.flush()
    return row


def drop_draft_rules(uow: ApplicationsUnitOfWork, round_id: UUID, revision: int | None = None) -> None:
    """Throw the draft away. Raises NotFound; Stale when somebody changed it first."""
    row = uow.rules.draft(round_id, lock=True)
    if row is None:
        raise NotFound("There is no draft of these rules.")
    if revision is not None and row.revision != revision:
        raise Stale("Somebody else changed this draft first. Look at it again before you throw it away.")
    uow.rules.drop_draft(row)


def copy_rules(uow: ApplicationsUnitOfWork, round_id: UUID, source: UUID, by: str) -> RulesDraftRow:
    """Replace the draft by the rules in force in another round. Raises NotFound."""
    other = uow.rounds.get(source)
    definition = uow.rules.version(source, other.rules_version).definition
    return save_draft_rules(uow, round_id, definition, by, None)


def problems_of(uow: ApplicationsUnitOfWork, round_: RoundRow, definition: dict[str, Any]) -> dict[str, list[str]]:
    """What keeps rules from being used with the round's form as it is now, by path; empty when nothing does."""
    try:
        parse_rules(definition, uow.rounds.form(round_.id, round_.form_version))
    except Invalid as invalid:
        return invalid.problems
    return {}


def show_scores(uow: ApplicationsUnitOfWork, round_id: UUID, shown: bool) -> RoundRow:
    """Let applicants read the breakdown of their own score, or not."""
    row = uow.rounds.get(round_id, lock=True)
    row.show_scores = shown
    uow.session.flush()
    return row
