"""What the staged decisions would say: the events as they will be published, for the messages service to write out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.cohorts.storage.tables import Application, Decision, Release
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.tell_decision import as_staged
from shared.contracts.base import encode
from shared.contracts.cohorts import DecisionReleased


def events_of(uow: CohortsUnit, release: Release, rows: Sequence[tuple[Decision, Application]]) -> list[dict[str, Any]]:
    """Each staged decision as {type, version, data}. Nothing is published, and no link in it opens anything."""
    round_ = uow.rounds.get(release.round_id)
    return [
        {
            "type": DecisionReleased.NAME,
            "version": DecisionReleased.VERSION,
            "data": encode(as_staged(uow, round_, release, decision, application)),
        }
        for decision, application in rows
    ]


def events_after(uow: CohortsUnit, release_id: UUID, after: int, limit: int) -> list[dict[str, Any]]:
    """The events of up to `limit` decisions ranked after `after`."""
    release = uow.releases.get(release_id)
    return events_of(uow, release, uow.releases.decisions(release_id, None, after, limit))
