"""A round's form as values: sections of questions, the eligibility check, and attributes worked out from answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from services.applications.domain.conditions import Condition, Fact, Variable
from services.applications.domain.forms.kinds import PREFER_NOT_TO_SAY, REGION_SUFFIX, Kind, Purpose, Sensitivity
from services.applications.domain.formulas import Formula
from services.applications.domain.regions import REGIONS
from services.applications.domain.text import NO_TEXT, Text

FORMAT = 1
ELIGIBILITY = "eligibility"
_FACTS = {
    Kind.CHOICE: Fact.CHOICE,
    Kind.YES_NO: Fact.CHOICE,
    Kind.MANY_CHOICES: Fact.MANY,
    Kind.NUMBER: Fact.NUMBER,
    Kind.CALCULATION: Fact.NUMBER,
    Kind.DATE: Fact.DATE,
}
REGION = Variable(Fact.CHOICE, frozenset(REGIONS))
"""What is known of a postcode's region."""


@dataclass(frozen=True)
class Choice:
    """One option. An `exclusive` one ("none of these") cannot be ticked together with others."""

    value: str
    label: Text
    help: Text = NO_TEXT
    exclusive: bool = False


PREFER_NOT = Choice(
    PREFER_NOT_TO_SAY,
    Text(
        {
            "en": "Prefer not to say",
            "cy": "Mae'n well gennyf beidio â dweud",
            "ar": "أفضّل عدم الإجابة",
            "fa-AF": "ترجیح می‌دهم نگویم",
        }
    ),
    exclusive=True,
)
YES = Choice("yes", Text({"en": "Yes", "cy": "Ie", "ar": "نعم", "fa-AF": "بلی"}))
NO = Choice("no", Text({"en": "No", "cy": "Na", "ar": "لا", "fa-AF": "نخیر"}))


@dataclass(frozen=True)
class Question:
    """One question. Limits that do not belong to its kind are None."""

    id: str
    kind: Kind
    label: Text
    help: Text = NO_TEXT
    content_warning: Text = NO_TEXT
    required: bool = False
    word_limit: int | None = None
    choices: tuple[Choice, ...] = ()
    choices_from: str | None = None  # "uk_regions" when the choices are that list
    prefer_not_to_say: bool = False
    most: int | None = None  # many choices, files: how many at most
    minimum: float | None = None
    maximum: float | None = None
    decimals: int = 0
    unit: str = ""
    earliest: str | None = None  # YYYY-MM-DD
    latest: str | None = None
    accept: tuple[str, ...] = ()  # file kinds: pdf, docx, ...
    megabytes: int | None = None
    autocomplete: str = ""  # HTML autocomplete token for contact fields
    condition: Condition | None = None
    formula: Formula | None = None  # calculations: what is worked out
    panel_may_see: bool = False
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    attribute: str | None = None

    @cached_property
    def options(self) -> tuple[Choice, ...]:
        """Every option an applicant sees, with yes, no and "prefer not to say" where they belong."""
        own = (YES, NO) if self.kind is Kind.YES_NO else self.choices
        return (*own, PREFER_NOT) if self.prefer_not_to_say else own

    @cached_property
    def variables(self) -> Mapping[str, Variable]:
        """The names that it gives to later conditions; a postcode gives its region as `<id>_region`."""
        if self.kind is Kind.POSTCODE:
            return {self.id: Variable(Fact.ANSWERED), self.id + REGION_SUFFIX: REGION}
        fact = _FACTS.get(self.kind, Fact.ANSWERED)
        options = frozenset(option.value for option in self.options) if fact in (Fact.CHOICE, Fact.MANY) else None
        return {self.id: Variable(fact, options)}

    def option_label(self, value: str, language: str = "en") -> str:
        """Return the label of the option with `value`, or `value` itself when there is no such option."""
        return next((option.label.say(language) for option in self.options if option.value == value), value)


@dataclass(frozen=True)
class Section:
    """Questions on one topic, shown as one page."""

    id: str
    title: Text
    purpose: Purpose
    questions: tuple[Question, ...]
    intro: Text = NO_TEXT


@dataclass(frozen=True)
class Elsewhere:
    """Another place to go for somebody this programme is not for."""

    name: Text
    about: Text = NO_TEXT
    link: str = ""


@dataclass(frozen=True)
class Refusal:
    """When the eligibility answers mean no, why, and where else to go."""

    when: Condition
    reason: Text
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True)
class Eligibility:
    """The few questions before the form. Its section has the id `eligibility`."""

    section: Section
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class AttributeValue:
    """A value of a derived attribute and the condition that gives it."""

    value: str
    label: Text
    when: Condition


@dataclass(frozen=True)
class DerivedAttribute:
    """A selection attribute worked out from answers: the first value whose condition holds, else `otherwise`."""

    name: str
    label: Text
    values: tuple[AttributeValue, ...]
    otherwise: str | None = None


@dataclass(frozen=True)
class Form:
    """A whole form. Storage numbers its versions; `FORMAT` is the version of this shape."""

    title: Text
    sections: tuple[Section, ...]
    eligibility: Eligibility | None = None
    attributes: tuple[DerivedAttribute, ...] = ()
    languages: tuple[str, ...] = field(default=("en",))

    @cached_property
    def all_sections(self) -> tuple[Section, ...]:
        """The eligibility section, if there is one, and then the others, in order."""
        return (self.eligibility.section, *self.sections) if self.eligibility else self.sections

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by id, in the order asked, those of the eligibility check first."""
        return {question.id: question for section in self.all_sections for question in section.questions}

    def section(self, section_id: str) -> Section:
        """Return the section with this id (`eligibility` for the check). Raises KeyError."""
        for section in self.all_sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)

    def section_of(self, question_id: str) -> Section:
        """Return the section that holds the question. Raises KeyError."""
        for section in self.all_sections:
            if any(question.id == question_id for question in section.questions):
                return section
        raise KeyError(question_id)

    def __iter__(self) -> Iterator[Section]:
        return iter(self.sections)
