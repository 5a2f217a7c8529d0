"""Two texts beside each other: every line of either is there once, and only what differs is marked."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.templating.comparing import Side, compare
from services.notifications.domain.templating.source import Source


def source(body: str, subject: str = "Hello") -> Source:
    return Source("sign_in", "en", subject, "", body, draft=False)


def line(side: Side) -> str | None:
    return None if side is None else "".join(words.text for words in side)


def test_marks_the_words_that_differ() -> None:
    rows = compare(source("Dear you,\nCome on Monday.\n"), source("Dear you,\nCome on Tuesday.\nBring tea.\n"))
    assert [(row.where, row.differs) for row in rows] == [
        ("subject", False), ("body", False), ("body", True), ("body", True),
    ]  # fmt: skip
    changed, added = rows[2], rows[3]
    assert changed.before is not None and changed.after is not None
    assert [words.text for words in changed.before if words.differs] == ["Monday."]
    assert [words.text for words in changed.after if words.differs] == ["Tuesday."]
    assert (added.before, line(added.after)) == (None, "Bring tea.")


texts = st.lists(st.sampled_from(["One two.", "Three", "", "One  two", "دو"]), max_size=6).map("\n".join)


@settings(max_examples=60)
@given(texts, texts)
def test_each_side_reads_as_its_own_text(before: str, after: str) -> None:
    rows = [row for row in compare(source(before), source(after)) if row.where == "body"]
    for side, text in (("before", before), ("after", after)):
        lines = [shown for row in rows if (shown := line(getattr(row, side))) is not None]
        assert "\n".join(lines).strip("\n") == text.strip("\n")
    assert any(row.differs for row in rows) is (before.strip("\n") != after.strip("\n"))


def test_nothing_beside_something() -> None:
    assert [row.before for row in compare(None, source("Hello\n"))] == [None, None]
