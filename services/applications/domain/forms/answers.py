"""From what a browser or a program sent to answers: lenient for a draft, strict for a submission."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from services.applications.domain.forms.facts import Answers, asked
from services.applications.domain.forms.kinds import WITH_PREFER_NOT_TO_SAY, Kind
from services.applications.domain.forms.model import Form, Question, Section
from services.applications.domain.forms.values import Value, read_value
from services.applications.domain.messages import Message

Problems = dict[str, list[str]]
Status = Literal["not_needed", "not_started", "in_progress", "complete"]


def parse_answers(
    form: Form,
    section: Section | str,
    raw: Mapping[str, object],
    *,
    earlier: Answers | None = None,
    strict: bool = False,
    partial: bool = False,
    language: str = "en",
) -> tuple[dict[str, Value | None], Problems]:
    """Return what was sent for one section as (answers, problems), both by question id.

    `raw` maps question ids to what was sent: a form's MultiDict (its `getlist` is used) or a JSON object. A date
    may come as `<id>-day`, `<id>-month`, `<id>-year`. Answers hold an entry for every question of the section, None
    where nothing was answered; with `partial` only for those present in `raw`. Files are uploaded apart: a file
    question is left out unless `raw` names it.

    Nothing typed is thrown away: an answer that cannot be understood stays as typed, and `problems` says what is
    wrong. With `strict`, missing required answers are problems too, and answers to questions that their condition
    hides (judged with the `earlier` answers) are None and cause no problem. `language` is that of the labels in the
    problems. Raises KeyError for an unknown section.
    """
    section = form.section(section) if isinstance(section, str) else section
    answers: dict[str, Value | None] = {}
    problems: Problems = {}
    for question in typed_questions(section):
        sent = _sent(question, raw)
        if sent is None and (partial or question.kind is Kind.FILE):
            continue
        answers[question.id], problem = read_value(question, sent or [], language)
        if _is_nested(raw.get(question.id)):
            problem = Message(
                "“%(label)s”: send text, a number, true, false or a list.", label=question.label.say(language)
            )
        if problem:
            problems[question.id] = [problem]
    if not strict:
        return answers, problems
    return _strictly(form, section, answers, problems, earlier or {}, language)


def _strictly(
    form: Form, section: Section, answers: dict[str, Value | None], problems: Problems, earlier: Answers, language: str
) -> tuple[dict[str, Value | None], Problems]:
    everything = {**earlier, **answers}
    shown, _ = asked(form.questions.values(), everything)
    for question in typed_questions(section):
        if question.id not in shown:
            answers[question.id] = None
            problems.pop(question.id, None)
        elif question.required and everything.get(question.id) is None:
            problems.setdefault(question.id, [missing(question, language)])
    return answers, problems


def _sent(question: Question, raw: Mapping[str, object]) -> list[str] | None:
    """Return the strings sent for a question, or None when `raw` does not mention it."""
    if question.id in raw:
        getlist: Callable[[str], Sequence[object]] | None = getattr(raw, "getlist", None)
        value = getlist(question.id) if getlist else raw[question.id]
        values = value if isinstance(value, list | tuple) else [value]
        return [_string(one) for one in values if one is not None]
    if question.kind is not Kind.DATE:
        return None
    parts = [raw.get(f"{question.id}-{part}") for part in ("year", "month", "day")]
    if all(part is None for part in parts):
        return None
    typed = [_string(part).strip() if part is not None else "" for part in parts]
    return ["-".join(typed)] if any(typed) else []


def typed_questions(section: Section) -> list[Question]:
    """Return the questions of a section that somebody answers: all but calculations."""
    return [question for question in section.questions if question.kind is not Kind.CALCULATION]


def _is_nested(value: object) -> bool:
    inner = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(one, Mapping | list | tuple) for one in inner)


def _string(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format(value, "f")
    return value if isinstance(value, str) else str(value)


def unknown_answers(section: Section, raw: Mapping[str, object]) -> Problems:
    """Return a problem for every key of `raw` that is no question of the section (for programs, not browsers)."""
    known = {question.id for question in typed_questions(section)}
    known |= {f"{question.id}-{part}" for question in typed_questions(section) for part in ("year", "month", "day")}
    return {key: [Message("There is no such question in this section.")] for key in raw if key not in known}


def merge_answers(old: Answers, new: Answers) -> dict[str, object]:
    """Return `old` changed by `new`, without the questions that `new` clears (None)."""
    return {key: value for key, value in {**old, **new}.items() if value is not None}


def missing(question: Question, language: str = "en") -> Message:
    """Return the sentence for a required question without an answer."""
    label = question.label.say(language)
    if question.kind is Kind.CONSENT:
        return Message("“%(label)s”: tick the box to agree. We cannot go on without it.", label=label)
    if question.kind is Kind.FILE:
        return Message("“%(label)s”: add a file.", label=label)
    if question.kind in WITH_PREFER_NOT_TO_SAY:
        return Message("“%(label)s”: choose an answer.", label=label)
    return Message("“%(label)s”: write an answer.", label=label)


def check_section(form: Form, section: Section | str, answers: Answers, language: str = "en") -> Problems:
    """Return the problems that stand between the stored `answers` of a section and its submission."""
    section = form.section(section) if isinstance(section, str) else section
    shown, _ = asked(form.questions.values(), answers)
    problems: Problems = {}
    for question in asked_of(typed_questions(section), shown):
        found = check_answer(question, answers.get(question.id), language)[1]
        if found:
            problems[question.id] = [found]
    return problems


def check_answer(question: Question, value: object, language: str = "en") -> tuple[Value | None, Message | None]:
    """Return a stored answer read afresh, and what is wrong with it, a missing required answer included."""
    raw = [] if value is None else [_string(one) for one in (value if isinstance(value, list | tuple) else [value])]
    read, problem = read_value(question, raw, language)
    if read is None and question.required:
        problem = missing(question, language)
    return read, problem


def asked_of(questions: Iterable[Question], shown: set[str]) -> list[Question]:
    """Return those of `questions` whose ids are in `shown`."""
    return [question for question in questions if question.id in shown]


def section_status(form: Form, section: Section | str, answers: Answers) -> Status:
    """Return how far a section is: `not_needed` when conditions hide all of it.

    A section of optional questions alone is `not_started` until one is answered, which does not hinder submission.
    """
    section = form.section(section) if isinstance(section, str) else section
    shown, _ = asked(form.questions.values(), answers)
    questions = asked_of(typed_questions(section), shown)
    if not questions:
        return "not_needed"
    if all(answers.get(question.id) is None for question in questions):
        return "not_started"
    return "in_progress" if check_section(form, section, answers) else "complete"


def questions_asked(form: Form, section: Section | str, answers: Answers) -> list[Question]:
    """Return the questions of a section that the given answers leave to be asked, in order."""
    section = form.section(section) if isinstance(section, str) else section
    return asked_of(section.questions, asked(form.questions.values(), answers)[0])
