"""`hearth organisations`: the register listed, duplicates found, merged or told apart."""

import pytest

from services.applications.cli.organisations import organisations
from services.applications.use_cases.keep_organisations import add_organisation
from tests.applications.cli.conftest import Run
from tests.applications.parts import Applications

ONE, OTHER = "Refugee & Migrant Centre", "Refugee and Migrants Centre"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def two(service: Applications) -> tuple[str, str]:
    """Two that are one, and fifty-five others, which is more than a page."""
    with service.units.begin() as uow:
        ids = [add_organisation(uow, name, "Sam").id for name in (ONE, OTHER)]
        for number in range(55):
            add_organisation(uow, f"{'xyz'[number % 3] * 4} {number:02} house", "Sam")
    return str(ids[0]), str(ids[1])


def test_the_register_is_listed_whole_and_searched(run: Run, two: tuple[str, str]) -> None:
    assert len(run(organisations, "list").output.splitlines()) == 57
    found = run(organisations, "list", "--find", "migrant").output.splitlines()
    assert [line.split("\t")[2] for line in found] == [ONE, OTHER]


def test_duplicates_are_merged_with_their_history(run: Run, two: tuple[str, str]) -> None:
    kept, merged = two
    pairs = [line.split("\t") for line in run(organisations, "duplicates").output.splitlines()]
    assert {kept, merged} in [{line[1], line[2]} for line in pairs]
    done = run(organisations, "merge", kept, merged, "--reason", "Same charity number", "--by", "Noor")
    assert done.exit_code == 0 and ONE in done.output
    shown = run(organisations, "show", kept).output
    assert f"also {OTHER}" in shown and "Same charity number" in shown and "\tNoor\t" in shown
    assert "It was merged into" in run(organisations, "show", merged).output
    again = run(organisations, "merge", kept, merged)
    assert again.exit_code == 1 and "merged into another" in again.output


def test_what_is_not_one_is_told_apart(run: Run, two: tuple[str, str]) -> None:
    assert run(organisations, "apart", *two).exit_code == 0
    assert two[0] not in run(organisations, "duplicates").output
    assert run(organisations, "merge", two[0], two[0]).exit_code == 1
    assert run(organisations, "show", "00000000-0000-0000-0000-000000000001").exit_code == 1
    assert run(organisations, "merge", *two, "--by", " ").exit_code == 2
