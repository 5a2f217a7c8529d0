"""`hearth add-person`: how the first member of staff comes into a real installation."""

import base64
import json
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, select

from services.applications.cli import COMMANDS
from services.applications.cli.people import add_person
from services.applications.storage.tables import PersonRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.messaging.tables import outbox
from shared.service import Service
from tests.processes.settings import key_pair

PRIVATE, PUBLIC = key_pair()
WHO = ("--email", "Noor@Example.org", "--name", "Noor O'Brien-Ñuñez")


@pytest.fixture
def environment(service: Service[ApplicationsUnitOfWork]) -> dict[str, str]:
    """What the applications service is configured with."""
    return {
        "APPLICATIONS_DATABASE_URL": service.units.engine.url.render_as_string(hide_password=False).replace(
            "postgresql+psycopg", "postgresql"
        ),
        "APPLICATIONS_SECRET_KEY": "0123456789abcdef0123456789abcdef0123456789",
        "APPLICATIONS_IDENTITY_PRIVATE_KEY": PRIVATE,
        "HEARTH_IDENTITY_PUBLIC_KEY": PUBLIC,
        "APPLICATIONS_FIELD_KEYS": "1:" + base64.b64encode(bytes(range(32))).decode(),
        "HEARTH_PUBLIC_URL": "https://apply.example.org",
    }


def run(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(add_person, [*arguments], env=environment)


def people(service: Service[ApplicationsUnitOfWork]) -> list[PersonRow]:
    with service.units.begin(write=False) as uow:
        return list(uow.session.scalars(select(PersonRow)))


def told(service: Service[ApplicationsUnitOfWork]) -> list[tuple[str, list[str]]]:
    """The events that went out: type and roles."""
    with service.units.begin(write=False) as uow:
        bodies = [json.loads(body) for body in uow.session.scalars(select(outbox.c.body).order_by(outbox.c.position))]
    return [(body["type"].rpartition(".")[2], body["data"]["roles"]) for body in bodies]


def test_the_first_member_of_staff(environment: dict[str, str], service: Service[ApplicationsUnitOfWork]) -> None:
    done = run(environment, *WHO, "--role", "staff", "--role", "administrator")
    assert done.exit_code == 0, done.output
    (person,) = people(service)
    assert UUID(done.stdout.split()[0]) == person.id
    assert (person.email, person.name) == ("noor@example.org", "Noor O'Brien-Ñuñez")
    assert person.roles == ["administrator", "staff"]
    assert [roles for _, roles in told(service)] == [["administrator", "staff"]]
    assert "authenticator" in done.stderr


def test_somebody_with_an_account_gets_the_role_and_keeps_the_rest(
    environment: dict[str, str], service: Service[ApplicationsUnitOfWork]
) -> None:
    first = run(environment, *WHO, "--role", "applicant")
    again = run(environment, "--email", "noor@example.org", "--name", "Another", "--role", "staff")
    (person,) = people(service)
    assert (person.name, person.roles) == ("Noor O'Brien-Ñuñez", ["applicant", "staff"])
    assert first.stdout.split()[0] == again.stdout.split()[0]
    assert "There was an account" in again.stderr
    assert "authenticator" not in first.stderr


@pytest.mark.parametrize(
    ("email", "name", "said"),
    [("noor at example", "Noor", "--email"), ("", "Noor", "--email"), ("n@example.org", " ", "--name")],
)
def test_what_will_not_do_is_named_and_nobody_is_made(
    environment: dict[str, str], service: Service[ApplicationsUnitOfWork], email: str, name: str, said: str
) -> None:
    done = run(environment, "--email", email, "--name", name, "--role", "staff")
    assert done.exit_code == 1
    assert done.stderr.startswith(f"hearth add-person: {said}: ")
    assert done.stderr.count("\n") == 1
    assert people(service) == []


def test_a_role_that_does_not_exist_is_refused(environment: dict[str, str]) -> None:
    done = run(environment, *WHO, "--role", "king")
    assert done.exit_code == 2
    assert "king" in done.stderr


@pytest.mark.parametrize("variable", ["APPLICATIONS_DATABASE_URL", "APPLICATIONS_SECRET_KEY", "HEARTH_PUBLIC_URL"])
def test_a_missing_variable_is_named(environment: dict[str, str], variable: str) -> None:
    done = run({**environment, variable: ""}, *WHO, "--role", "staff")
    assert done.exit_code == 78
    assert done.stderr.startswith(f"hearth add-person: {variable}: ")


def test_a_database_without_tables_is_one_line(
    environment: dict[str, str], request: pytest.FixtureRequest, tmp_path: object
) -> None:
    if environment["APPLICATIONS_DATABASE_URL"].startswith("sqlite"):
        url = f"sqlite:///{tmp_path}/empty.sqlite3"
        create_engine(url).connect().close()
    else:
        url = request.getfixturevalue("postgres")().replace("postgresql+psycopg", "postgresql")
    done = run({**environment, "APPLICATIONS_DATABASE_URL": url}, *WHO, "--role", "staff")
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "migrate" in done.stderr


def test_a_database_that_is_away_is_one_line(environment: dict[str, str]) -> None:
    url = "postgresql://hearth:0123456789abcdef@127.0.0.1:1/none"
    done = run({**environment, "APPLICATIONS_DATABASE_URL": url}, *WHO, "--role", "staff")
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "does not answer" in done.stderr


def test_it_is_a_command_of_hearth() -> None:
    assert COMMANDS["add-person"] == "services.applications.cli.people:add_person"
