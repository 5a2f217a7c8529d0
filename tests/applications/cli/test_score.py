import csv
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from services.applications.cli import COMMANDS
from services.applications.cli.score import score_command
from services.applications.domain.samples.files import form_definition, rules_definition

HEADER = "id,lived_experience_direct,lived_experience_activated,organisation_income,"
HEADER += "organisation_postcode,leadership_training"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rules_definition(), allow_unicode=True), encoding="utf-8")
    (tmp_path / "form.yaml").write_text(yaml.safe_dump(form_definition(), allow_unicode=True), encoding="utf-8")
    return tmp_path


def run(folder: Path, *lines: str, header: str = HEADER, form: bool = False, raw: bytes | None = None) -> Result:
    text = raw if raw is not None else "\n".join([header, *lines]).encode()
    (folder / "in.csv").write_bytes(text)
    arguments = ["--rules", folder / "rules.yaml", "--applications", folder / "in.csv", "--out", folder / "out.csv"]
    more = ["--form", folder / "form.yaml"] if form else []
    return CliRunner().invoke(score_command, [str(part) for part in [*arguments, *more]])


def written(folder: Path) -> list[dict[str, str]]:
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_rows_are_scored_ranked_and_broken_down(folder: Path) -> None:
    result = run(folder, "A1,yes,no,5000000,E7,long", "B2,yes,yes,45000,LS1 4AP,never", "محمد,,,,,")
    assert result.exit_code == 0, result.output
    assert written(folder) == [
        {"id": "B2", "score": "100", "rank": "1", "lived_experience": "40", "organisation_size": "30",
         "outside_london": "20", "first_programme": "10"},
        {"id": "A1", "score": "0", "rank": "2", "lived_experience": "0", "organisation_size": "0",
         "outside_london": "0", "first_programme": "0"},
        {"id": "محمد", "score": "0", "rank": "2", "lived_experience": "0", "organisation_size": "0",
         "outside_london": "0", "first_programme": "0"},
    ]  # fmt: skip


def test_bad_rows_are_told_by_line_and_reason_and_the_rest_is_scored(folder: Path) -> None:
    result = run(
        folder,
        "A1,yes,yes,lots,LS1,never",
        '"B2\n",yes,yes,1,LS1,never',
        "",
        ",yes,yes,1,LS1,never",
        "B2,no,no,1,LS1,never",
        "C3,yes,yes,1,Leeds,never",
        "D4,yes",
        "=cmd(),yes,yes,1,LS1,never",
    )
    assert result.exit_code == 1
    assert [row["id"] for row in written(folder)] == ["B2"]
    told = result.stderr
    for line, reason in [(2, "write a number"), (6, "no id"), (7, "already on line 3"), (8, "UK postcode"),
                         (9, "2 cells"), (10, "formula")]:  # fmt: skip
        assert any(one.startswith(f"in.csv:{line}:") and reason in one for one in told.splitlines()), (line, told)
    assert "1 scored, 6 refused" in told


def test_a_column_of_regions_does_as_well_as_one_of_postcodes(folder: Path) -> None:
    header = HEADER.replace("organisation_postcode", "organisation_postcode_region")
    assert run(folder, "A1,no,no,2000000,wales,long", header=header).exit_code == 0
    assert written(folder)[0]["outside_london"] == "20"


def test_with_the_form_choices_are_checked_too(folder: Path) -> None:
    line = "A1,yes,yes,1,LS1,nevver"
    assert run(folder, line).exit_code == 0
    result = run(folder, line, form=True)
    assert result.exit_code == 1 and "in.csv:2: leadership_training" in result.stderr
    assert run(folder, 'A1,Yes,yes,"£1,000",LS1,never', form=True).exit_code == 0
    assert written(folder)[0]["score"] == "100"


def test_several_choices_in_one_cell_add_up_and_caps_have_their_column(folder: Path) -> None:
    rules = {
        "rules": [
            {
                "id": "areas",
                "kind": "choice",
                "label": "A",
                "question": "work_areas",
                "points": {"advice": 5, "arts": 4},
            }
        ],
        "cap": {"id": "limit", "label": "L", "at_most": 7},
    }
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules), encoding="utf-8")
    for form in (False, True):
        assert run(folder, "A1,advice;arts", "B2,arts", header="id,work_areas", form=form).exit_code == 0
        assert written(folder) == [
            {"id": "A1", "score": "7", "rank": "1", "areas": "9", "limit": "-2"},
            {"id": "B2", "score": "4", "rank": "2", "areas": "4", "limit": "0"},
        ]


@pytest.mark.parametrize(
    ("header", "because"),
    [
        ("id,lived_experience_direct", "It needs the column"),
        (HEADER.replace("id,", "reference,", 1), "It needs the column id"),
        (HEADER + ",id", "It has the column id twice"),
    ],
)
def test_a_file_without_its_columns_is_refused_whole(folder: Path, header: str, because: str) -> None:
    result = run(folder, "A1,yes", header=header)
    assert result.exit_code == 1 and because in result.stderr
    assert not (folder / "out.csv").exists()


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00id", HEADER.encode() + b'\nA1,"yes'])
def test_a_broken_file_is_refused_in_one_plain_line(folder: Path, raw: bytes) -> None:
    result = run(folder, raw=raw)
    assert result.exit_code == 1 and result.stderr.startswith("hearth score: in.csv")
    assert "Traceback" not in result.output


def test_a_file_saved_by_a_spreadsheet_with_a_mark_in_front_is_read(folder: Path) -> None:
    raw = b"\xef\xbb\xbf" + f"{HEADER}\r\nA1,yes,yes,1,LS1,never\r\n".encode()
    assert run(folder, raw=raw).exit_code == 0
    assert written(folder)[0]["score"] == "100"


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("rules: [", "not readable"),
        ("rules: []", "rules.yaml: rules:"),
        ("rules: [{id: r}]", "rules.yaml: rules.0.kind"),
    ],
)
def test_rules_that_cannot_be_used_are_refused_with_their_places(folder: Path, text: str, because: str) -> None:
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    result = run(folder, "A1")
    assert result.exit_code == 1 and because in result.stderr


def test_rules_are_checked_against_the_form_if_there_is_one(folder: Path) -> None:
    rules = rules_definition()
    rules["rules"][3]["points"] = {"nevver": 10}
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules), encoding="utf-8")
    result = run(folder, "A1,yes,yes,1,LS1,never", form=True)
    assert result.exit_code == 1 and "rules.3.points.nevver" in result.stderr


def test_the_command_is_found_by_its_name() -> None:
    assert COMMANDS["score"] == f"{score_command.callback.__module__}:score_command"  # type: ignore[union-attr]
