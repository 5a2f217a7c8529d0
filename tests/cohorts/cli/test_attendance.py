"""`hearth attendance`: a meeting program's list looked at, taken in, and shown."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.cohorts.cli.attendance import attendance
from services.cohorts.use_cases.schedule_sessions import schedule_session
from services.cohorts.use_cases.session_plan import Plan
from tests.cohorts.cli.conftest import Desk
from tests.cohorts.programme import STAFF

BEGINS = datetime.fromisoformat("2027-02-02T18:30:00+00:00")


@pytest.fixture
def session(desk: Desk) -> str:
    """A session of two people that has just begun."""
    plan = Plan(title="Evening", start=datetime(2027, 2, 2, 18, 30), minutes=90, zone="Europe/London", place="Here")

    def schedule(uow: Any) -> str:
        return str(schedule_session(uow, STAFF, uow.cohorts.of_round(desk.programme.round_id).id, plan).id)

    made: str = desk.programme.do(schedule)
    desk.programme.clock.set(BEGINS + timedelta(minutes=5))
    return made


def test_a_list_is_looked_at_and_taken_in(desk: Desk, session: str) -> None:
    first, second = desk.names
    text = f"Name,Duration (minutes)\n{first},88\nA stranger,90\n"
    looked = desk.run(attendance, "take-in", session, "-", "--dry-run", given=text)
    assert f"-\tpresent\t{first}" in looked.output and "Nothing is kept." in looked.output
    nobody = sorted(f"-\t-\t-\t{name}" for name in desk.names)
    assert sorted(desk.run(attendance, "show", session).output.splitlines()) == nobody
    taken = desk.run(attendance, "take-in", session, "-", given=text)
    assert taken.exit_code == 1 and "Line 3: “A stranger”: no participant" in taken.output
    shown = desk.run(attendance, "show", session).output
    assert f"present\tfile\t88\t{first}" in shown and f"-\t-\t-\t{second}" in shown
    same = desk.run(attendance, "take-in", session, "-", given=text.replace("A stranger,90\n", ""))
    assert same.exit_code == 0 and "present" not in same.output


@pytest.mark.parametrize("given", ["", "Nothing\nof use\n", b"Name\n\xff\xfe\n"])
def test_what_is_no_list_is_refused(desk: Desk, session: str, given: str | bytes) -> None:
    done = desk.run(attendance, "take-in", session, "-", given=given)
    assert done.exit_code == 1 and done.output.startswith("Error: ")


def test_a_session_that_has_not_begun_has_nobody_there(desk: Desk, session: str) -> None:
    desk.programme.clock.set(BEGINS - timedelta(days=1))
    done = desk.run(attendance, "take-in", session, "-", given=f"Name\n{desk.names[0]}\n")
    assert done.exit_code == 1 and "has not begun" in done.output
