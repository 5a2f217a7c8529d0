"""Every choice there is, tried one by one: what the engine is compared with on small pools."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from hypothesis import strategies as st

from services.cohorts.domain.selection.lots import lots
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.targets import AtMost, Rule, Target


def matches(pool: Pool, person: int, target: Target) -> bool:
    return all(pool.columns[column].text(person) in values for column, values in target.where)


def keeps(pool: Pool, rule: Rule, people: Sequence[int]) -> bool:
    if isinstance(rule, AtMost):
        held = [pool.columns[rule.column].text(person) for person in people]
        return all(held.count(text) <= rule.maximum for text in held if text)
    count = sum(matches(pool, person, rule) for person in people)
    return rule.minimum <= count <= (len(people) if rule.maximum is None else rule.maximum)


def choices(
    pool: Pool, rules: Sequence[Rule], size: int, inside: Sequence[str] = (), outside: Sequence[str] = ()
) -> Iterator[tuple[int, ...]]:
    for people in combinations(range(len(pool)), size):
        ids = {pool.ids[person] for person in people}
        if set(inside) <= ids and not set(outside) & ids and all(keeps(pool, rule, people) for rule in rules):
            yield people


def best(
    pool: Pool,
    rules: Sequence[Rule],
    size: int,
    inside: Sequence[str] = (),
    outside: Sequence[str] = (),
    seed: str = "",
) -> set[str] | None:
    """The best choice by total, and of those by the published rule of the lots."""
    every = list(choices(pool, rules, size, inside, outside))
    if not every:
        return None
    most = max(sum(int(pool.gains[person]) for person in people) for people in every)
    equal = [people for people in every if sum(int(pool.gains[person]) for person in people) == most]
    lot = lots(seed)
    order = sorted(range(len(pool)), key=lambda person: lot(pool.ids[person]))
    winner = max(equal, key=lambda people: [person in people for person in order])
    return {pool.ids[person] for person in winner}


COLUMNS = {"gender": "WMN", "region": "ABC"}


@st.composite
def cases(draw: st.DrawFn, most: int = 9, scores: int = 6) -> tuple[Pool, list[Rule], int]:
    """A small pool with many equal scores, a few rules that sometimes clash, and a size."""
    many = draw(st.integers(3, most))
    columns = {
        name: draw(st.lists(st.sampled_from(values), min_size=many, max_size=many)) for name, values in COLUMNS.items()
    }
    columns["org"] = draw(st.lists(st.sampled_from(["", "x", "y", "z"]), min_size=many, max_size=many))
    gains = draw(st.lists(st.integers(0, scores), min_size=many, max_size=many))
    size = draw(st.integers(1, many - 1))
    pool = Pool.build([f"p{number}" for number in range(many)], gains, columns)
    rules: list[Rule] = draw(st.lists(_targets(size), max_size=4))
    if draw(st.booleans()):
        rules.append(AtMost("org", draw(st.integers(1, 2))))
    return pool, rules, size


@st.composite
def _targets(draw: st.DrawFn, size: int) -> Target:
    columns = draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, max_size=2, unique=True))
    where = {column: draw(st.sampled_from(COLUMNS[column])) for column in columns}
    least = draw(st.integers(0, size))
    most = draw(st.none() | st.integers(least, size))
    return Target.of(where, least, most, draw(st.integers(1, 3)))
