"""Publish a version of a round's priority rules, with the reason; it comes into force with the new scores."""

from typing import Any
from uuid import UUID

from services.applications.domain.priority import parse_rules
from services.applications.domain.text import is_blank, tidy
from services.applications.storage.tables import RescoreRow, RulesVersionRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.rescore_round import begin_rescore
from shared.errors import Conflict, Invalid, Stale

LONGEST_REASON = 2_000


def publish_rules(
    uow: ApplicationsUnitOfWork, round_id: UUID, definition: dict[str, Any], reason: str, by: str
) -> RescoreRow:
    """Freeze `definition` as the next version, and have every application scored by it. Anybody can read the reason.

    Raises:
        Invalid: the rules cannot be used with the round's form (by path), or `reason` is missing.
        Conflict: another version is on its way, or the round is archived.
    """
    round_ = uow.rounds.get(round_id, lock=True)
    uow.session.refresh(round_)
    if round_.state == "archived":
        raise Conflict("This round is archived: its rules stay as they are.")
    if uow.rules.rescore_under_way(round_id) is not None:
        raise Conflict("The round is being scored by another new version. Wait until that has ended.")
    _check_reason(reason)
    parse_rules(definition, uow.rounds.form(round_id, round_.form_version))
    version = uow.rules.newest(round_id) + 1
    row = RulesVersionRow(
        round_id=round_id,
        version=version,
        definition=definition,
        reason=tidy(reason),
        published_at=uow.now,
        published_by=by,
        form_version=round_.form_version,
    )
    uow.rules.add(row)
    return begin_rescore(uow, round_, version, by)


def publish_draft(
    uow: ApplicationsUnitOfWork, round_id: UUID, reason: str, by: str, revision: int | None
) -> RescoreRow:
    """Publish the draft, which then ends.

    Raises:
        Invalid, Conflict: as `publish_rules`.
        Stale: the draft is not the one that was looked at.
    """
    draft = uow.rules.draft(round_id)
    if draft is None or (revision is not None and draft.revision != revision):
        raise Stale("The draft was changed or published meanwhile. Look at it again.")
    row = publish_rules(uow, round_id, draft.definition, reason, by)
    uow.rules.drop_draft(draft)
    return row


def publish_again(uow: ApplicationsUnitOfWork, round_id: UUID, reason: str, by: str) -> RescoreRow:
    """Score the round again by the rules in force, as a version of its own, so that the old scores are kept."""
    round_ = uow.rounds.get(round_id)
    definition = uow.rules.version(round_id, round_.rules_version).definition
    return publish_rules(uow, round_id, definition, reason, by)


def _check_reason(reason: str) -> None:
    if is_blank(reason):
        raise Invalid({"reason": ["Write why, for everybody who applied or may apply."]})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": [f"Use at most {LONGEST_REASON} characters."]})
