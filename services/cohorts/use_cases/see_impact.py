"""Selection rates by group at every stage of a round, or of a selection that is only being tried."""

from dataclasses import dataclass
from uuid import UUID

from services.cohorts.domain.choosing import read_attributes
from services.cohorts.domain.offer import ACCEPTED
from services.cohorts.storage.repositories.applications import IN_POOL
from services.cohorts.storage.tables import Application, SelectionRun
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.stage_decisions import OFFERED, WAITLISTED
from shared.errors import Invalid
from shared.impact.rates import Rates, Reached, tables

APPLIED, ELIGIBLE, SCORED, SHORTLISTED, OFFER, ACCEPT = range(6)
STAGES = (
    "Applied",
    "Eligible, not withdrawn",
    "Read and scored",
    "Shortlisted (offered or on the waiting list)",
    "Offered a place",
    "Accepted the place",
)
OF_RUN = (*STAGES[:3], "Chosen by this selection")


@dataclass(frozen=True, slots=True)
class Impact:
    """The rates, and the selection that stands in place of what was decided."""

    rates: Rates
    run: SelectionRun | None


def see_impact(uow: CohortsUnit, round_id: UUID, run_id: UUID | None = None) -> Impact:
    """Rates of a round's own stages, or with a selection in place of what was decided.

    Raises:
        NotFound: there is no such round or selection.
        Invalid: the selection is of another round.
    """
    attributes = read_attributes(uow.rounds.get(round_id).attributes)
    run = uow.runs.get(run_id) if run_id else None
    if run is not None and run.round_id != round_id:
        raise Invalid({"run": ["Choose a selection of this round."]})
    furthest = _of_run(uow, round_id, run) if run else _of_round(uow, round_id)
    names = OF_RUN if run else STAGES
    reached = max((stage for _, stage in furthest), default=-1) + 1
    people = [Reached(application.attributes, stage) for application, stage in furthest]
    found = tables(people, attributes, max(reached, 1)) if people else ()
    return Impact(Rates(names[:reached], found), run)


def _of_round(uow: CohortsUnit, round_id: UUID) -> list[tuple[Application, int]]:
    release = uow.releases.of_round(round_id)
    outcomes = {d.application_id: d.outcome for d, _ in uow.releases.decisions(release.id)} if release else {}
    offers = {offer.application_id: offer.state for offer, _ in uow.offers.of_round(round_id)}
    return [
        (row, _furthest(row, outcomes.get(row.id), offers.get(row.id))) for row in uow.applications.all_of(round_id)
    ]


def _furthest(row: Application, outcome: str | None, offer: str | None) -> int:
    if offer == ACCEPTED:
        return ACCEPT
    if offer is not None or outcome == OFFERED:
        return OFFER
    if outcome == WAITLISTED:
        return SHORTLISTED
    if row.state != IN_POOL:
        return APPLIED
    return SCORED if row.blended is not None else ELIGIBLE


def _of_run(uow: CohortsUnit, round_id: UUID, run: SelectionRun) -> list[tuple[Application, int]]:
    chosen = {application.id for _, application in uow.runs.people(run.id, chosen=True)}
    last = len(OF_RUN) - 1
    return [
        (row, last if row.id in chosen else _furthest(row, None, None)) for row in uow.applications.all_of(round_id)
    ]
