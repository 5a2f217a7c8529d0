import json

import pytest
from click.testing import CliRunner

from services.cohorts.cli.calibrate import calibrate_command

LENIENCY = {"ann": 6, "ben": 0, "cy": -6, "di": 3}


def rows(header="reviewer,application,score", n=20):
    lines = [header]
    for i in range(n):
        lines += [
            f"{r},a{i:02},{50 + 2 * i + own + (i * 7 + j * 5) % 4}" for j, (r, own) in enumerate(LENIENCY.items())
        ]
    return "\n".join(lines) + "\n"


@pytest.fixture
def run(tmp_path):
    def run(text):
        (tmp_path / "reviews.csv").write_text(text, encoding="utf-8")
        out = tmp_path / "out.json"
        options = ["--reviews", str(tmp_path / "reviews.csv"), "--json", str(out)]
        result = CliRunner().invoke(calibrate_command, options)
        return result, json.loads(out.read_text()) if out.exists() else None

    return run


def test_the_answer_has_what_was_promised(run):
    result, answer = run(rows())
    assert result.exit_code == 0, result.output
    assert answer["refused"] is None
    assert set(answer["applications"][0]) == {"application", "raw", "adjusted", "standard_error", "n"}
    assert set(answer["reviewers"][0]) == {"reviewer", "leniency", "standard_error", "n"}
    assert len(answer["applications"]) == 20
    order = sorted(answer["reviewers"], key=lambda x: x["leniency"])
    assert [x["reviewer"] for x in order] == ["cy", "ben", "di", "ann"]
    assert answer["method"] == "full"


def test_columns_may_come_in_any_order(run):
    _, plain = run(rows())
    turned = "\n".join(",".join([x.split(",")[i] for i in (2, 0, 1)]) for x in rows().splitlines())
    _, answer = run(turned)
    assert answer["applications"] == plain["applications"]


def test_a_refusal_gives_its_reason_and_the_islands(run):
    other = "".join(
        f"{r}2,b{x.split(',')[1]},{x.split(',')[2]}\n" for x in rows().splitlines()[1:] for r in [x.split(",")[0]]
    )
    result, answer = run(rows() + other)
    assert result.exit_code == 0
    assert answer["refused"]["reason"] == "not-connected"
    assert answer["refused"]["islands"] == [["ann", "ben", "cy", "di"], ["ann2", "ben2", "cy2", "di2"]]
    assert {x["adjusted"] for x in answer["applications"]} == {None}
    assert [len(x["applications"]) for x in answer["islands"]] == [20, 20]
    assert "ann2" in result.output


def test_a_small_sample_is_refused(run):
    _, answer = run(rows(n=2))
    assert answer["refused"]["reason"] == "too-few-reviews"


def test_criteria_are_also_answered_one_by_one(run):
    lines = [f"{x},{name}" for x in rows().splitlines()[1:] for name in ("clear", "new")]
    _, answer = run("\n".join(["reviewer,application,score,criterion", *lines]))
    _, plain = run(rows())
    assert [x["criterion"] for x in answer["criteria"]] == ["clear", "new"]
    assert answer["applications"] == plain["applications"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reviewer,application\nann,a1\n", "line 1: the header has no column score"),
        ("reviewer,application,score\nann,a1,good\n", "line 2: the score 'good' is not a number"),
        ("reviewer,application,score\nann,a1,nan\n", "line 2: the score 'nan' is not a number"),
        ("reviewer,application,score\nann,a1,1\nann,a1,2\n", "line 3: ann has already scored a1 on line 2"),
        ("reviewer,application,score\n,a1,1\n", "line 2: the reviewer or the application is empty"),
        ("reviewer,application,score,criterion\nann,a1,1,\n", "line 2: the criterion is empty"),
        ("", "line 1: there are no rows"),
    ],
)
def test_bad_rows_are_told_with_their_lines(run, text, said):
    result, answer = run(text)
    assert result.exit_code == 1
    assert said in result.output
    assert answer is None
