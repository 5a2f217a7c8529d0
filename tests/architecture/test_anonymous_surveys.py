"""An anonymous survey against everything that is kept: three databases, the mail, and the logs.

The world is stopped when everybody has been asked, and copied. In one copy each person gives one answer; in the other
the same people give each other's answers. If anything that is kept told whose answer is whose, the copies would differ.
"""

import io
import json
import logging
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import MetaData, text

from services.applications.use_cases.keep_person import register_person
from services.cohorts.domain.survey import Choice, Question
from services.cohorts.use_cases.answer_offer import answer_offer
from services.cohorts.use_cases.publish_survey import close_survey, publish_survey
from services.cohorts.use_cases.write_survey import Settings, draft_survey
from services.embedded.assembly import Assembly, assemble
from services.embedded.home import Home, open_home
from shared import logs
from shared.timekeeping import MovableClock
from shared.web.identity import Identity, sign
from tests.architecture.whole import _BROWSER, _CSRF
from tests.architecture.world import START
from tests.cohorts.programme import STAFF, Programme

SIZE = 6
QUESTIONS = (
    Question("which", "choice", "Which?", choices=tuple(Choice(f"c{n}", f"Choice {n}") for n in range(SIZE))),
    Question("words", "long_text", "Why?"),
)
MARKS = [f"a-thought-of-its-own-{number}" for number in range(SIZE)]
Dump = dict[str, Counter[str]]


def test_nothing_that_is_kept_ties_an_answer_to_a_person(tmp_path: Path) -> None:
    people, survey_id = asked(tmp_path / "asked")
    dumps, logged = [], []
    for name, order in (("one", range(SIZE)), ("other", [3, 5, 0, 1, 2, 4])):
        shutil.copytree(tmp_path / "asked", tmp_path / name)
        lines = answered(tmp_path / name, survey_id, [(people[at], mark) for at, mark in enumerate(order)])
        logged.append(lines)
        dumps.append(dumped(tmp_path / name))
    assert set(dumps[0]) == set(dumps[1]) and dumps[0] == dumps[1]
    # So that the comparison could have failed: the answers are there, and are in the one table alone.
    found = {table for table, rows in dumps[0].items() if any(mark in row for row in rows for mark in MARKS)}
    assert found == {"cohorts.anonymous_answers"}
    assert not any(mark in lines for lines in logged for mark in MARKS)


def test_answering_changes_nothing_but_the_answers_and_that_somebody_answered(tmp_path: Path) -> None:
    people, survey_id = asked(tmp_path / "asked")
    before = dumped(tmp_path / "asked")
    answered(tmp_path / "asked", survey_id, [(people[0], 0)], close=False)
    after = dumped(tmp_path / "asked")
    assert {table for table in after if before.get(table) != after[table]} == {
        "cohorts.anonymous_answers", "cohorts.survey_invitations",
    }  # fmt: skip
    [row] = after["cohorts.anonymous_answers"]
    assert not any(str(person) in row or person.hex in row for person in people)


def test_when_it_has_closed_not_even_who_answered_is_kept(tmp_path: Path) -> None:
    people, survey_id = asked(tmp_path / "asked")
    shutil.copytree(tmp_path / "asked", tmp_path / "other")
    # Five of six answer: the first five here, the last five there, with the same five answers.
    answered(tmp_path / "asked", survey_id, list(zip(people[:5], range(5), strict=True)))
    answered(tmp_path / "other", survey_id, list(zip(people[1:], range(5), strict=True)))
    assert dumped(tmp_path / "asked") == dumped(tmp_path / "other")


