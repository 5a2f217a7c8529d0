from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cohorts.domain.lottery.draw import (
    WHOLE,
    Distribution,
    Panel,
    commitment,
    draw,
    drawn_panel,
    keeps_commitment,
    whole_weights,
)

PUBLISHED = Distribution(
    (("a", "b", "c", "d"), ("e", "f")),
    ("z",),
    (Panel(WHOLE * 3 // 4, (2, 1)), Panel(WHOLE // 4, (1, 2))),
)


def test_a_draw_for_ever() -> None:
    """Published draws must be replayable for ever: this answer may never change."""
    assert draw(PUBLISHED, "2024-06-01 lottery numbers 3 14 15 92 65 35") == ("a", "b", "f", "z")


def test_the_procedure_is_the_published_one_step_by_step() -> None:
    seed = "midsummer"
    ball = int(sha256(f"{seed}:panel".encode()).hexdigest(), 16) * WHOLE // 2**256
    panel = PUBLISHED.panels[0] if ball < PUBLISHED.panels[0].weight else PUBLISHED.panels[1]
    chosen = ["z"]
    for kind, many in zip(PUBLISHED.kinds, panel.counts, strict=True):
        chosen += sorted(kind, key=lambda person: sha256(f"{seed}:{person}".encode()).hexdigest())[:many]
    assert draw(PUBLISHED, seed) == tuple(sorted(chosen))


def test_over_many_seeds_everybody_comes_up_as_often_as_their_chance_says() -> None:
    times: Counter[str] = Counter()
    for number in range(4000):
        times.update(draw(PUBLISHED, f"seed {number}"))
    for person, chance in PUBLISHED.chances().items():
        assert times[person] / 4000 == pytest.approx(chance, abs=0.03)


def test_the_order_in_which_a_kind_is_listed_changes_nothing() -> None:
    turned = Distribution((("d", "b", "a", "c"), ("f", "e")), ("z",), PUBLISHED.panels)
    assert draw(turned, "s") == draw(PUBLISHED, "s")


def test_chances_are_shares_of_the_panels() -> None:
    assert PUBLISHED.chances() == {"z": 1.0, **dict.fromkeys("abcd", 7 / 16), **dict.fromkeys("ef", 5 / 8)}


def test_a_commitment_fixes_the_seed() -> None:
    published = commitment("a long seed")
    assert published == "4ed2fe73b32bd2e199457b4f5db79d9bf713470b83b8c97c66440f5dd08011c6"
    assert keeps_commitment("a long seed", f" {published.upper()}\n")
    assert not keeps_commitment("a long seed.", published)


def test_weights_that_fall_short_of_the_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="whole"):
        drawn_panel([Panel(0, (1,))], "s")


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=30))
def test_rounded_weights_sum_to_the_whole_and_are_off_by_less_than_one(weights: list[float]) -> None:
    total = sum(weights)
    whole = whole_weights([weight / total for weight in weights])
    assert sum(whole) == WHOLE
    assert all(abs(w - weight / total * WHOLE) < 1 + 1e-3 for w, weight in zip(whole, weights, strict=True))
