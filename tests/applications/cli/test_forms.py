"""`hearth form`: forms in and out of files, copied, published, with the line of every mistake."""

import base64
import json

import pytest
from click.testing import CliRunner

from services.applications.cli.forms import form_command
from services.applications.domain.building.files import write_file
from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.use_cases.build_form import open_form
from services.applications.use_cases.keep_round import create_round
from tests.applications.parts import PRIVATE, PUBLIC, SLUG


@pytest.fixture
def run(database_url, service, open_round, monkeypatch):
    settings = {
        "APPLICATIONS_DATABASE_URL": database_url.replace("postgresql+psycopg", "postgresql"),
        "HEARTH_PUBLIC_URL": "http://localhost",
        "APPLICATIONS_SECRET_KEY": "a-secret-of-the-tests-that-is-long-enough-0123",
        "APPLICATIONS_IDENTITY_PRIVATE_KEY": PRIVATE,
        "HEARTH_IDENTITY_PUBLIC_KEY": PUBLIC,
        "APPLICATIONS_FIELD_KEYS": "k1:" + base64.b64encode(bytes(range(32))).decode(),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(form_command, list(map(str, arguments)))


def test_out_changed_in_and_published(run, service, open_round, tmp_path):
    path = tmp_path / "form.json"
    assert run("export", "--round", SLUG, "--format", "json", "--out", path).exit_code == 0
    form = json.loads(path.read_text())
    form["sections"][0]["title"] = "Who you are, محمد 🙂"
    path.write_text(json.dumps(form))
    assert run("check", path).exit_code == 0
    assert run("import", "--round", SLUG, path).exit_code == 0
    assert "Version 2 is published." in run("publish", "--round", SLUG, "--note", "Words").output
    assert "محمد 🙂" in run("export", "--round", SLUG, "--version", 2).output
    assert "محمد" not in run("export", "--round", SLUG, "--version", 1).output
    again = run("publish", "--round", SLUG, "--note", "Words")
    assert again.exit_code == 1 and "Nothing has changed" in again.output


def test_a_form_is_copied_between_rounds(run, service):
    with service.units.begin() as uow:
        small = {"title": "S", "sections": [form_definition()["sections"][1]]}
        rules = {"title": "R", "rules": rules_definition()["rules"][1:2]}
        other = create_round(uow, {**round_definition(), "id": "other", "form": small, "rules": rules})
    assert run("copy", "--from", "other", "--to", SLUG).exit_code == 0
    assert run("copy", "--from", "nowhere", "--to", SLUG).exit_code == 1
    with service.units.begin(write=False) as uow:
        assert len(open_form(uow, uow.rounds.by_slug(SLUG).id).definition["sections"]) == 1
    assert other.slug == "other"


def test_a_bad_file_is_told_by_its_lines_and_changes_nothing(run, tmp_path):
    path = tmp_path / "form.yaml"
    path.write_text(write_file(form_definition()).replace("kind: consent", "kind: contents", 1))
    refused = run("import", "--round", SLUG, path)
    assert refused.exit_code == 1 and "form.yaml: Line " in refused.output and "must be one of" in refused.output
    path.write_bytes(b"\xff\xfe\x00")
    assert "not a text file" in run("check", path).output
    assert "Version" not in run("publish", "--round", SLUG, "--note", "x").output
