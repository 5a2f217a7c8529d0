"""Count a round's equality answers by stage: once, when all is decided, as counts that give nobody away."""

from dataclasses import dataclass
from uuid import UUID

from services.applications.domain.equality import count, questions_of
from services.applications.domain.rounds import State, state_at
from services.applications.storage.tables import EqualityRatesRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_round import life_of
from shared.errors import Conflict
from shared.impact.rates import Rates


@dataclass(frozen=True, slots=True)
class EqualityRates:
    """`rates` once they are worked out. `waiting` says why they cannot be yet; `undecided` are without an outcome."""

    rates: Rates | None
    row: EqualityRatesRow | None
    waiting: str
    undecided: int
    asked: tuple[str, ...]


def see_equality_rates(uow: ApplicationsUnitOfWork, round_id: UUID) -> EqualityRates:
    """The round's rates, or what they wait for; raises NotFound."""
    round_ = uow.rounds.get(round_id)
    row = uow.equality.rates(round_id)
    everybody, decided, _ = uow.equality.outcomes(round_id)
    asked = tuple(one.label for one in questions_of(uow.rounds.form(round_id, round_.form_version)))
    rates = Rates.from_json(row.content) if row else None
    return EqualityRates(rates, row, "" if row else _waits_for(uow, round_id), everybody - decided, asked)


def _waits_for(uow: ApplicationsUnitOfWork, round_id: UUID) -> str:
    """Why it is too early; empty when it is not.

    Stages still move until then, and rates of two moments would tell by their difference how one person answered.
    """
    state = state_at(life_of(uow.rounds.get(round_id)), uow.now)
    _, decided, open_offers = uow.equality.outcomes(round_id)
    if state not in (State.CLOSED, State.ARCHIVED):
        return "The round still takes applications."
    if not decided:
        return "No decision is released yet."
    if open_offers:
        some = f"{open_offers} offers wait" if open_offers > 1 else "One offer waits"
        return f"{some} for an answer."
    return ""


def count_equality(uow: ApplicationsUnitOfWork, round_id: UUID, by: str) -> EqualityRatesRow:
    """Work the round's rates out, for good.

    Raises:
        Conflict: they are worked out already, or something is still open.
    """
    round_ = uow.rounds.get(round_id, lock=True)
    if uow.equality.rates(round_id) is not None:
        raise Conflict("The rates of this round are worked out already. They stay as they are.", code="done")
    if waiting := _waits_for(uow, round_id):
        raise Conflict(f"It is too early to count. {waiting}", code="too-early")
    rates = count(uow.equality.standings(round_id), uow.rounds.form(round_id, round_.form_version))
    row = EqualityRatesRow(round_id=round_id, content=rates.as_json(), by_name=by[:400], at=uow.now)
    uow.equality.keep(row)
    return row
