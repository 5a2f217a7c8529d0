"""A small round for the fault tests: a check, one page of questions, one page that is kept apart, and two rules."""

from datetime import UTC, datetime, timedelta
from typing import Any

SECTIONS: dict[str, dict[str, Any]] = {
    "about": {"size": "small", "story": "We began with a kettle and a borrowed room."},
    "equality": {"age": "25_to_34"},
}
"""Section -> good answers."""
ELIGIBILITY = {"works_here": "yes"}
POINTS = 30
"""What the rules give for these answers."""


def _choice(id: str, label: str, *values: str) -> dict[str, Any]:
    options = [{"value": value, "label": {"en": value.replace("_", " ")}} for value in values]
    return {"id": id, "kind": "choice", "label": {"en": label}, "choices": options}


FORM: dict[str, Any] = {
    "format": 1,
    "title": {"en": "A small form"},
    "languages": ["en"],
    "eligibility": {
        "title": {"en": "Is this for you?"},
        "questions": [
            {"id": "works_here", "kind": "yes_no", "required": True, "label": {"en": "Do you work in the UK?"}}
        ],
        "refusals": [{"when": 'works_here == "no"', "reason": {"en": "This is for people who work in the UK."}}],
    },
    "sections": [
        {
            "id": "about",
            "title": {"en": "Your work"},
            "purpose": "assessed",
            "questions": [
                {**_choice("size", "How big is your organisation?", "small", "large"), "required": True},
                {"id": "story", "kind": "long_text", "word_limit": 200, "label": {"en": "Tell us how it began."}},
            ],
        },
        {
            "id": "equality",
            "title": {"en": "About you"},
            "purpose": "equality",
            "questions": [_choice("age", "How old are you?", "under_25", "25_to_34", "35_and_over")],
        },
    ],
}
RULES: dict[str, Any] = {
    "format": 1,
    "title": {"en": "Who we want to reach first"},
    "rules": [
        {
            "id": "small",
            "kind": "choice",
            "label": {"en": "Your organisation is small"},
            "question": "size",
            "points": {"small": POINTS},
        }
    ],
    "tie": {"by": ["small"], "then": "shared"},
}


def definition(slug: str) -> dict[str, Any]:
    """A round that is open now."""
    now = datetime.now(UTC)
    return {
        "id": slug,
        "title": f"Round {slug}",
        "zone": "Europe/London",
        "opens": f"{now - timedelta(days=2):%Y-%m-%d %H:%M}",
        "deadline": f"{now + timedelta(days=20):%Y-%m-%d %H:%M}",
        "form": FORM,
        "rules": RULES,
    }
