import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from services.cohorts.cli.select import draw_command, select_command

POOL = """id,score,gender,region,org
ann,90,W,North,x
bob,85,M,South,x
cat,80,W,South,y
dan,75,M,South,z
eve,60,W,North,z
fay,50,W,North,w
"""
TARGETS = "feature,value,min,max\ngender,W,1,2\nregion,North,2,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pool.csv").write_text(POOL)
    (tmp_path / "targets.csv").write_text(TARGETS)
    return tmp_path


def select(folder: Path, *options: str, size: int = 3) -> Result:
    arguments = ["--pool", f"{folder}/pool.csv", "--targets", f"{folder}/targets.csv", "--size", str(size)]
    return CliRunner().invoke(select_command, [*arguments, "--json", f"{folder}/out.json", *options])


def answer(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "out.json").read_text())
    return found


def test_the_best_choice_with_its_proof_and_reasons(folder: Path) -> None:
    assert select(folder, "--score-column", "score").exit_code == 0
    found = answer(folder)
    assert found["status"] == "optimal"
    assert found["selected"] == ["ann", "bob", "eve"]
    assert (found["objective"], found["bound"], found["gap"]) == (235, 235, 0)
    assert found["counts"] == {"gender": {"W": 2, "M": 1}, "region": {"North": 2, "South": 1}}
    assert set(found["reasons"]) == {"ann", "bob", "cat", "dan", "eve", "fay"}
    assert (found["reasons"]["eve"]["code"], found["reasons"]["cat"]["code"]) == ("target", "displaced")
    assert found["seconds"] >= 0
    assert [price["points"] for price in found["prices"]] == [0, 20]


def test_at_most_one_per_and_pins(folder: Path) -> None:
    (folder / "in.txt").write_text("fay\n")
    (folder / "out.txt").write_text("id\nann\n")
    options = ["--at-most-one-per", "org", "--pin-in", f"{folder}/in.txt", "--pin-out", f"{folder}/out.txt"]
    assert select(folder, "--score-column", "score", *options).exit_code == 0
    found = answer(folder)
    assert found["selected"] == ["bob", "eve", "fay"]
    assert found["reasons"]["fay"]["code"] == "pinned_in"


def test_without_a_score_nothing_is_maximised_and_it_says_so(folder: Path) -> None:
    done = select(folder, "--seed", "s")
    assert done.exit_code == 0
    assert "Nothing is maximised" in done.output
    assert "Nothing is maximised" in answer(folder)["note"]
    assert answer(folder)["objective"] == 0
    assert len(answer(folder)["selected"]) == 3


def test_clashing_targets_exit_2_and_say_what_to_do(folder: Path) -> None:
    (folder / "targets.csv").write_text(TARGETS + "region,South,2,\n")
    done = select(folder, "--score-column", "score")
    assert done.exit_code == 2
    found = answer(folder)
    assert (found["status"], found["selected"]) == ("infeasible", [])
    assert found["relaxation"]["cost"] == 1
    assert found["clash"]["targets"] == ["at least 2 with region North", "at least 2 with region South"]
    assert found["clash"]["text"] in done.output


def test_a_lottery_is_drawn_and_anybody_can_replay_it(folder: Path) -> None:
    assert select(folder, "--lottery", "leximin", "--seed", "midsummer").exit_code == 0
    found = answer(folder)
    assert sum(found["probabilities"].values()) == pytest.approx(3)
    able = [chance for person, chance in found["probabilities"].items() if person not in found["impossible"]]
    assert found["minimum_probability"] == min(able) == 0.5
    assert found["impossible"] == ["cat"]
    assert all(sum(values.values()) == len(found["selected"]) for values in found["counts"].values())
    codes = {person: reason["code"] for person, reason in found["reasons"].items()}
    assert codes["cat"] == "not_in_draw"
    assert {person for person, code in codes.items() if code in {"drawn", "certain"}} == set(found["selected"])
    assert "50.00%" in next(reason["text"] for reason in found["reasons"].values() if reason["code"] == "not_drawn")
    assert sum(panel["probability"] for panel in found["panels"]) == pytest.approx(1)
    assert sum(panel["weight"] for panel in found["panels"]) == found["whole"]
    replay = CliRunner().invoke(draw_command, ["--distribution", f"{folder}/out.json", "--seed", "midsummer"])
    assert replay.exit_code == 0
    assert replay.output.split() == found["selected"]


def test_a_lottery_without_a_seed_draws_nobody(folder: Path) -> None:
    assert select(folder, "--lottery", "maximin").exit_code == 0
    assert (answer(folder)["selected"], answer(folder)["counts"], answer(folder)["seed"]) == ([], {}, None)
    assert {one["code"] for one in answer(folder)["reasons"].values()} == {"in_draw", "not_in_draw"}


def test_the_same_input_gives_the_same_answer(folder: Path) -> None:
    answers = []
    for _ in range(2):
        select(folder, "--lottery", "leximin", "--seed", "s")
        answers.append({key: value for key, value in answer(folder).items() if key != "seconds"})
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("pool.csv", "id,score\nann,high\n", "pool.csv, line 2: the score “high” is not a number."),
        ("pool.csv", "", "pool.csv: the file is empty."),
        (
            "targets.csv",
            "feature,value,min,max\ngender,W,3,1\n",
            "line 2: the minimum, 3, is more than",
        ),
        ("targets.csv", "feature,value,min\ngender,W,3\n", "line 1: there is no column “max”"),
    ],
)
def test_bad_input_exits_1_with_line_numbers(folder: Path, file: str, text: str, told: str) -> None:
    (folder / file).write_text(text)
    done = select(folder, "--score-column", "score")
    assert done.exit_code == 1
    assert told in done.output
    assert not (folder / "out.json").exists()


def test_more_places_than_people_a_missing_file_or_a_wrong_option_exit_1(folder: Path) -> None:
    assert select(folder, "--score-column", "score", size=7).exit_code == 1
    assert select(folder, "--pin-in", f"{folder}/nowhere.txt").exit_code == 1
    assert select(folder, "--lottery", "fairest").exit_code == 1
    assert select(folder, "--at-most-one-per", "planet").exit_code == 1


def test_a_file_that_is_no_lottery_cannot_be_drawn(folder: Path) -> None:
    (folder / "other.json").write_text('{"panels": []}')
    done = CliRunner().invoke(draw_command, ["--distribution", f"{folder}/other.json", "--seed", "s"])
    assert done.exit_code == 1
    assert "not the answer of a lottery" in done.output
