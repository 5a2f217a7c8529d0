"""A round's form as data: read it, fill it in, check it, submit it."""

from services.applications.domain.forms.answers import (
    check_section,
    merge_answers,
    parse_answers,
    questions_asked,
    section_status,
    unknown_answers,
)
from services.applications.domain.forms.dumping import dump_form, dump_question
from services.applications.domain.forms.eligibility import EligibilityResult, check_eligibility
from services.applications.domain.forms.facts import facts_of, worked_out
from services.applications.domain.forms.kinds import Kind, Purpose, Sensitivity
from services.applications.domain.forms.model import Choice, Eligibility, Form, Question, Refusal, Section
from services.applications.domain.forms.parsing import parse_form
from services.applications.domain.forms.submission import Parts, Submission, attribute_labels, submit_answers
from services.applications.domain.forms.values import date_parts

__all__ = [
    "Choice",
    "Eligibility",
    "EligibilityResult",
    "Form",
    "Kind",
    "Parts",
    "Purpose",
    "Question",
    "Refusal",
    "Section",
    "Sensitivity",
    "Submission",
    "attribute_labels",
    "check_eligibility",
    "check_section",
    "date_parts",
    "dump_form",
    "dump_question",
    "facts_of",
    "merge_answers",
    "parse_answers",
    "parse_form",
    "questions_asked",
    "section_status",
    "submit_answers",
    "unknown_answers",
    "worked_out",
]
