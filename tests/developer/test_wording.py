from pathlib import Path

import pytest

from services.developer import wording


@pytest.mark.parametrize(
    "line",
    [
        "see https://" + "py" + "pi.org/simple",
        "pip install --find" + "-links=here",
        "open('/ro" + "ot/data')",
        "cd /home/" + "ada/hearth",
    ],
)
def test_places_are_found(line: str) -> None:
    assert [number for number, _what in wording.problems_of("fine\n" + line)] == [2]


@pytest.mark.parametrize(
    "line", ["pip install flask", "https://example.org/root/plan", "{{ root }}/root/x", "a/home/b/c"]
)
def test_other_words_pass(line: str) -> None:
    assert wording.problems_of(line) == []


def test_every_file_is_looked_at_without_git(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "one.py").write_text("x = '/ro" + "ot/x'\n")
    problems, count = wording.check(tmp_path)
    assert (problems, count) == (["shared/one.py:1: a folder of one machine"], 1)
