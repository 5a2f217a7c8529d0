"""What a survey found: every answer as a count, with the three numbers that it can be a share of.

Of all who were invited; of all who answered the survey; and of those who were asked this question. "93% of the 40 who
answered used it; 100% of the 37 who used it felt less isolated" needs the last two, and neither stands for the other.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from services.cohorts.domain.survey import COUNTED, MANY, NUMBER, SCALE, TEXT, Question
from services.cohorts.domain.survey_answers import Answers, asked, picked
from shared.impact import FEW
from shared.impact.parts import hide_parts

NONE = ""
"""The value of the line that counts who was asked and left the question out."""


@dataclass(frozen=True, slots=True)
class Line:
    """How many gave one answer; `count` is None where it is kept back."""

    value: str
    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """The answers to one question. `asked` is None, and all else empty, where even that number is kept back.

    `lines` of a question with one answer add up, with `unanswered`, to `asked`. `texts` are in an order that says
    nothing of who wrote before whom, and another one for each question.
    """

    question: Question
    asked: int | None
    lines: tuple[Line, ...] = ()
    unanswered: Line = Line(NONE, "No answer", None)
    mean: float | None = None
    middle: float | None = None
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """A whole survey. `answered` is None, and `questions` empty, where too few answered to show anything."""

    invited: int
    answered: int | None
    questions: tuple[Found, ...]

    def of(self, id: str) -> Found:
        """One question's answers."""
        return next(found for found in self.questions if found.question.id == id)


def share(count: int | None, base: int | None) -> float | None:
    """`count` as a part of `base`, 0 to 1; None where one of them is not known or there is nobody."""
    return count / base if count is not None and base else None


def tally(
    questions: Sequence[Question], invited: int, answers: Sequence[Answers], *, hide: bool, lot: str = ""
) -> Results:
    """Count the answers of everybody who answered. `hide` keeps back what could lead to a person; which counts go with
    the small ones is drawn by `lot`, a text that no reader of the results can know."""
    if hide and len(answers) < FEW:
        return Results(invited, None, ())
    reached = [{question.id for question in asked(questions, one)} for one in answers]
    found: dict[str, Found] = {}
    for question in questions:
        of = [one for one, ids in zip(answers, reached, strict=True) if question.id in ids]
        if hide and _gives_away(question, len(of), len(answers), found):
            found[question.id] = Found(question, None)
        else:
            found[question.id] = _count(question, of, f"{lot}/{question.id}" if hide else None)
    return Results(invited, len(answers), tuple(found.values()))


def _gives_away(question: Question, here: int, answered: int, found: dict[str, Found]) -> bool:
    """Whether the number of people asked is small, or would give a count away that is kept back before it."""
    if question.condition is None:
        return False
    gate = found[question.condition.question]
    told = {line.value for line in gate.lines if line.count is not None}
    if gate.asked is None or not set(question.condition.values) <= told:
        return True
    return 0 < here < FEW or any(hide_parts([here, answered - here], ""))


def _count(question: Question, of: Sequence[Answers], lot: str | None) -> Found:
    given = [one[question.id] for one in of if one.get(question.id) is not None]
    none = len(of) - len(given)
    if question.kind in COUNTED:
        return _options(question, given, none, lot)
    if question.kind == TEXT:
        # The texts themselves show how many there are: who wrote nothing has said nothing.
        texts = _mixed(question, [str(text) for text in given])
        return Found(question, len(of), (), Line(NONE, "No answer", none), texts=texts)
    covered = lot is not None and any(hide_parts([len(given), none], lot))
    left = Line(NONE, "No answer", None if covered else none)
    numbers = [] if lot is not None and len(given) < FEW else [float(value) for value in given]
    return Found(question, len(of), (), left, *_middles(numbers))


def _options(question: Question, given: Sequence[object], none: int, lot: str | None) -> Found:
    counts = Counter(option for answer in given for option in picked(answer))
    parts = [*(counts[option] for option in question.options), none]
    whole = len(given) + none
    if lot is None:
        covered = [False] * len(parts)
    elif question.kind == MANY:
        # Each of them is a yes or a no of everybody who was asked.
        covered = [any(hide_parts([part, whole - part], lot)) for part in parts]
    else:
        covered = hide_parts(parts, lot)
    shown = [None if over else part for part, over in zip(parts, covered, strict=True)]
    lines = [Line(option, question.label(option), n) for option, n in zip(question.options, shown, strict=False)]
    # The mean of a few, to the last figure, could be undone into their answers.
    numbers = [float(str(answer)) for answer in given] if question.kind == SCALE and not any(covered) else []
    return Found(question, whole, tuple(lines), Line(NONE, "No answer", shown[-1]), *_middles(numbers))


def _middles(numbers: Sequence[float]) -> tuple[float | None, float | None]:
    return (round(fmean(numbers), 1), round(median(numbers), 1)) if numbers else (None, None)


def _mixed(question: Question, texts: Sequence[str]) -> tuple[str, ...]:
    """In the order of a hash that differs from question to question: the same on every look, and nobody's."""
    return tuple(sorted(texts, key=lambda text: hashlib.sha256(f"{question.id}\0{text}".encode()).digest()))


def is_number(question: Question) -> bool:
    """Whether its mean can be followed over time."""
    return question.kind in (NUMBER, SCALE)
