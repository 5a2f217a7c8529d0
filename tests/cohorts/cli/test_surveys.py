"""`hearth surveys`, on the data directory of the embedded mode."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from services.cohorts.cli import opening
from services.cohorts.cli.surveys import surveys
from services.cohorts.domain.survey import Question
from services.cohorts.use_cases.answer_offer import answer_offer
from services.cohorts.use_cases.answer_survey import answer_survey
from services.cohorts.use_cases.write_survey import Settings, draft_survey
from tests.cohorts.programme import Programme

NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(surveys, list(arguments))


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    source, target = request.getfixturevalue("empty_sqlite"), request.getfixturevalue("tmp_path") / "cohorts.sqlite3"
    shutil.copy(source, target)
    return f"sqlite:///{target}"


@pytest.fixture
def held(programme: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Programme]:
    """The data directory of two participants, with a draft."""
    programme.fill(2)
    programme.settle(places=2)
    programme.release(2, 0)
    for offer in programme.offers():
        programme.do(answer_offer, programme.token(offer), "accepted")

    def draft(uow: Any) -> None:
        cohort = uow.cohorts.of_round(programme.round_id)
        settings = Settings(title="How is it?", moment="mid", closes_at=NOW + timedelta(days=9))
        draft_survey(uow, cohort.id, settings, (Question("used", "yes_no", "Did you use it?"),))

    programme.do(draft)
    (tmp_path / "secrets.json").write_text(json.dumps({"cohorts": "s" * 32}))
    monkeypatch.setattr(opening, "system_clock", lambda: NOW)
    return str(tmp_path), programme


def test_a_survey_is_published_answered_read_and_closed(held: tuple[str, Programme], tmp_path: Path) -> None:
    data, programme = held
    listed = run("list", "--data", data).output.split("\t")
    survey = listed[0]
    assert listed[1:5] == ["mid", "draft", "named", "0/0"] and listed[6] == "How is it?\n"
    assert json.loads(run("show", survey, "--data", data).output)["questions"][0]["id"] == "used"
    assert "no answers" in run("results", survey, "--data", data).output
    again = tmp_path / "again.json"
    again.write_text(run("show", survey, "--data", data).output)
    drafted = run("draft", str(again), "--round", "leaders", "--data", data).output
    assert "A survey of 1 questions is drafted" in drafted
    again.write_text('{"title": 3, "closes_at": "soon"}')
    assert "not a survey" in run("draft", str(again), "--round", "leaders", "--data", data).output
    assert "2 people would be asked now" in run("publish", survey, "--dry-run", "--data", data).output
    assert "2 people are asked now" in run("publish", survey, "--data", data).output
    with programme.units.begin() as uow:
        answer_survey(uow, programme.person("Applicant 1"), uow.surveys.of_cohort(_cohort(uow, programme))[0].id, YES)
    found = run("results", survey, "--data", data).output
    assert "2 invited, 1 answered." in found and "Yes\t1\t100% asked\t100% answered\t50% invited" in found
    assert "Did you use it?,Yes,1,2,0.5,1,1.0,1,1.0" in run("results", survey, "--csv", "--data", data).output
    assert "1 of 2 answered" in run("close", survey, "--data", data).output
    twice = run("close", survey, "--data", data)
    assert twice.exit_code == 1 and "Only a survey that is published" in twice.output


YES = {"used": ["yes"]}


def _cohort(uow: Any, programme: Programme) -> Any:
    return uow.cohorts.of_round(programme.round_id).id
