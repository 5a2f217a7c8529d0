"""`hearth extensions`: more time for one person, in the name of a member of staff."""

import pytest

from services.applications.cli.extensions import extensions
from services.applications.use_cases.keep_person import register_person
from tests.applications.cli.conftest import Run
from tests.applications.parts import SLUG, Applications, data_of

ROUND = ("--round", SLUG)
UNTIL = ("--until", "2027-03-05T23:59")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(autouse=True)
def people(service: Applications) -> None:
    """An applicant and a member of staff."""
    with service.units.begin() as uow:
        for name, role in (("amal", "applicant"), ("sam", "staff")):
            register_person(uow, email=f"{name}@example.org", name=name, language="en", roles=[role])


def give(run: Run, *arguments: str, email: str = "amal@example.org", by: str = "sam@example.org") -> tuple[int, str]:
    done = run(extensions, "give", email, *ROUND, "--reason", "You were in hospital.", "--by", by, *arguments)
    return done.exit_code, done.output


def test_it_is_looked_at_given_and_listed(run: Run, service: Applications) -> None:
    assert give(run, *UNTIL, "--dry-run") == (
        0,
        "They would have until 2027-03-05 23:59 (Europe/London). Nothing is kept.\n",
    )
    assert run(extensions, "list", *ROUND).output == "" and data_of(service, "deadline_extended") == []
    assert give(run, *UNTIL, "--zone", "Asia/Kabul")[0] == 0
    listed = run(extensions, "list", *ROUND).output
    assert listed == "2027-03-05 23:59\tAsia/Kabul\tamal@example.org\tYou were in hospital.\n"
    assert len(data_of(service, "deadline_extended")) == 1


@pytest.mark.parametrize(
    ("arguments", "who", "said"),
    [
        (("--until", "soon"), {}, "until: "),
        (("--until", "2027-01-05 23:59"), {}, "later than the deadline"),
        ((*UNTIL, "--zone", "Mars/Base"), {}, "zone: "),
        (UNTIL, {"email": "nobody@example.org"}, "email: Nobody with this address"),
        (UNTIL, {"email": "no address"}, "email: "),
        (UNTIL, {"by": "amal@example.org"}, "--by: Nobody on the staff"),
        (UNTIL, {"by": "nobody@example.org"}, "--by: Nobody on the staff"),
    ],
)
def test_what_will_not_do_is_named(run: Run, arguments: tuple[str, ...], who: dict[str, str], said: str) -> None:
    status, output = give(run, *arguments, **who)
    assert status == 1 and said in output
    assert run(extensions, "list", *ROUND).output == ""
