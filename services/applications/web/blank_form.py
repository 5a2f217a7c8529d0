"""A form with nothing filled in, to print or to prepare one's answers with: as lines, for a page and for plain text."""

import ast
import textwrap
from dataclasses import dataclass, field

from babel.numbers import format_decimal
from flask_babel import get_locale

from services.applications.domain.conditions import Condition, literal_of
from services.applications.domain.forms import Form, Kind, Question, Section
from services.applications.domain.regions import REGIONS
from services.applications.web.wording import said_day
from shared.web.i18n import gettext as _

WIDTH = 76


@dataclass(frozen=True)
class BlankQuestion:
    """A question on paper. `notes` say how to answer it, `only_if` for whom it is; `space`: lines to leave."""

    number: str
    label: str
    optional: bool
    help: str = ""
    warning: str = ""
    only_if: str = ""
    notes: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    space: int = 1


@dataclass(frozen=True)
class BlankSection:
    """A section on paper."""

    title: str
    intro: str
    questions: list[BlankQuestion]


def blank_sections(form: Form, language: str) -> list[BlankSection]:
    """The whole form in a language, the eligibility check first."""
    numbers = _numbers(form)
    return [_section(form, section, numbers, language) for section in form.all_sections]


def _numbers(form: Form) -> dict[str, str]:
    """Question id -> its number on paper: 2.3 is the third of the second section."""
    found = {}
    for place, section in enumerate(form.all_sections, start=1):
        asked = [question for question in section.questions if question.kind is not Kind.CALCULATION]
        found.update({question.id: f"{place}.{number}" for number, question in enumerate(asked, start=1)})
    return found


def _section(form: Form, section: Section, numbers: dict[str, str], language: str) -> BlankSection:
    asked = [question for question in section.questions if question.id in numbers]
    questions = [_question(form, question, numbers, language) for question in asked]
    return BlankSection(section.title.say(language), section.intro.say(language), questions)


def _question(form: Form, question: Question, numbers: dict[str, str], language: str) -> BlankQuestion:
    short = question.options and question.choices_from is None
    return BlankQuestion(
        number=numbers[question.id],
        label=question.label.say(language),
        optional=not question.required,
        help=question.help.say(language),
        warning=question.content_warning.say(language),
        only_if=_only_if(form, question.condition, numbers, language) if question.condition else "",
        notes=_notes(question),
        options=[option.label.say(language) for option in question.options] if short else _listed(question),
        space=_space(question),
    )


def _listed(question: Question) -> list[str]:
    return list(REGIONS.values()) if question.choices_from else []


def _space(question: Question) -> int:
    if question.options or question.kind is Kind.CONSENT:
        return 0
    return min(20, max(4, (question.word_limit or 200) // 20)) if question.kind is Kind.LONG_TEXT else 1


def _notes(question: Question) -> list[str]:
    notes = []
    if question.word_limit:
        notes.append(_("You can write up to %(limit)s words.", limit=question.word_limit))
    if question.kind is Kind.MANY_CHOICES:
        notes.append(
            _("Choose at most %(most)s.", most=question.most) if question.most else _("Choose all that apply.")
        )
    if question.kind in (Kind.CHOICE, Kind.YES_NO):
        notes.append(_("Choose one."))
    if question.kind is Kind.CONSENT:
        notes.append(_("Tick to agree."))
    if question.kind is Kind.DATE:
        notes.append(_("Day, month and year."))
    if question.kind is Kind.FILE:
        kinds = ", ".join(question.accept)
        notes.append(_("You add a file here: %(kinds)s.", kinds=kinds) if kinds else _("You add a file here."))
    return notes + _limits(question)


def _limits(question: Question) -> list[str]:
    notes = []
    if question.minimum is not None:
        notes.append(_("At least %(number)s.", number=_number(question.minimum)))
    if question.maximum is not None:
        notes.append(_("At most %(number)s.", number=_number(question.maximum)))
    if question.earliest:
        notes.append(_("Not before %(day)s.", day=said_day(question.earliest)))
    if question.latest:
        notes.append(_("Not after %(day)s.", day=said_day(question.latest)))
    return notes


def _number(value: float) -> str:
    return str(format_decimal(value, locale=get_locale()))


def _only_if(form: Form, condition: Condition, numbers: dict[str, str], language: str) -> str:
    """Whom a question is for, in words where the condition is a plain one."""
    parts = _parts(condition.tree)
    said = [_said(form, part, numbers, language) for part in parts[1]] if parts else []
    if not said or not all(said):
        earlier = sorted({numbers[name] for name in _plain_names(condition, numbers)}, key=_in_order)
        if not earlier:
            return _("Only some people are asked this.")
        return _("Only some people are asked this: it depends on %(numbers)s.", numbers=", ".join(earlier))
    joined = (_(" and ") if parts and parts[0] else _(" or ")).join(said)
    return _("Answer this only if %(conditions)s.", conditions=joined)


def _plain_names(condition: Condition, numbers: dict[str, str]) -> set[str]:
    names = {name.removesuffix("_region") if name not in numbers else name for name in condition.names}
    return {name for name in names if name in numbers}


def _in_order(number: str) -> tuple[int, ...]:
    return tuple(map(int, number.split(".")))


def _parts(tree: ast.expr) -> tuple[bool, list[ast.expr]] | None:
    """(whether all have to hold, comparisons), for comparisons joined by one kind of word."""
    if isinstance(tree, ast.BoolOp):
        return (isinstance(tree.op, ast.And), tree.values)
    return (True, [tree])


def _said(form: Form, part: ast.expr, numbers: dict[str, str], language: str) -> str:
    """One comparison with an option: the question's number and the option's words; empty for any other."""
    if not (isinstance(part, ast.Compare) and len(part.ops) == 1):
        return ""
    left, operator, right = part.left, part.ops[0], part.comparators[0]
    if isinstance(operator, ast.In) and isinstance(right, ast.Name):
        left, right = right, left
    elif not isinstance(operator, ast.Eq):
        return ""
    value = literal_of(right)
    if not isinstance(left, ast.Name) or left.id not in numbers or not isinstance(value, str):
        return ""
    words = form.questions[left.id].option_label(value, language)
    return _("you answered %(number)s with “%(option)s”", number=numbers[left.id], option=words)


def as_plain_text(title: str, lines: list[str], sections: list[BlankSection]) -> str:
    """The form as plain text: `lines` come first, below the title."""
    out = [title, "=" * min(len(title), WIDTH), ""]
    for line in lines:
        out += [*_wrapped(line), ""]
    for number, section in enumerate(sections, start=1):
        heading = f"{number}. {section.title}"
        out += ["", heading, "-" * min(len(heading), WIDTH), *_wrapped(section.intro), ""]
        for question in section.questions:
            out += [*_question_lines(question), ""]
    return "\n".join(out) + "\n"


def _question_lines(question: BlankQuestion) -> list[str]:
    optional = f" {_('(optional)')}" if question.optional else ""
    out = _wrapped(f"{question.number} {question.label}{optional}")
    for text in (question.only_if, question.warning, question.help, *question.notes):
        out += _wrapped(text, "    ")
    out += [f"    [ ] {option}" for option in question.options]
    if not question.options and not question.space:
        out.append("    [ ]")
    return out + ["    " + "_" * (WIDTH - 4)] * question.space


def _wrapped(text: str, indent: str = "") -> list[str]:
    return [
        line
        for paragraph in text.splitlines()
        for line in textwrap.wrap(
            paragraph, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False
        )
        or [""]
    ]
