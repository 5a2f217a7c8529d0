"""Why each person was or was not chosen, and what each rule costs. Nothing is guessed: every reason is a re-solve.

For a rule: drop it, choose again by the same lots, and compare. For somebody chosen: choose again without them; the
drop in the total is how far their score could fall before they lost their place. For somebody not chosen: choose again
with them in; the drop in the total is how far they are short. Whether somebody is forced in depends only on their
profile, so one re-solve speaks for everybody of a profile whose place in a narrow row is still free.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from services.cohorts.domain.selection.choosing import Choice, choose
from services.cohorts.domain.selection.lots import lots, settle
from services.cohorts.domain.selection.problem import NOBODY
from services.cohorts.domain.selection.proving import Best, best
from services.cohorts.domain.selection.relaxation import rules_of_rows
from services.cohorts.domain.selection.sifting import GRAIN, Change, People
from services.cohorts.domain.selection.targets import AtMost, Rule


@dataclass(frozen=True)
class Reason:
    """Why one person is in or out.

    code: pinned_in, score, target, targets (chosen); pinned_out, displaced, displaced_together, tie, points,
    ruled_out (not chosen). points: chosen, they keep their place until they lose more than this many; not chosen, this
    many more would surely have brought them in; None if no number of points would. rules: numbers of the rules
    spoken of. exact: if False, `points` is a proven least and not the whole distance. instead: ids of who comes in
    (chosen) or goes out (not chosen) if those rules are dropped.
    """

    code: str
    text: str
    points: Decimal | None = None
    exact: bool = True
    rules: tuple[int, ...] = ()
    instead: tuple[str, ...] = ()

    @property
    def chosen(self) -> bool:
        return self.code in {"pinned_in", "score", "target", "targets"}


@dataclass(frozen=True)
class Price:
    """What one rule costs: the points that the total would gain without it, and who would come in and go out."""

    rule: Rule
    points: Decimal
    comes_in: tuple[str, ...]
    goes_out: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    reasons: Mapping[str, Reason]
    prices: tuple[Price, ...]


def explain(choice: Choice, only: Iterable[str] | None = None, effort: int | None = None) -> Explanation:
    """Reasons for everybody in the pool (or for `only` these ids), and the price of every rule.

    effort: after so many re-solves for people not chosen, those furthest from a place are told the least that they
    were short, as the proof of the choice itself shows it, and their reason is marked so. None: everybody exactly.
    """
    pool = choice.problem.pool
    people = range(len(pool)) if only is None else [pool.index[person] for person in only]
    explainer = Explainer(choice)
    short = explainer.shortfalls([person for person in people if not explainer.chosen[person]], effort)
    reasons = {pool.ids[person]: explainer.reason(person, short.get(person)) for person in people}
    return Explanation(reasons, explainer.prices())


@dataclass(frozen=True)
class Shortfall:
    """By how many units the best choice that holds somebody falls short of the best; at least so many if not exact."""

    units: int
    exact: bool = True


class Explainer:
    """Asks the what-ifs of one choice and remembers the answers."""

    def __init__(self, choice: Choice) -> None:
        self.choice, self.problem, self.pool = choice, choice.problem, choice.problem.pool
        self.chosen = np.zeros(len(self.pool), dtype=bool)
        self.chosen[choice.people] = True
        self.without = [self._without_rule(number) for number in range(len(self.problem.rules))]
        self.among = [frozenset(without.tolist()) for without in self.without]
        self.free = self._chosen_of(choose(self.problem.without(range(len(self.problem.rules))), choice.seed))
        self.on_score = frozenset(self.free.tolist())

    # -- rules ---------------------------------------------------------------------------------------------------

    def _without_rule(self, number: int) -> People:
        """Who is chosen when one rule is dropped."""
        if isinstance(self.problem.rules[number], AtMost):
            return self._chosen_of(choose(self.problem.without({number}), self.choice.seed))
        row = int(np.flatnonzero(rules_of_rows(self.problem) == number)[0])
        change = Change(dropped=(row,))
        found = best(self.choice.sieve, change)
        assert found is not None, "dropping a rule cannot make a choice impossible"  # noqa: S101
        return settle(self.choice.sieve, found, lots(self.choice.seed), change)

    @staticmethod
    def _chosen_of(choice: Choice | None) -> People:
        assert choice is not None, "dropping rules cannot make a choice impossible"  # noqa: S101
        return choice.people

    def prices(self) -> tuple[Price, ...]:
        now = self.problem.total(self.choice.people)
        return tuple(
            Price(
                rule,
                self.pool.points(self.problem.total(without) - now),
                self._ids(np.setdiff1d(without, self.choice.people)),
                self._ids(np.setdiff1d(self.choice.people, without)),
            )
            for rule, without in zip(self.problem.rules, self.without, strict=True)
        )

    def _ids(self, people: People) -> tuple[str, ...]:
        return tuple(sorted(self.pool.ids[person] for person in people))

    def _dropping(self, person: int) -> list[int]:
        """The rules without any one of which this person's outcome turns."""
        return [n for n, among in enumerate(self.among) if (person in among) != self.chosen[person]]

    # -- points --------------------------------------------------------------------------------------------------

    def margin(self, person: int) -> Decimal | None:
        """How far a chosen person's score can fall; None if the rules cannot be met without them."""
        found = best(self.choice.sieve, Change(force_out=(person,)))
        return None if found is None else self.pool.points(self.choice.best.value - found.value)

    def shortfalls(self, people: Iterable[int], effort: int | None) -> dict[int, Shortfall]:
        """For people not chosen; whoever no score could bring in is left out. Nearest profiles first."""
        alike: dict[int, list[int]] = defaultdict(list)
        for person in people:
            if self.problem.may[person]:
                alike[int(self.problem.profile[person])].append(person)
        nearest = sorted(alike.items(), key=lambda group: min(self.at_least(person) for person in group[1]))
        short: dict[int, Shortfall] = {}
        for profile, members in nearest:
            if effort is None or effort > 0:
                spent = self._shortfalls_of(profile, members, short)
                effort = None if effort is None else effort - spent
            else:
                short.update({person: Shortfall(self.at_least(person), exact=False) for person in members})
        return short

    def at_least(self, person: int) -> int:
        """A shortfall that the choice's own proof shows: their reduced gain, less what the bound had to spare."""
        proof = self.choice.best.relaxed
        with_them = (proof.bound + min(0, int(proof.reduced[person]))) // GRAIN
        return max(0, self.choice.best.value - with_them)

    def _shortfalls_of(self, profile: int, members: list[int], short: dict[int, Shortfall]) -> int:
        """Exact shortfalls for one profile, added to `short`; returns how many re-solves they took."""
        others = best(self.choice.sieve, Change(taken=profile))
        if others is None:
            return 1
        full = self._full(others)
        alone = [person for person in members if person in full or self._held_up(person, full)]
        for person in members:
            found = best(self.choice.sieve, Change(force_in=(person,))) if person in alone else others
            if found is not None:
                value = found.value + (0 if person in alone else int(self.problem.gains[person]))
                short[person] = Shortfall(self.choice.best.value - value)
        return 1 + len(alone)

    def _full(self, others: Best) -> set[int]:
        """People already among the others, and (as -2 - row) the narrow rows that they fill."""
        caps = self.problem.caps[others.people]
        held = np.bincount(caps[caps != NOBODY], minlength=len(self.problem.cap))
        return {*others.people.tolist(), *(-2 - np.flatnonzero(held >= self.problem.cap)).tolist()}

    def _held_up(self, person: int, full: set[int]) -> bool:
        return any(-2 - int(row) in full for row in self.problem.caps[person] if row != NOBODY)

    # -- words ---------------------------------------------------------------------------------------------------

    def reason(self, person: int, short: Shortfall | None) -> Reason:
        return self._why_in(person) if self.chosen[person] else self._why_out(person, short)

    def _why_in(self, person: int) -> Reason:
        if self.problem.must[person]:
            return Reason("pinned_in", "Chosen because they were pinned in.")
        margin = self.margin(person)
        rules = tuple(self._dropping(person))
        if person in self.on_score:
            return Reason("score", f"Chosen on score.{_spare(margin)}", margin)
        if not rules:
            instead = self._ids(np.setdiff1d(self.free, self.choice.people))
            text = f"Chosen to meet the targets taken together: without any of them {_listed(instead)} would be here."
            return Reason("targets", text, margin, instead=instead)
        instead = self._ids(np.setdiff1d(self.without[rules[0]], self.choice.people))
        text = f"Chosen to meet “{self._label(rules[0])}”: without it {_listed(instead)} would come in."
        return Reason("target", text, margin, True, rules, instead)

    def _why_out(self, person: int, short: Shortfall | None) -> Reason:
        if not self.problem.may[person]:
            return Reason("pinned_out", "Not chosen because they were pinned out.")
        exact = short is None or short.exact
        points = None if short is None else self.pool.points(short.units + 1)
        more = _more(points, exact)
        rules = tuple(self._dropping(person))
        if rules:
            instead = self._ids(np.setdiff1d(self.choice.people, self.without[rules[0]]))
            labels = " or ".join(f"“{self._label(rule)}”" for rule in rules)
            return Reason("displaced", f"Would have been chosen without {labels}.{more}", points, exact, rules, instead)
        if person in self.on_score:
            instead = self._ids(np.setdiff1d(self.choice.people, self.free))
            text = f"Would have been chosen on score alone: displaced by the targets taken together.{more}"
            return Reason("displaced_together", text, points, exact, instead=instead)
        if points is None:
            return Reason("ruled_out", "No score would bring them in under these targets and pins.")
        if short == Shortfall(0):
            return Reason("tie", "Equal with others for the last places, and not drawn: lots decided.", points)
        return Reason("points", f"Not chosen on score.{more}", points, exact)

    def _label(self, rule: int) -> str:
        return self.problem.rules[rule].label


def _spare(margin: Decimal | None) -> str:
    if margin is None:
        return " The targets cannot be met without them."
    return f" They would keep their place with up to {margin} fewer points." if margin else " Lots decided a tie."


def _more(points: Decimal | None, exact: bool) -> str:
    if points is None:
        return ""
    if not exact:
        return f" They were at least {points} points short."
    return f" {points} more points would have brought them in."


def _listed(ids: tuple[str, ...], most: int = 3) -> str:
    if not ids:
        return "nobody else"
    shown = ", ".join(ids[:most])
    return shown if len(ids) <= most else f"{shown} and {len(ids) - most} more"
