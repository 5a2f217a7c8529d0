"""Identifiers are UUIDs of version 7: newer ones sort after older ones."""

import time
import uuid

import pytest

from shared.ids import new_id


def test_version_and_variant() -> None:
    for _ in range(50):
        made = new_id()
        assert made.version == 7 and made.variant == uuid.RFC_4122


def test_never_the_same_twice() -> None:
    assert len({new_id() for _ in range(5000)}) == 5000


def test_newer_ones_sort_after_older_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(range(1_800_000_000_000_000_000, 1_900_000_000_000_000_000, 1_000_000_000_000_000))
    monkeypatch.setattr(time, "time_ns", lambda: next(moments))
    made = [new_id() for _ in range(100)]
    assert made == sorted(made) and [str(one) for one in made] == sorted(map(str, made))


def test_the_first_part_is_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_645_557_742_000_000_000)
    assert str(new_id()).startswith("017f22e2-79b0-7")
