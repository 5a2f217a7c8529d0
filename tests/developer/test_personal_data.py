"""`hearth personal-data` and `hearth retention` on the embedded mode: one person, from a copy to a certificate."""

import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.applications.domain.samples.generator import generate
from services.applications.use_cases.keep_person import register_person
from services.developer.installed import VARIABLES
from services.developer.personal_data.command import personal_data
from services.developer.retention import retention
from services.embedded.assembly import assemble
from services.embedded.home import open_home
from services.embedded.sample import apply_sample
from shared.timekeeping import MovableClock
from tests.architecture.test_erasure_saga import template
from tests.architecture.world import START

PERSON = next(iter(generate(1, 7, opens_at=START, closes_at=START + timedelta(days=9))))
ROUND = "leading-together-2027"


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data directory with an application that was sent, and somebody who works here."""
    with template() as folder:
        assembly = assemble(open_home(folder), "http://localhost", MovableClock(START), demo=False)
        apply_sample(assembly.applications.units, ROUND, PERSON)
        with assembly.applications.units.begin() as uow:
            register_person(uow, email="sam@example.org", name="Sam", language="en", roles=["staff"])
        assembly.broker.run_until_idle(timeout=60)
        assembly.dispose()
        yield folder


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(personal_data, [*arguments, "--data", str(data)])


def test_what_is_held_is_counted_and_not_said(data: Path) -> None:
    person = run(data, "held", "--person", PERSON.email)
    assert person.exit_code == 0, person.output
    for service in VARIABLES:
        assert f"\n{service}" in person.output
    whole = run(data, "held", "--round", ROUND)
    assert "submitted" in whole.output and "equality, sealed" in whole.output
    reference = person.output.partition("applications: ")[2].partition(" ")[0]
    one = run(data, "held", "--application", reference.lower().replace("-", ""))
    assert one.output == whole.output
    assert PERSON.email not in one.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("held", "--round", "no-such-round"), "no such round"),
        (("copy", "nobody@example.org", "--out", "nowhere.zip"), "Nobody here"),
        (("erase", "nobody@example.org", "--yes"), "Nobody here"),
        (("erasure", "AAAA-AAAA"), "no erasure"),
    ],
)
def test_whom_nobody_knows(data: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(data, *arguments)
    assert done.exit_code == 1
    assert said in done.output and done.output.startswith("Error: ")


def test_a_folder_without_databases_and_an_environment_without_services(tmp_path: Path) -> None:
    assert "applications.sqlite3" in run(tmp_path, "held", "--round", ROUND).output
    nothing = CliRunner().invoke(personal_data, ["held", "--round", ROUND], env=dict.fromkeys(VARIABLES.values(), ""))
    assert nothing.exit_code == 1 and "APPLICATIONS_DATABASE_URL" in nothing.output
    unsafe = {**dict.fromkeys(VARIABLES.values(), ""), "APPLICATIONS_DATABASE_URL": "mysql://somewhere"}
    assert CliRunner().invoke(personal_data, ["held", "--round", ROUND], env=unsafe).exit_code == 78


def test_a_service_whose_workers_are_away_is_named_in_time(data: Path, tmp_path: Path) -> None:
    home = open_home(data)
    secrets = home.secrets()
    environment = {
        **dict.fromkeys(VARIABLES.values(), ""),
        "APPLICATIONS_DATABASE_URL": home.database_url("applications"),
        "APPLICATIONS_SECRET_KEY": secrets["applications"],
        "APPLICATIONS_IDENTITY_PRIVATE_KEY": secrets["identity_private_key"],
        "HEARTH_IDENTITY_PUBLIC_KEY": secrets["identity_public_key"],
        "APPLICATIONS_FIELD_KEYS": f"k1:{secrets['field_keys']['k1']}",
        "HEARTH_PUBLIC_URL": "https://apply.example.org",
    }
    out = tmp_path / "copy.zip"
    asked = ["copy", PERSON.email, "--out", str(out), "--wait", "0"]
    done = CliRunner().invoke(personal_data, asked, env=environment)
    assert done.exit_code == 1 and "are their workers up" in done.output and not out.exists()
    held = CliRunner().invoke(personal_data, ["held", "--person", PERSON.email], env=environment)
    assert held.exit_code == 0 and "cohorts" not in held.output


def test_retention_only_looks_unless_it_is_told_to_act(data: Path) -> None:
    looked = CliRunner().invoke(retention, ["--data", str(data)])
    assert looked.exit_code == 0 and "would go" in looked.output and " gone" not in looked.output
    assert CliRunner().invoke(retention, ["--data", str(data), "--do-it", "--dry-run"]).exit_code == 2
    assert " gone" in CliRunner().invoke(retention, ["--data", str(data), "--do-it"]).output


def test_whoever_works_here_is_erased_without_a_colleague_of_whoever_may_run_this(data: Path, tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.txt"
    held = run(data, "erase", "sam@example.org", "--yes", "--certificate", str(certificate))
    assert held.exit_code == 0 and "state         done" in held.output
    assert "Certificate of erasure" in certificate.read_text("utf-8")


def test_from_a_copy_to_a_certificate(data: Path, tmp_path: Path) -> None:
    out, certificate = tmp_path / "copy.zip", tmp_path / "certificate.txt"
    copied = run(data, "copy", PERSON.email, "--out", str(out))
    assert copied.exit_code == 0, copied.output
    assert out.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(out) as archive:
        document = json.loads(archive.read("data.json"))
    assert set(document["services"]) == set(VARIABLES)
    assert PERSON.email in str(document["services"]["notifications"])
    assert run(data, "copy", PERSON.email, "--out", str(out)).exit_code == 1
    assert run(data, "erase", PERSON.email).exit_code == 1  # nobody said that they are sure
    erased = run(data, "erase", PERSON.email, "--yes")
    assert erased.exit_code == 0 and erased.output.count(" erased ") == len(VARIABLES)
    reference = erased.output.split()[1]
    again = run(data, "erase", PERSON.email, "--yes")
    assert again.exit_code == 1 and reference in again.output
    shown = run(data, "erasure", PERSON.email, "--certificate", str(certificate))
    assert shown.exit_code == 0, shown.output
    text = certificate.read_text("utf-8")
    assert reference in text and PERSON.email not in text and PERSON.name not in text
    assert run(data, "erasure", reference, "--again").exit_code == 1
