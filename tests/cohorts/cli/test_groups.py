"""`hearth groups`, and who is on a session's list by `hearth sessions people | invite | take-off`."""

from typing import Any

import pytest

from services.cohorts.cli.groups import groups
from services.cohorts.cli.sessions import sessions
from tests.cohorts.cli.conftest import Desk

ROUND = ("--round", "leaders")
SESSION = (*ROUND, "--title", "Circle", "--start", "2027-02-02T18:30", "--minutes", 60, "--place", "Here")


@pytest.fixture
def emails(desk: Desk) -> list[str]:
    def found(uow: Any) -> list[str]:
        cohort = uow.cohorts.of_round(desk.programme.round_id)
        return [person.email for _, person in uow.cohorts.participants(cohort.id)]

    addresses: list[str] = desk.programme.do(found)
    return addresses


def test_a_group_is_made_changed_and_removed(desk: Desk, emails: list[str]) -> None:
    dry = desk.run(groups, "keep", "North", emails[0], *ROUND, "--dry-run")
    assert "1 join, 0 leave, 0 stay. This is a dry run" in dry.output
    assert desk.run(groups, "list", *ROUND).output == ""
    number = desk.run(groups, "keep", "North", emails[0].upper(), *ROUND).output.split("\t")[0]
    done = desk.run(sessions, "schedule", *SESSION, "--group", "north")
    assert "1 person is told." in done.output
    assert "1 join, 1 leave" in desk.run(groups, "keep", "north", emails[1], *ROUND).output
    people = desk.run(sessions, "people", done.output.split("\t")[0]).output
    assert f"on the list\t{emails[1]}\t" in people and f"-\t{emails[0]}\t" in people
    assert desk.run(groups, "list", *ROUND).output == f"{number}\tnorth\t{desk.names[1]}\n"
    held = desk.run(groups, "remove", number)
    assert held.exit_code == 1 and "has sessions to come" in held.output
    desk.run(sessions, "cancel", done.output.split("\t")[0])
    assert desk.run(groups, "remove", number).exit_code == 0


def test_one_person_is_taken_off_and_comes_back(desk: Desk, emails: list[str]) -> None:
    session = desk.run(sessions, "schedule", *SESSION).output.split("\t")[0]
    assert desk.run(sessions, "take-off", session, emails[0]).exit_code == 0
    assert f"-\t{emails[0]}\t" in desk.run(sessions, "people", session).output
    assert desk.run(sessions, "invite", session, emails[0]).exit_code == 0
    assert desk.run(sessions, "people", session).output.count("on the list") == 2


def test_a_full_session_has_people_who_wait(desk: Desk, emails: list[str]) -> None:
    full = (*SESSION, "--joining", "sign_up", "--capacity", 1)
    session = desk.run(sessions, "schedule", *full).output.split("\t")[0]
    for email in emails:
        assert desk.run(sessions, "invite", session, email).exit_code == 0
    shown = desk.run(sessions, "people", session).output
    assert f"on the list\t{emails[0]}" in shown and f"waits 1\t{emails[1]}" in shown


def test_a_stranger_is_named_and_nothing_changes(desk: Desk, emails: list[str]) -> None:
    done = desk.run(groups, "keep", "North", emails[0], "who@x.example", *ROUND)
    assert done.exit_code == 1 and "who@x.example" in done.output
    assert desk.run(groups, "list", *ROUND).output == ""
    session = desk.run(sessions, "schedule", *SESSION).output.split("\t")[0]
    assert desk.run(sessions, "take-off", session, "who@x.example").exit_code == 1
    assert desk.run(groups, "keep", " ", *ROUND).exit_code == 1
