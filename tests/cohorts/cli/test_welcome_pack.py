"""`hearth welcome-pack`: versions in each language, and who has read them."""

import pytest

from services.cohorts.cli.welcome_pack import welcome_pack
from services.cohorts.use_cases.keep_welcome_pack import LIMIT
from tests.cohorts.cli.conftest import Desk

ROUND = ("--round", "leaders")


def test_it_is_published_in_versions(desk: Desk) -> None:
    arabic = (*ROUND, "--language", "ar")
    dry = desk.run(welcome_pack, "publish", "-", *arabic, "--dry-run", given="# أهلا")
    assert "Version 1 would be published." in dry.output
    assert desk.run(welcome_pack, "list", *ROUND).output == ""
    done = desk.run(welcome_pack, "publish", "-", *arabic, "--by", "Sam", given="# أهلا\r\n\r\nبكم\n")
    assert "Version 1 is published: 2 participants see it" in done.output
    assert desk.run(welcome_pack, "list", *ROUND).output == "ar\t1\t2027-01-11\tSam\n"
    assert desk.run(welcome_pack, "show", *arabic).output == "# أهلا\n\nبكم\n"
    desk.run(welcome_pack, "publish", "-", *arabic, given="# مرحبا")
    assert desk.run(welcome_pack, "list", *ROUND).output.startswith("ar\t2\t")
    read = desk.run(welcome_pack, "readers", *ROUND).output.splitlines()
    assert read == [f"-\t{name}" for name in desk.names]


@pytest.mark.parametrize("given", ["", " \n", "x" * (LIMIT + 1), b"\xff\xfe"])
def test_what_is_no_pack_is_refused(desk: Desk, given: str | bytes) -> None:
    done = desk.run(welcome_pack, "publish", "-", *ROUND, "--language", "en", given=given)
    assert done.exit_code == 1 and done.output.startswith("Error: ")
    missing = desk.run(welcome_pack, "show", *ROUND, "--language", "en")
    assert missing.exit_code == 1 and "No welcome pack is published" in missing.output


def test_another_language_is_refused(desk: Desk) -> None:
    assert desk.run(welcome_pack, "publish", "-", *ROUND, "--language", "tlh", given="Qapla").exit_code == 2
