"""What the builder calls things, and where each problem can be put right. Staff pages are in English."""

from collections.abc import Mapping
from typing import Any

from services.applications.domain.building.editing import Definition, questions_in, sections_of
from services.applications.domain.forms.model import ELIGIBILITY

KINDS = {
    "short_text": "Short text",
    "long_text": "Long text",
    "choice": "One choice",
    "many_choices": "Many choices",
    "yes_no": "Yes or no",
    "number": "Number",
    "date": "Date",
    "email": "Email address",
    "phone": "Phone number",
    "organisation": "Organisation",
    "postcode": "Postcode (gives the UK region)",
    "file": "File",
    "consent": "Consent (a box to tick)",
    "calculation": "Calculation (worked out from numbers)",
}
PURPOSES = {
    "assessed": "Assessed: for choosing",
    "contact": "Contact details",
    "access": "Access needs: kept apart from choosing",
    "equality": "Equality monitoring: kept apart, always optional",
}
SENSITIVITIES = {
    "": "As its section says",
    "ordinary": "Ordinary",
    "special": "Special category (health, belief, origin)",
    "contact": "Contact details",
    "access": "Access needs",
    "equality": "Equality monitoring",
}
SETTINGS = {
    "id": "short name",
    "kind": "kind",
    "label": "question",
    "help": "help",
    "content_warning": "content warning",
    "required": "must be answered",
    "word_limit": "word limit",
    "panel_may_see": "panel may see it",
    "prefer_not_to_say": "prefer not to say",
    "most": "at most",
}
AUTOCOMPLETE = {
    "": "Nothing",
    "name": "Their name",
    "email": "Their email address",
    "tel": "Their phone number",
    "organization": "Their organisation",
    "organization-title": "Their role",
    "postal-code": "Their postcode",
}


def said(text: object) -> str:
    """A text of a definition in English, or in the first language it has."""
    if isinstance(text, Mapping):
        return str(text.get("en") or next(iter(text.values()), ""))
    return str(text or "")


def where_to(definition: Definition, problems: Mapping[str, list[str]], home: str) -> list[dict[str, str]]:
    """Problems of sections and questions as links to the page and field where they can be put right."""
    sections = [one for one in sections_of(definition) if one.get("id") != ELIGIBILITY]
    found = []
    for path, texts in problems.items():
        first, *rest = path.split(".")
        if first == ELIGIBILITY:
            section: Any = {**definition.get(ELIGIBILITY, {}), "id": ELIGIBILITY}
        elif first == "sections" and rest and int(rest[0]) < len(sections):
            section, rest = sections[int(rest[0])], rest[1:]
        else:
            continue
        found += [_link(section, rest, text, home) for text in texts]
    return found


def _link(section: Definition, rest: list[str], text: str, home: str) -> dict[str, str]:
    href, name = f"{home}/sections/{section.get('id')}", said(section.get("title"))
    if rest[:1] == ["questions"] and len(rest) > 1 and int(rest[1]) < len(questions_in(section)):
        question = questions_in(section)[int(rest[1])]
        href, name = f"{home}/questions/{question.get('id')}", said(question.get("label"))
        rest = rest[2:]
    setting = SETTINGS.get(rest[0], rest[0].replace("_", " ")) if rest else ""
    return {"text": f"{name}{', ' + setting if setting else ''}: {text}", "href": href}
