"""`hearth signposts`: the directory of help, kept by hand and by a spreadsheet."""

import csv
import io
from datetime import timedelta

import pytest

from services.cohorts.cli.signposts import signposts
from tests.cohorts.cli.conftest import Desk

ADD = ("--title", "Refugee Council", "--topic", "Asylum", "--owner", "Noor", "--phone", "+44 20 7946 0000")


def exported(desk: Desk) -> list[dict[str, str]]:
    done = desk.run(signposts, "export")
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(io.StringIO(done.output)))


def as_csv(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_an_entry_is_added_falls_due_and_is_looked_at(desk: Desk) -> None:
    assert desk.run(signposts, "add", *ADD, "--review-on", "2027-02-01").exit_code == 0
    assert desk.run(signposts, "list", "--due").output == ""
    desk.programme.clock.advance(timedelta(days=60))
    entry, day, state, topic, owner, title = desk.run(signposts, "list", "--due").output.strip().split("\t")
    assert (day, state, topic, owner, title) == ("2027-02-01", "due", "Asylum", "Noor", "Refugee Council")
    assert "2027-09-10" in desk.run(signposts, "review", entry).output
    assert desk.run(signposts, "list", "--due").output == ""
    assert desk.run(signposts, "remove", entry).exit_code == 0
    assert desk.run(signposts, "review", entry).exit_code == 1


def test_it_goes_out_to_a_spreadsheet_and_comes_back(desk: Desk) -> None:
    desk.run(signposts, "add", *ADD)
    desk.run(signposts, "add", *ADD[2:], "--title", "=HYPERLINK(1)", "--about", "two\nlines, محمد")
    rows = exported(desk)
    assert [(row["title"], row["phone"]) for row in rows] == [
        ("'=HYPERLINK(1)", "'+44 20 7946 0000"),
        ("Refugee Council", "'+44 20 7946 0000"),
    ]
    unchanged = desk.run(signposts, "import", "-", given=as_csv(rows))
    assert "0 added, 0 changed, 2 as they were." in unchanged.output
    rows[1]["area"] = "Leeds"
    rows.append({**rows[1], "id": "", "title": "New one", "review_on": ""})
    text = as_csv(rows)
    dry = desk.run(signposts, "import", "-", "--dry-run", given=text)
    assert "1 added, 1 changed, 1 as they were. This is a dry run" in dry.output and len(exported(desk)) == 2
    done = desk.run(signposts, "import", "-", given=text)
    assert "+\tNew one" in done.output and "~\tRefugee Council" in done.output
    assert {row["title"]: (row["area"], row["review_on"]) for row in exported(desk)}["New one"] == (
        "Leeds",
        "2027-07-12",
    )
    nameless = [{key: value for key, value in row.items() if key != "id"} for row in exported(desk)]
    assert "3 as they were" in desk.run(signposts, "import", "-", given=as_csv(nameless)).output


def test_bad_lines_are_told_and_the_rest_is_kept(desk: Desk) -> None:
    text = (
        "\ufeffTitle;Topic;Owner name;Link;Review on;id\n"
        "Good;Help;Noor;https://good.example;;\n"
        ";Help;Noor;https://a.example;;\n"
        "Bad link;Help;Noor;javascript:1;;\n"
        "Bad day;Help;Noor;https://a.example;soon;\n"
        "Past day;Help;Noor;https://a.example;2020-01-01;\n"
        "Bad id;Help;Noor;https://a.example;;7\n"
        "No such id;Help;Noor;https://a.example;;00000000-0000-0000-0000-000000000001\n"
        "No reach;Help;Noor;;;\n"
    )
    done = desk.run(signposts, "import", "-", given=text)
    assert done.exit_code == 1 and "1 added, 0 changed" in done.output
    for line, said in (
        (3, "title: Name it."),
        (4, "https://"),
        (5, "“soon” is no day"),
        (6, "still to come"),
        (7, "“7” is no number"),
        (8, "There is no entry"),
        (9, "a phone number"),
    ):
        assert any(each.startswith(f"Line {line}: ") and said in each for each in done.output.splitlines()), done.output
    assert [row["title"] for row in exported(desk)] == ["Good"]


@pytest.mark.parametrize("given", ["", "title,topic\nA,B\n", "title,topic,owner_name\n", b"title\n\xff\xfe\n"])
def test_what_is_no_directory_is_refused(desk: Desk, given: str | bytes) -> None:
    done = desk.run(signposts, "import", "-", given=given)
    assert done.exit_code == 1 and done.output.startswith("Error: ")


def test_an_entry_needs_a_way_to_reach_it(desk: Desk) -> None:
    done = desk.run(signposts, "add", *ADD[:-2])
    assert done.exit_code == 1 and "a phone number" in done.output
