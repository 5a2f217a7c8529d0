"""`hearth rules`: looked at, checked, tried, published and everybody scored, from a terminal."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from services.applications.cli.rules import rules
from services.applications.domain.samples.files import rules_definition
from tests.applications.cli.conftest import Run
from tests.applications.parts import PRIVATE, PUBLIC, SLUG, Applications
from tests.applications.sent import send

ROUND = ("--round", SLUG)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: the work itself is tested on both databases."""
    return sqlite_url


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The sample's rules with 7 points in place of 20."""
    definition = rules_definition()
    definition["rules"][2]["points"] = 7
    file = tmp_path / "rules.yaml"
    file.write_text(yaml.safe_dump(definition))
    return file


def test_a_file_is_tried_published_and_everybody_scored(service: Applications, run: Run, changed: Path) -> None:
    application = send(service, "a@example.org")
    assert "Nothing is wrong" in run(rules, "check", changed, *ROUND).output
    tried = run(rules, "what-if", changed, *ROUND, "--places", 1)
    assert tried.exit_code == 0 and "1 of 1 have another score." in tried.output
    assert "share\t" in tried.output and "\nin\t" not in tried.output
    done = run(rules, "publish", changed, *ROUND, "--reason", "We heard you.", "--by", "Sam")
    assert done.exit_code == 0, done.output
    assert "1 of 1 applications" in done.output and "Version 2 is in force." in done.output
    with service.units.begin(write=False) as uow:
        kept = uow.scores.in_force(application)
        assert kept is not None and kept.score == 87
    assert "Version 3 is in force." in run(rules, "rescore", *ROUND, "--reason", "Once more.").output
    listed = [line.split("\t") for line in run(rules, "list", *ROUND).output.splitlines()]
    assert [line[:2] for line in listed] == [["3", "in force"], ["2", "-"], ["1", "-"]]
    assert listed[1][3:] == ["Sam", "We heard you."]
    shown = run(rules, "show", *ROUND, "--version", 2).output
    assert yaml.safe_load(shown)["rules"][2]["points"] == 7


def test_who_comes_in_and_who_leaves_is_said(service: Applications, run: Run, tmp_path: Path) -> None:
    small = send(service, "small@example.org", organisation_postcode="SW1A")
    large = send(service, "large@example.org", organisation_income=50_000_000)
    definition = rules_definition()
    definition["rules"][2]["points"] = 60  # for outside London
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(definition))
    tried = run(rules, "what-if", file, *ROUND, "--places", 1)
    with service.units.begin(write=False) as uow:
        names = [uow.applications.get(id).reference for id in (large, small)]
    assert f"in\t{names[0]}\t70\t2\t110\t1\nout\t{names[1]}\t80\t1\t80\t2\n" in tried.output, tried.output
    assert run(rules, "what-if", file, *ROUND, "--places", 0).exit_code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules:\n- {id: r, kind: choice, label: R, question: nobody_asked, points: {a: 1}}", "rules.0.question"),
        ("rules: [", "Look at line"),
        ("a: &a [*a]", "& and *"),
        ("- 1", "These are not rules"),
    ],
)
def test_what_will_not_do_is_refused_with_its_place(run: Run, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(text)
    for arguments in (("check", file, *ROUND), ("publish", file, *ROUND, "--reason", "x")):
        refused = run(rules, *arguments)
        assert refused.exit_code == 1 and said in refused.output, refused.output
    assert "2\t" not in run(rules, "list", *ROUND).output


def test_a_reason_and_a_round_are_needed(run: Run, changed: Path) -> None:
    assert run(rules, "rescore", *ROUND, "--reason", " ").exit_code == 1
    assert run(rules, "publish", changed, "--round", "nowhere", "--reason", "x").exit_code == 1
    assert run(rules, "show", *ROUND, "--version", 9).exit_code == 1
    assert run(rules, "check", changed, *ROUND, "--form", changed).exit_code == 2


def test_rules_are_checked_without_a_database(changed: Path) -> None:
    done = CliRunner().invoke(rules, ["check", str(changed)])
    assert done.exit_code == 0 and "Nothing is wrong." in done.output


def test_it_reads_the_environment(database_url: str, open_round: Any) -> None:
    environment = {
        "APPLICATIONS_DATABASE_URL": database_url,
        "APPLICATIONS_SECRET_KEY": "0123456789abcdef0123456789abcdef0123456789",
        "APPLICATIONS_IDENTITY_PRIVATE_KEY": PRIVATE,
        "HEARTH_IDENTITY_PUBLIC_KEY": PUBLIC,
        "APPLICATIONS_FIELD_KEYS": "1:" + base64.b64encode(bytes(range(32))).decode(),
        "HEARTH_PUBLIC_URL": "https://apply.example.org",
    }
    assert CliRunner().invoke(rules, ["list", *ROUND], env=environment).exit_code == 0
    missing = CliRunner().invoke(rules, ["list", *ROUND], env={**environment, "APPLICATIONS_SECRET_KEY": ""})
    assert missing.exit_code == 78 and "APPLICATIONS_SECRET_KEY" in missing.output
    away = {**environment, "APPLICATIONS_DATABASE_URL": "postgresql://hearth:0123456789abcdef@127.0.0.1:1/none"}
    assert "does not answer" in CliRunner().invoke(rules, ["list", *ROUND], env=away).output
