"""Reads a form from its definition: friendly about every mistake, strict about what it lets through."""

import re

from services.applications.domain.conditions import Condition, Variable
from services.applications.domain.forms.kinds import Purpose, Sensitivity
from services.applications.domain.forms.model import (
    ELIGIBILITY,
    FORMAT,
    AttributeValue,
    DerivedAttribute,
    Eligibility,
    Elsewhere,
    Form,
    Question,
    Refusal,
    Section,
)
from services.applications.domain.forms.question_parsing import parse_question
from services.applications.domain.reading import Reader
from shared.errors import Invalid

_ORIGIN = re.compile("nationalit|citizen|passport|country_of|birth_country|ethnic|origin")
MAX_SECTIONS = 30
MAX_QUESTIONS = 60
_FORM_KEYS = ("format", "title", "languages", "eligibility", "sections", "attributes")


def parse_form(data: object) -> Form:
    """Return the form that `data` (dicts and lists, as from YAML or JSON) defines.

    Raises shared.errors.Invalid with every problem at once, each under a path such as `sections.2.questions.4.kind`.
    """
    problems: dict[str, list[str]] = {}
    form = _Parser(Reader(data, "", problems)).form()
    if problems:
        raise Invalid(problems, "This form cannot be used yet.")
    return form


class _Parser:
    """Goes through a definition in the order the questions are asked; `scope` grows with each."""

    def __init__(self, top: Reader) -> None:
        self.top = top
        self.scope: dict[str, Variable] = {}
        self.section_ids: set[str] = {ELIGIBILITY}
        self.attributes: set[str] = set()
        self.earlier: dict[str, Question] = {}

    def form(self) -> Form:
        top = self.top
        top.refuse_others(_FORM_KEYS)
        if top.data.get("format", FORMAT) != FORMAT:
            top.problem("format", f"This version of Hearth reads format {FORMAT}.")
        eligibility = self.eligibility() if top.given("eligibility") else None
        sections = tuple(self.section(reader) for reader in top.items("sections", low=1, high=MAX_SECTIONS))
        return Form(
            title=top.text("title", required=True),
            sections=sections,
            eligibility=eligibility,
            attributes=tuple(self.derived(reader) for reader in top.items("attributes", high=30)),
            languages=top.words("languages") or ("en",),
        )

    def eligibility(self) -> Eligibility:
        reader = self.top.inside(ELIGIBILITY)
        reader.refuse_others(("title", "intro", "questions", "refusals"))
        questions = self.questions(reader, Purpose.ASSESSED)
        title = reader.text("title", required=True)
        section = Section(ELIGIBILITY, title, Purpose.ASSESSED, questions, reader.text("intro"))
        return Eligibility(section, tuple(self.refusal(one) for one in reader.items("refusals", low=1)))

    def refusal(self, reader: Reader) -> Refusal:
        reader.refuse_others(("when", "reason", "elsewhere"))
        when = reader.condition("when", self.scope, required=True)
        elsewhere = tuple(_elsewhere(one) for one in reader.items("elsewhere", high=20))
        return Refusal(when, reader.text("reason", required=True), elsewhere)  # type: ignore[arg-type]  # noted if None

    def section(self, reader: Reader) -> Section:
        reader.refuse_others(("id", "title", "intro", "purpose", "questions"))
        section_id = reader.identifier("id") or ""
        if section_id in self.section_ids:
            reader.problem("id", f"Another section is already called “{section_id}”.")
        self.section_ids.add(section_id)
        purpose = reader.one_of("purpose", Purpose, Purpose.ASSESSED) or Purpose.ASSESSED
        title = reader.text("title", required=True)
        return Section(section_id, title, purpose, self.questions(reader, purpose), reader.text("intro"))

    def questions(self, reader: Reader, purpose: Purpose) -> tuple[Question, ...]:
        return tuple(self.question(one, purpose) for one in reader.items("questions", low=1, high=MAX_QUESTIONS))

    def question(self, reader: Reader, purpose: Purpose) -> Question:
        question = parse_question(reader, purpose, self.scope)
        for name in question.variables:
            if name in self.scope:
                reader.problem("id", _taken(name, question))
        self.scope.update(question.variables)
        self.calculation(reader, question)
        self.earlier[question.id] = question
        if question.attribute is not None:
            self.attribute_name(reader, "attribute", question.attribute)
        return question

    def calculation(self, reader: Reader, question: Question) -> None:
        """A result gives away what it was worked out from: it is kept as those answers are."""
        used = [self.earlier[name] for name in sorted(question.formula.names if question.formula else ())]
        for one in used:
            if one.sensitivity not in (Sensitivity.ORDINARY, question.sensitivity):
                reader.problem("formula", f"“{one.id}” is kept apart ({one.sensitivity}): do not use it here.")
            elif question.panel_may_see and not one.panel_may_see:
                reader.problem("panel_may_see", f"The panel may not see “{one.id}”, so it may not see this either.")

    def attribute_name(self, reader: Reader, key: str, name: str) -> None:
        if name in self.attributes:
            reader.problem(key, f"Another attribute is already called “{name}”.")
        self.attributes.add(name)

    def derived(self, reader: Reader) -> DerivedAttribute:
        reader.refuse_others(("name", "label", "values", "otherwise"))
        name = reader.identifier("name") or ""
        self.attribute_name(reader, "name", name)
        values = tuple(self.attribute_value(one) for one in reader.items("values", low=1, high=50))
        otherwise = reader.value("otherwise") if reader.given("otherwise") else None
        if "lived_experience" in name and any(_tells_origin(one.when) for one in values):
            reader.problem("values", "Lived experience is asked, never worked out from where somebody is from.")
        return DerivedAttribute(name, reader.text("label", required=True), values, otherwise)

    def attribute_value(self, reader: Reader) -> AttributeValue:
        reader.refuse_others(("value", "label", "when"))
        value, label = reader.value("value") or "", reader.text("label")
        when = reader.condition("when", self.scope, required=True)
        return AttributeValue(value, label, when)  # type: ignore[arg-type]  # a missing condition has been noted


def _tells_origin(condition: Condition | None) -> bool:
    """Whether a condition looks at a question about nationality. (None: the condition could not be read.)"""
    return condition is not None and any(_ORIGIN.search(name) for name in condition.names)


def _elsewhere(reader: Reader) -> Elsewhere:
    reader.refuse_others(("name", "about", "link"))
    link = reader.word("link") or ""
    if link and not link.startswith(("https://", "http://", "mailto:", "tel:")):
        reader.problem("link", "A link begins with https://, mailto: or tel:.")
    return Elsewhere(reader.text("name", required=True), reader.text("about"), link)


def _taken(name: str, question: Question) -> str:
    if name == question.id:
        return f"Another question is already called “{name}”."
    return f"“{name}” is the region of the postcode “{question.id}”: another question may not use that name."
