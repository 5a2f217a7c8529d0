"""`hearth sessions`: one by one, a programme from a file, moved, cancelled, and what a dry run says of each."""

import json
from typing import Any

import pytest

from services.cohorts.cli.sessions import sessions
from shared.contracts.cohorts import SessionPublished
from tests.cohorts.cli.conftest import Desk

ONE = ("--round", "leaders", "--title", "Evening", "--minutes", 90, "--place", "Here")
PROGRAMME = """
- title: Welcome, محمد 🙂
  start: 2027-02-02T18:30
  minutes: 90
  place: The hall
  purpose: To meet
- title: Circle
  start: 2027-02-04 18:30
  minutes: 60
  link: https://meet.example/circle
  count: 3
  without: [2027-02-11]
"""


def listed(desk: Desk) -> list[list[str]]:
    done = desk.run(sessions, "list")
    assert done.exit_code == 0, done.output
    return [line.split("\t") for line in done.output.splitlines()]


def told(desk: Desk) -> list[dict[str, Any]]:
    return desk.programme.published(SessionPublished)


def test_one_is_scheduled_moved_and_cancelled(desk: Desk) -> None:
    done = desk.run(sessions, "schedule", *ONE, "--start", "2027-02-02T18:30", "--by", "Sam")
    assert done.exit_code == 0 and "2 people are told." in done.output
    [[session, begins, zone, state, on_list, waiting, title]] = listed(desk)
    assert (begins, zone, state) == ("2027-02-02T18:30", "Europe/London", "scheduled")
    assert (on_list, waiting, title) == ("2", "0", "Evening")
    moved = desk.run(sessions, "move", session, "--start", "2027-02-03T19:00", "--place", "There")
    assert "Wednesday 3 February 2027, 19:00 to 20:30" in moved.output and "There" in moved.output
    same = desk.run(sessions, "move", session, "--title", "Evening")
    assert "nobody is told" in same.output and len(told(desk)) == 2
    assert desk.run(sessions, "cancel", session).exit_code == 0
    assert [(each["calendar_sequence"], each["status"]) for each in told(desk)][-1] == (2, "cancelled")
    again = desk.run(sessions, "cancel", session)
    assert again.exit_code == 1 and "This session is cancelled." in again.output


def test_a_dry_run_says_it_all_and_keeps_nothing(desk: Desk) -> None:
    looked = desk.run(sessions, "series", "-", "--round", "leaders", "--dry-run", given=PROGRAMME)
    assert looked.exit_code == 0, looked.output
    assert "4 sessions would be scheduled. This is a dry run" in looked.output
    assert looked.output.count("2 people are told.") == 4
    for said in ("محمد 🙂", "For: To meet", "Thursday 18 February", "https://meet.example/circle"):
        assert said in looked.output
    assert "11 February" not in looked.output
    assert listed(desk) == [] and told(desk) == []


def test_a_programme_is_scheduled_whole_and_its_series_moved_and_called_off(desk: Desk) -> None:
    done = desk.run(sessions, "series", "-", "--round", "leaders", given=PROGRAMME)
    assert "4 sessions are scheduled." in done.output
    first = listed(desk)[1][0]
    dry = desk.run(sessions, "move", first, "--start", "2027-02-05T18:30", "--scope", "all", "--dry-run")
    assert "3 sessions would be as you say" in dry.output and "Friday 26 February" in dry.output
    assert listed(desk)[1][1] == "2027-02-04T18:30"
    assert desk.run(sessions, "cancel", first, "--scope", "following", "--dry-run").output.count("is cancelled") == 3
    desk.run(sessions, "cancel", first, "--scope", "following")
    assert [row[3] for row in listed(desk)] == ["scheduled", "cancelled", "cancelled", "cancelled"]


def test_json_is_read_as_well_and_people_who_sign_up_are_not_written_to(desk: Desk) -> None:
    one = {"title": "Walk", "start": "2027-02-02T10:00", "minutes": 60, "place": "Hill", "joining": "sign_up"}
    done = desk.run(sessions, "series", "-", "--round", "leaders", given=json.dumps({**one, "capacity": 8}))
    assert "Nobody is written to: people sign up themselves. There are 8 places." in done.output
    assert listed(desk)[0][4] == "0"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- title: A\n- titel: B", "Line 2, titel: Unknown field."),
        ("title: A\nstart: soon\nminutes: 60", "Line 1, start: Write the day and the time"),
        ("- title: A\n  start: 2027-02-02T18:30\n  minutes: many\n  place: P", "Line 1, minutes: Not a valid integer."),
        ("- {title: A, start: 2027-02-02T18:30, minutes: 5, place: P, group: North}", "no group “North”"),
        ("- {title: A, start: 2027-03-28T01:30, minutes: 5, place: P}", "Line 1, start: The clocks go forward"),
        ("- {title: A, start: 2026-02-02T18:30, minutes: 5, place: P}", "still to come"),
        ("- {title: A, start: 2027-02-02T18:30, minutes: 5}", "Say where it is"),
        ("- &a [*a]", "& and *"),
        ("- {title: A, start: 2027-02-02T18:30, minutes: 5, place: P, count: 99}", "Line 1, count: A series has"),
        ("title: [", "Look at line"),
        ("- \0", "not readable"),
        ("[]", "Write a session, or a list"),
        ("", "Write a session, or a list"),
    ],
)
def test_a_bad_file_is_told_by_its_lines_and_nothing_is_scheduled(desk: Desk, text: str, said: str) -> None:
    good = "- {title: Good, start: 2027-02-02T18:30, minutes: 5, place: P}\n" if text.startswith("- {") else ""
    done = desk.run(sessions, "series", "-", "--round", "leaders", given=good + text)
    assert done.exit_code == 1 and said.replace("Line 1", "Line 2" if good else "Line 1") in done.output, done.output
    assert listed(desk) == []


def test_what_will_not_do_is_named_with_its_option(desk: Desk) -> None:
    bad = desk.run(sessions, "schedule", *ONE, "--start", "tomorrow")
    assert bad.exit_code == 1 and "--start: Write the day" in bad.output
    nowhere = desk.run(sessions, "schedule", "--round", "nowhere", *ONE[2:], "--start", "2027-02-02T18:30")
    assert nowhere.exit_code == 1 and "Those that there are: leaders." in nowhere.output
    nobody = desk.run(sessions, "schedule", *ONE, "--start", "2027-02-02T18:30", "--by", " ")
    assert nobody.exit_code == 2 and "Say who does it" in nobody.output
    assert desk.run(sessions, "move", "no-number").exit_code == 2
    assert desk.run(sessions, "series", "-", "--round", "leaders", given=b"\xff\xfe\x00").exit_code == 1


def test_a_time_that_comes_twice_is_asked_about(desk: Desk) -> None:
    twice = (*ONE, "--start", "2027-10-31T01:30")
    assert "comes twice" in desk.run(sessions, "schedule", *twice).output
    assert desk.run(sessions, "schedule", *twice, "--fold", 1).exit_code == 0
