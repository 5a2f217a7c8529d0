"""A copy of the decision record: whatever is changed in it is found, and other rounds stay closed."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cohorts.domain import record, record_file
from services.cohorts.domain.record import Entry, Link

ROUNDS = (UUID(int=1), UUID(int=2), None)
_ENTRIES = st.lists(st.tuples(st.text(max_size=8), st.integers(-9, 9), st.sampled_from(ROUNDS)), min_size=1, max_size=7)


def _chain(contents: list[tuple[str, int, UUID | None]]) -> list[Link]:
    links: list[Link] = []
    previous = record.GENESIS
    for position, (text, number, round_id) in enumerate(contents, start=1):
        at = datetime(2027, 1, 1, 12, 0, position % 60, 123, tzinfo=UTC)
        detail = {"text": text, "n": number}
        entry = Entry(position, at, UUID(int=7), "Sam", "plan_changed", round_id, detail, previous)
        previous = record.seal(entry)
        links.append(record.link(entry, previous))
    return links


def _file(links: list[Link], round_id: UUID | None) -> list[str]:
    return list(record_file.write(links, (len(links), links[-1].hash), round_id))


@given(_ENTRIES, st.sampled_from(ROUNDS))
def test_a_copy_is_whole_and_tells_of_its_round_alone(
    contents: list[tuple[str, int, UUID | None]], round_id: UUID | None
) -> None:
    links = _chain(contents)
    lines = _file(links, round_id)
    verdict = record_file.check(lines)
    hidden = [c for c in contents if round_id is not None and c[2] != round_id]
    assert (verdict.whole, verdict.entries, verdict.sealed_only) == (True, len(links), len(hidden))
    shown = [json.loads(line) for line in lines[1:-1] if "detail" in line]
    assert all(each["round_id"] == str(round_id) for each in shown if round_id is not None)


@given(_ENTRIES, st.data())
def test_any_change_is_found(contents: list[tuple[str, int, UUID | None]], data: st.DataObject) -> None:
    lines = _file(_chain(contents), None)
    number = data.draw(st.integers(1, len(contents)))
    what = data.draw(st.sampled_from(["drop", "actor", "detail", "at", "hash", "twice", "round_id"]))
    document = json.loads(lines[number])
    if what == "drop":
        del lines[number]
    elif what == "twice":
        lines.insert(number, lines[number])
    else:
        changed = {
            "actor": "Somebody else",
            "detail": {"text": "not this"},
            "at": "2020-01-01T00:00:00.000000+00:00",
            "hash": "f" * 64,
            "round_id": str(UUID(int=9)),
        }
        lines[number] = json.dumps({**document, what: changed[what]}) + "\n"
    assert not record_file.check(lines).whole


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ([], "Line 1"),
        (["{}\n"], "Line 1"),
        (["nonsense"], "Line 1"),
        (['{"format": "hearth-decision-record-1"}\n', "[]\n"], "Line 2"),
        (['{"format": "hearth-decision-record-1"}\n', '{"position": 1}\n', '{"head": {"position": 1, "hash": ""}}'],
         "Line 2"),
        (['{"format": "hearth-decision-record-1"}\n', '{"position": 1}\n'], "Line 2"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_names_the_line(lines: list[str], named: str) -> None:
    with pytest.raises(record_file.Unreadable, match=named):
        record_file.check(lines)
