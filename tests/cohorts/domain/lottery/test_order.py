import random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.cohorts.domain.lottery.lottery import Lottery, hold
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.targets import AtMost, Rule, Target

RULES: list[Rule] = [Target.of({"g": "a"}, 1, 3), AtMost("o", 1)]
people = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("opqrst")), min_size=6, max_size=12)


@settings(max_examples=30, deadline=None)
@given(people, st.randoms(use_true_random=False), st.sampled_from(["maximin", "leximin"]))
def test_the_order_of_the_rows_changes_neither_chances_nor_draw(
    drawn: list[tuple[str, str]], shuffler: random.Random, aim: str
) -> None:
    order = list(range(len(drawn)))
    shuffler.shuffle(order)

    def held(places: list[int]) -> Lottery:
        columns = {name: [drawn[place][column] for place in places] for column, name in enumerate("go")}
        return hold(Pool.build([f"p{place:02}" for place in places], None, columns), RULES, 3, aim=aim, seed="s")

    straight, shuffled = held(sorted(order)), held(order)
    assert straight.drawn == shuffled.drawn
    assert straight.distribution == shuffled.distribution
    assert straight.chances == shuffled.chances