def asked(folder: Path) -> tuple[list[UUID], UUID]:
    """Six participants, each with the invitation in their mail."""
    home, clock = open_home(folder), MovableClock(START)
    assembly = assemble(home, "http://localhost", clock, demo=False)
    programme = Programme(assembly.cohorts, clock, home.secrets()["identity_private_key"])
    programme.fill(SIZE)
    programme.settle(places=SIZE)
    programme.release(SIZE, 0)
    for offer in programme.offers():
        programme.do(answer_offer, programme.token(offer), "accepted")
    people = [programme.person(f"Applicant {number}") for number in range(1, SIZE + 1)]
    with assembly.applications.units.begin() as uow:
        for number, person_id in enumerate(people, start=1):
            address = f"applicant.{number}@mail.example"
            register_person(
                uow, email=address, name=f"Applicant {number}", language="en", roles=[], person_id=person_id
            )
    survey_id = programme.do(published, programme.round_id)
    assembly.broker.run_until_idle(timeout=120)
    assembly.dispose()
    return people, survey_id


def published(uow: Any, round_id: UUID) -> UUID:
    cohort = uow.cohorts.of_round(round_id)
    closes_at = uow.now + timedelta(days=14)
    settings = Settings(title="Say what you think", moment="mid", anonymous=True, closes_at=closes_at)
    survey = draft_survey(uow, cohort.id, settings, QUESTIONS)
    id: UUID = publish_survey(uow, STAFF, survey.id, None).id
    return id


def answered(folder: Path, survey_id: UUID, answers: list[tuple[UUID, int]], close: bool = True) -> str:
    """Each of these people sends their answer by the page, in this order, a minute after the one before; the logs."""
    home, clock = Home(folder), MovableClock(START + timedelta(days=1))
    assembly = assemble(home, "http://localhost", clock, demo=False)
    stream = io.StringIO()
    handler = logs.configure("cohorts", "DEBUG", stream)
    try:
        for person_id, mark in answers:
            clock.advance(timedelta(minutes=1))
            send(assembly, home, clock, person_id, survey_id, mark)
        if close:
            with assembly.cohorts.units.begin() as uow:
                close_survey(uow, STAFF, survey_id, None)
        assembly.broker.run_until_idle(timeout=120)
    finally:
        logging.getLogger().removeHandler(handler)
    assembly.dispose()
    return stream.getvalue()


def send(assembly: Assembly, home: Home, clock: MovableClock, person_id: UUID, survey_id: UUID, mark: int) -> None:
    client = assembly.cohorts.web.test_client()
    client.set_cookie("hearth-browser", _BROWSER)
    identity = Identity(person_id, "somebody", frozenset({"participant"}), "session")
    client.set_cookie("hearth-identity", sign(identity, home.secrets()["identity_private_key"], clock()))
    data = {"step": "0", "do": "next", "q-which": f"c{mark}", "q-words": MARKS[mark], "csrf_token": _CSRF}
    answer = client.post(f"/cohorts/my/surveys/{survey_id}", data=data)
    assert answer.status_code == 302, answer.text


RANDOM = {"cohorts.anonymous_answers": {"id"}}
MADE_ANEW = {"id", "hash", "previous", "correlationid"}
"""What two runs of the same thing never share: numbers of the record's and the outbox's new rows, and their seals."""


def dumped(folder: Path) -> Dump:
    """Every row of every table, in no order, without what is random in itself; and all the mail."""
    home, found = Home(folder), {}
    assembly = assemble(home, "http://localhost", MovableClock(START), demo=False)
    for service in assembly.services:
        metadata = MetaData()
        with service.units.engine.connect() as connection:
            metadata.reflect(connection)
            # The daily look at what is too old notes that it looked, whatever happens.
            for table in (table for table in metadata.sorted_tables if table.name != "retention_runs"):
                name = f"{service.name}.{table.name}"
                rows = connection.execute(text(f'SELECT * FROM "{table.name}"')).mappings()  # noqa: S608 - our own tables
                found[name] = Counter(_shown(name, dict(row)) for row in rows)
    assembly.dispose()
    found["mail"] = Counter(path.read_text() for path in sorted(home.mail.rglob("*")) if path.is_file())
    return found


def _shown(table: str, row: dict[str, Any]) -> str:
    hidden = RANDOM.get(table, set()) | (MADE_ANEW if table.startswith("cohorts.decision_record") else set())
    return json.dumps({name: value for name, value in row.items() if name not in hidden}, default=str, sort_keys=True)


@pytest.fixture(autouse=True)
def _as_the_suite_found_it() -> Any:
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)
