"""Sealed values open in their place, with their key, and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.applications.storage.sealing import Sealed, Sealer

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=5
)


@settings(max_examples=40)
@given(VALUES)
def test_what_is_sealed_opens_again(value: object) -> None:
    sealer = Sealer({"k1": OLD})
    assert sealer.open(sealer.seal(value, "here"), "here") == value
    assert sealer.seal(value, "here") != sealer.seal(value, "here")


def test_a_value_does_not_open_elsewhere_or_changed() -> None:
    sealer = Sealer({"k1": OLD})
    text = sealer.seal({"gender": "woman"}, "equality/1")
    changed = text[:-6] + ("A" if text[-6] != "A" else "B") + text[-5:]
    for sealed, place in (
        (text, "equality/2"),
        (changed, "equality/1"),
        ("k1:", "equality/1"),
        ("k1:é", "x"),
        ("", "x"),
    ):
        with pytest.raises(Sealed):
            sealer.open(sealed, place)


def test_keys_can_be_changed_one_value_at_a_time() -> None:
    before = Sealer({"k1": OLD}).seal("x", "here")
    both = Sealer({"k2": NEW, "k1": OLD})
    assert both.open(before, "here") == "x" and not both.is_current(before)
    assert both.is_current(both.seal("x", "here"))
    with pytest.raises(Sealed):
        Sealer({"k2": NEW}).open(before, "here")
