import json

import pytest
from click.testing import CliRunner

from services.cohorts.cli.assign import assign_command


@pytest.fixture
def run(tmp_path):
    def run(*more, **files):
        options = []
        for name, text in {"applications": "id\na1\na2\na3\n", "reviewers": "id\nr1\nr2\nr3\n", **files}.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
            options += [f"--{name}", str(tmp_path / f"{name}.csv")]
        out = tmp_path / "out.json"
        result = CliRunner().invoke(assign_command, [*options, "--per-application", "2", "--json", str(out), *more])
        return result, json.loads(out.read_text()) if out.exists() else None

    return run


def test_the_answer_has_what_was_promised(run):
    result, answer = run(
        conflicts="application,reviewer\na1,r1\n",
        affinities="application,reviewer,value\na2,r2,2.5\na2,r1,0.5\na3,r3,1\n",
    )
    assert result.exit_code == 0, result.output
    assert {"application": "a1", "reviewer": "r1"} not in answer["assignments"]
    assert len(answer["assignments"]) == 6
    assert answer["load"] == {"r1": 2, "r2": 2, "r3": 2}
    assert answer["total_affinity"] == 4.0
    assert answer["minimum_affinity"] == 0.0
    assert answer["optimal"] is True
    assert answer["seconds"] >= 0


def test_files_without_a_header_lose_no_row(run):
    _, answer = run(applications="a1\na2\na3\na4\n", reviewers="r1\nr2\nr3\n", conflicts="a1,r1\n")
    assert {x["application"] for x in answer["assignments"]} == {"a1", "a2", "a3", "a4"}
    assert {"application": "a1", "reviewer": "r1"} not in answer["assignments"]


def test_capacities_come_from_the_column_and_the_option(run):
    _, answer = run("--max-per-reviewer", "3", reviewers="reviewer,capacity\nr1,1\nr2,9\nr3,\n")
    assert answer["load"]["r1"] == 1
    assert max(answer["load"].values()) == 3
    assert answer["widened"] is True
    assert any("r1" in note for note in answer["notes"])


def test_no_assignment_is_exit_code_2_and_names_the_clash(run):
    result, answer = run(conflicts="application,reviewer\na2,r1\na2,r2\n")
    assert result.exit_code == 2
    assert "Application a2 needs 2" in result.output
    assert answer["assignments"] == []
    assert answer["clashes"][0]["applications"] == ["a2"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"applications": "id\na1\n\na1\n"}, "applications.csv, line 4: a1 is already on line 2"),
        ({"reviewers": "id,capacity\nr1,lots\n"}, "reviewers.csv, line 2: the capacity 'lots'"),
        ({"conflicts": "application,reviewer\na1,r1\na9,r1\n"}, "conflicts.csv, line 3: there is no application 'a9'"),
        ({"affinities": "application,reviewer,value\na1,r1,high\n"}, "affinities.csv, line 2: 'high' is not a number"),
        ({"affinities": "application,reviewer,value\na1,r1,1\na1,r1,2\n"}, "line 3: a1 and r1 have another value"),
        ({"applications": "id\n"}, "applications.csv, line 1: there are no rows"),
    ],
)
def test_bad_rows_are_told_with_their_lines(run, files, said):
    result, answer = run(**files)
    assert result.exit_code == 1
    assert said in result.output
    assert answer is None


def test_a_missing_option_is_bad_input_and_not_an_infeasible_round():
    assert CliRunner().invoke(assign_command, []).exit_code == 1


def test_existing_reviews_stay_or_move_as_asked(run):
    existing = "application,reviewer\na1,r1\na2,r1\na3,r1\n"
    _, kept = run(existing=existing)
    assert kept["load"]["r1"] == 3
    _, moved = run("--rebalance", existing=existing)
    assert moved["load"] == {"r1": 2, "r2": 2, "r3": 2}
    result, _ = run(existing=existing, reviewers="id\nr2\nr3\n")
    assert result.exit_code == 1
    result, left = run("--rebalance", existing=existing, reviewers="id\nr2\nr3\n")
    assert result.exit_code == 0, result.output
    assert left["load"] == {"r2": 3, "r3": 3}


def test_the_answer_can_go_to_standard_output(tmp_path):
    (tmp_path / "a.csv").write_text("id\na1\n")
    (tmp_path / "r.csv").write_text("id\nr1\n")
    files = ["--applications", str(tmp_path / "a.csv"), "--reviewers", str(tmp_path / "r.csv")]
    result = CliRunner().invoke(assign_command, [*files, "--per-application", "1", "--json", "-"])
    assert json.loads(result.stdout)["assignments"] == [{"application": "a1", "reviewer": "r1"}]
