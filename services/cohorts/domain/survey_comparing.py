"""The same questions in several surveys of a cohort, beside each other: before, in the middle, at the end."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.cohorts.domain.survey import TEXT, Question
from services.cohorts.domain.survey_results import Found, Results


@dataclass(frozen=True, slots=True)
class Told:
    """One survey's part of a comparison."""

    survey: str
    results: Results


@dataclass(frozen=True, slots=True)
class Change:
    """One question in the surveys that ask it: (survey, what it found), in their order."""

    question: Question
    found: tuple[tuple[str, Found], ...]


def compare(surveys: Sequence[Told]) -> tuple[Change, ...]:
    """The questions that at least two of the surveys ask in the same words with the same answers to choose from."""
    together: dict[tuple[object, ...], list[tuple[str, Found]]] = {}
    for told in surveys:
        for found in told.results.questions:
            if found.question.kind != TEXT:
                together.setdefault(_same(found.question), []).append((told.survey, found))
    return tuple(Change(found[0][1].question, tuple(found)) for found in together.values() if len(found) > 1)


def _same(question: Question) -> tuple[object, ...]:
    labels = tuple(question.label(option).strip().casefold() for option in question.options)
    return question.kind, " ".join(question.text.split()).casefold(), labels, question.lowest, question.highest
