import pytest

from services.cohorts.domain.assignment import blocked_because

FREE = {
    "reviewers": {"ann", "ben"},
    "conflicts": {},
    "existing": [("a1", "ben")],
    "per_application": 2,
    "capacity": {"ann": 3},
}


def test_nothing_against_it():
    assert blocked_because("a1", "ann", **FREE) is None


@pytest.mark.parametrize(
    ("changes", "reason", "absolute"),
    [
        ({"reviewers": {"ben"}}, "unknown-reviewer", True),
        ({"conflicts": {("a1", "ann")}}, "conflict", True),
        ({"existing": [("a1", "ann")]}, "already", True),
        ({"capacity": 0}, "capacity", False),
        ({"capacity": {"ann": 1}, "existing": [("a2", "ann")]}, "capacity", False),
        ({"per_application": 1}, "enough", False),
        ({"per_application": {"a1": 1}}, "enough", False),
    ],
)
def test_what_is_against_it(changes, reason, absolute):
    blocked = blocked_because("a1", "ann", **{**FREE, **changes})
    assert (blocked.reason, blocked.absolute) == (reason, absolute)


def test_the_conflict_is_said():
    blocked = blocked_because("a1", "ann", **{**FREE, "conflicts": {("a1", "ann"): "same organisation"}})
    assert str(blocked) == "This reviewer has a conflict with this application: same organisation."
