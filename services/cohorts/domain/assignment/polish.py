"""From pairs that reach the floor to the highest total with that floor, with a proof.

The applications that the floor binds choose their best sets at the reviewers' prices, the others follow as a flow and
set new prices, and so on. At any prices, what the binding applications could still gain by choosing again is all that
can be missing from the highest total (weak duality over the load limits); pairs whose regret is larger than that are
settled, and an integer program decides the rest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .binding import choices, settle
from .choices import Choice
from .floor import Attempt
from .flow import Marks
from .sums import sums, total_of, usable
from .weights import Market, Weighted

_ROUNDS = 8
_FREE_AT_MOST = 6000
_NEVER = 1e15


@dataclass(frozen=True)
class Polished:
    """The pairs, and what no total with this floor is above (affinity units)."""

    chosen: Marks
    bound: float


@dataclass(frozen=True)
class _Round:
    """One answer with its prices, the binding applications and their choices at these prices."""

    answer: Weighted
    choices: dict[int, Choice]
    bound: float


def polish(market: Market, target: int, attempt: Attempt) -> Polished:
    """The highest total with no application below the target, starting from an attempt that reached it."""
    assert attempt.reached is not None  # noqa: S101
    allowed = usable(market.problem, target)
    rounds = _rounds(market, target, attempt, allowed)
    tightest = min(rounds, key=lambda r: r.bound)
    best = max((r.answer.flow.chosen for r in rounds), key=lambda chosen: total_of(market.problem, chosen))
    gap = tightest.bound - total_of(market.problem, best)
    if gap < 1:
        return Polished(best, tightest.bound)
    return _decide(market, target, allowed, tightest, best, gap)


def _rounds(market: Market, target: int, attempt: Attempt, allowed: Marks) -> list[_Round]:
    """The attempt and what follows from it; only rounds that reach the floor."""
    p = market.problem
    now, binding = attempt.reached, attempt.weighed
    rounds: list[_Round] = []
    for _ in range(_ROUNDS):
        if now is None:
            break
        missed = (p.need > 0) & (sums(p, now.flow.chosen) < target)
        binding = binding | missed
        chosen = choices(market, target, now, binding, allowed)
        if not missed.any():
            rounds.append(_Round(now, chosen, _bound(market, now, chosen)))
            if _settled(market, rounds):
                break
        now = settle(market, now, chosen, allowed)
    return rounds


def _settled(market: Market, rounds: list[_Round]) -> bool:
    """Proven, or no better than the round before in either the total or the bound."""
    totals = [total_of(market.problem, r.answer.flow.chosen) for r in rounds]
    if rounds[-1].bound - totals[-1] < 1:
        return True
    return len(rounds) > 1 and totals[-1] <= max(totals[:-1]) and rounds[-1].bound >= min(r.bound for r in rounds[:-1])


def _bound(market: Market, now: Weighted, choices: dict[int, Choice]) -> float:
    p, chosen = market.problem, now.flow.chosen
    value = np.where(chosen, p.affinity + now.prices, 0).sum(axis=1)
    return total_of(p, chosen) + now.slack + float(sum(choice.bound - value[a] for a, choice in choices.items()))


def _decide(market: Market, target: int, allowed: Marks, tightest: _Round, best: Marks, gap: float) -> Polished:
    """An integer program over the pairs that a better total could still differ in; too many, and a part is tried."""
    from .proof import best_total

    p = market.problem
    regret = np.where(allowed, _regrets(market, tightest, allowed), np.inf)
    differ = tightest.answer.flow.chosen != best
    cut = gap
    if (regret <= gap).sum() > _FREE_AT_MOST:
        cut = float(np.partition(regret, _FREE_AT_MOST, axis=None)[_FREE_AT_MOST]) / 2
    verdict = best_total(market, differ | (regret <= cut), best, target)
    if verdict.chosen is not None and total_of(p, verdict.chosen) >= total_of(p, best):
        best = verdict.chosen
    gap_now = tightest.bound - total_of(p, best)
    if verdict.proven and gap_now <= cut:
        return Polished(best, total_of(p, best))
    if verdict.proven and gap_now < gap and (regret <= gap_now).sum() <= _FREE_AT_MOST:
        return _decide(market, target, allowed, tightest, best, gap_now)
    return Polished(best, tightest.bound)


def _regrets(market: Market, tightest: _Round, allowed: Marks) -> NDArray[np.float64]:
    """How much of the bound is lost (n, m) by changing one's mind about a pair: taking it, or leaving it if chosen."""
    p, chosen = market.problem, tightest.answer.flow.chosen
    worth = np.where(allowed, p.affinity + tightest.answer.prices, -_NEVER)
    last = np.where(chosen, worth, np.inf).min(axis=1, keepdims=True)
    next_ = np.where(chosen, -_NEVER, worth).max(axis=1, keepdims=True)
    regret: NDArray[np.float64] = np.where(chosen, worth - next_, last - worth)
    for a, choice in tightest.choices.items():
        need = int(p.need[a])
        ranked = -np.sort(-worth[a])[:need]
        regret[a] = choice.bound - (ranked[: need - 1].sum() + np.minimum(worth[a], ranked[-1]))
        regret[a, chosen[a]] = 0
    return regret
