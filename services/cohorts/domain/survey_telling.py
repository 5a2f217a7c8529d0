"""Results in words and rows: the same for the page, the files, the API and the command.

Each count is told three times: of all who were invited, of those who answered the survey, of those who were asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from services.cohorts.domain.survey import COUNTED, NUMBER, SCALE, Question
from services.cohorts.domain.survey_comparing import Change
from services.cohorts.domain.survey_results import Found, Line, Results, share

KEPT_BACK = "kept back"
HEADER = (
    *("question", "answer", "count", "invited", "share of invited", "answered the survey", "share of answered"),
    *("asked this question", "share of asked", "asked of"),
)
Row = tuple[str | int | float | None, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One question, told. `rows` are (label, count, share of invited, of answered, of asked), each share as text."""

    found: Found
    asked_of: str
    takeaway: str
    rows: tuple[tuple[str, str, str, str, str], ...]


def percent(part: float | None) -> str:
    """A share, such as 0.925, as "93%"; a dash where it is not known."""
    return "–" if part is None else f"{int(100 * part + 0.5)}%"


def tell(results: Results) -> list[Told]:
    """Every question in order."""
    return [
        Told(found, asked_of(found, results), takeaway(found, results), tuple(_rows(found, results)))
        for found in results.questions
    ]


def _rows(found: Found, results: Results) -> Iterator[tuple[str, str, str, str, str]]:
    for line in _lines(found):
        shares = (share(line.count, base) for base in (results.invited, results.answered, found.asked))
        of_invited, of_answered, of_asked = map(percent, shares)
        yield line.label, KEPT_BACK if line.count is None else str(line.count), of_invited, of_answered, of_asked


def _lines(found: Found) -> tuple[Line, ...]:
    return (*found.lines, found.unanswered) if found.asked is not None else ()


def asked_of(found: Found, results: Results) -> str:
    """Whom the question was put to, with their number."""
    if found.asked is None:
        return "Kept back: so few people were asked, or not asked, that it could lead to somebody."
    condition = found.question.condition
    if condition is None:
        return f"Everybody who answered the survey was asked: {found.asked} people, of {results.invited} invited."
    gate = results.of(condition.question).question
    answers = _or([f"“{gate.label(value)}”" for value in condition.values])
    return (
        f"Only the {found.asked} who answered {answers} to “{gate.text}” were asked, "
        f"of {results.answered} who answered the survey and {results.invited} invited."
    )


def takeaway(found: Found, results: Results) -> str:
    """One line that says what stands out, with both numbers that it is a share of."""
    asked = found.asked
    if not asked:
        return "Nobody was asked this." if asked == 0 else "This is kept back."
    if found.question.kind not in COUNTED:
        return _number(found) if found.question.kind == NUMBER else f"{len(found.texts)} wrote something."
    shown = [line for line in found.lines if line.count is not None]
    top = max(shown, key=lambda line: line.count or 0, default=None)
    if top is None or top.count is None:
        return f"{asked} were asked. How many gave each answer is kept back, as some are fewer than five."
    of_answered, of_asked = percent(share(top.count, results.answered)), percent(share(top.count, asked))
    mean = f" On average {found.mean:g}." if found.mean is not None else ""
    # With answers kept back, nobody knows which was given most.
    lead = f"“{top.label}” was answered by {top.count} of the {asked} who were asked ({of_asked})"
    return f"{lead}, and so by {of_answered} of the {results.answered} who answered the survey.{mean}"


def _number(found: Found) -> str:
    if found.mean is None:
        return "Too few gave a number for an average."
    return f"On average {found.mean:g}; half of them {found.middle:g} or less."


def _or(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def lines(results: Results) -> Iterator[Row]:
    """Every answer of every question as a row under HEADER; texts each in a row of their own."""
    for told in tell(results):
        found = told.found
        base = (results.invited, results.answered, found.asked)
        if found.asked is None:
            yield _row(found.question.text, "", KEPT_BACK, base, None, told.asked_of)
        for line in _lines(found):
            count = KEPT_BACK if line.count is None else line.count
            yield _row(found.question.text, line.label, count, base, line.count, told.asked_of)
        for label, value in (("Mean", found.mean), ("Median", found.middle)):
            if value is not None:
                yield _row(found.question.text, label, value, base, None, told.asked_of)
        for text in found.texts:
            yield _row(found.question.text, text, None, base, None, told.asked_of)


def _row(
    question: str,
    label: str,
    count: str | float | None,
    base: tuple[int, int | None, int | None],
    n: int | None,
    of: str,
) -> Row:
    shares = [None if (part := share(n, whole)) is None else round(part, 4) for whole in base]
    return (question, label, count, base[0], shares[0], base[1], shares[1], base[2], shares[2], of)


@dataclass(frozen=True, slots=True)
class Compared:
    """One question in several surveys: (survey, n asked, share of each answer among those asked, mean)."""

    question: Question
    labels: tuple[str, ...]
    rows: tuple[tuple[str, int | None, tuple[float | None, ...], float | None], ...]
    takeaway: str

    @property
    def whole(self) -> bool:
        """Whether every share is known, so that a picture of all can be drawn."""
        return all(part is not None for _, _, parts, _ in self.rows for part in parts)


def tell_change(change: Change) -> Compared:
    """A comparison in rows, and the difference from the first to the last in words."""
    labels = (*(change.question.label(option) for option in change.question.options), "No answer")
    rows = []
    for survey, found in change.found:
        counts = [*(line.count for line in found.lines), found.unanswered.count] if found.asked is not None else []
        shares = tuple(share(count, found.asked) for count in counts) or (None,) * len(labels)
        rows.append((survey, found.asked, shares, found.mean))
    return Compared(change.question, labels, tuple(rows), _difference(change))


def _difference(change: Change) -> str:
    (first, before), (last, after) = change.found[0], change.found[-1]
    if before.mean is not None and after.mean is not None:
        went = "stayed at" if before.mean == after.mean else f"went from {before.mean:g} to"
        of = f" ({before.asked} people asked in “{first}”, {after.asked} in “{last}”)"
        return f"The average {went} {after.mean:g}{of}."
    if change.question.kind in COUNTED and change.question.kind != SCALE and before.lines and after.lines:
        # Both sides of a yes or no say the same; of a choice, the first stands for the others.
        start, end = (share(found.lines[0].count, found.asked) for found in (before, after))
        if start is not None and end is not None:
            label = before.lines[0].label
            return f"“{label}” went from {percent(start)} of {before.asked} asked to {percent(end)} of {after.asked}."
    return "What can be shown of both is in the table."
