"""The page of a copy: in words, nothing left out, and nothing in it that a browser would run."""

from datetime import UTC, datetime

from services.applications.domain.data_copy import Document, Sheet, Table, as_page

NOW = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)
ROW = {
    "id": "0190c0de-0000-7000-8000-00000000abcd",
    "text": "Line one\n<script>alert(1)</script>",
    "asked_at": "2027-02-01T09:30:00+00:00",
    "breakdown": [{"id": "outside_london", "points": 20}],
    "may_submit": False,
    "form_version": 1,
    "note": "",
}


def page() -> str:
    sheet = Sheet("A round", "K7QM-2RT4", [("Why?", "Because <b>")])
    table = Table("applications", "cases", "cases", [ROW])
    return as_page(Document("Noor", NOW, "en", "ltr", [sheet], [table], {}), str)


def test_what_a_person_reads_comes_first_and_in_words() -> None:
    text = page()
    shown, _, more = text.partition("More, as programs write it")
    assert "2027-02-01 09:30 UTC" in shown and "T09:30" not in text
    assert "<li>outside_london" not in shown and "outside_london" in shown and "20" in shown
    assert "<dt>May send the form</dt><dd>No</dd>" in shown
    assert str(ROW["id"]) not in shown and str(ROW["id"]) in more and "form_version" in more
    assert "A note" not in text, "what is empty is left out"


def test_nothing_in_it_runs() -> None:
    text = page()
    assert "<script" not in text and "&lt;script&gt;" in text and "Because &lt;b&gt;" in text


def test_answers_in_another_direction_end_where_they_end() -> None:
    sheet = Sheet("A round", "K7QM-2RT4", [("لماذا؟", "I want to."), ("متى؟", "")])
    shown = as_page(Document("Noor", NOW, "ar", "rtl", [sheet], [], {}), str)
    assert "<dd><bdi>I want to.</bdi></dd>" in shown and "<dd><bdi>–</bdi></dd>" in shown
