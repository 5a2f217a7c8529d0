"""Invented values for every kind, for previews, the gallery and tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.moments import Moment
from services.notifications.domain.templating.values import ValueKind

_START = datetime(2027, 3, 2, 14, 0, tzinfo=UTC)
_HOUR_AND_HALF = timedelta(minutes=90)
_NAMES = {"en": "Amal Haddad", "ar": "أمل حدّاد", "fa-AF": "آمنه رحیمی", "cy": "Siân Ffîon"}
_FEEDBACK = "Your plan for the first year was clear and kind.\nNext time, say more about who you work with."

_TEXTS: dict[str, str] = {
    "name": _NAMES["en"],
    "programme": "Ember Leaders",
    "contact_email": "team@ember-leaders.example",
    "reference": "HRT-7K2M-94",
    "code": "418 302".replace(" ", "-"),
    "minutes": "10",
    "round": "Spring 2027",
    "left": "7",
    "cohort": "Cohort 4",
    "session": "Telling your story, safely",
    "place": "Friends Meeting House, Room 2",
    "purpose": "We practise saying what we do and why, in our own words.",
    "access_notes": "Step-free. Please tell us if you need an interpreter.",
    "facilitator": "Samira Haidari",
    "reason": "The facilitator is unwell. We are sorry.",
    "feedback": _FEEDBACK,
    "count": "12",
    "posts": "5",
    "threads": "2",
    "survey": "How is it going?",
    "anonymous": "Nobody can see who wrote what.",
    "applicant": "Noor Haidari",
    "letter": "We looked at your form again.\nThe marks were added up wrongly, and we have put this right.",
}

_LISTS: dict[str, list[dict[str, Any]]] = {
    "sessions": [
        {
            "title": "First meeting",
            "when": Moment(_START, until=_START + _HOUR_AND_HALF).as_json(),
            "link": "https://hearth.example/join/first",
        },
        {
            "title": "Money and budgets",
            "when": Moment(_START + timedelta(days=28), until=_START + timedelta(days=28) + _HOUR_AND_HALF).as_json(),
            "place": "Friends Meeting House, Room 2",
        },
    ],
    "reviews": [
        {"reference": "HRT-7K2M-94", "link": "https://hearth.example/panel/1"},
        {"reference": "HRT-P3XW-11", "link": "https://hearth.example/panel/2"},
    ],
    "feedback_points": [
        {"topic": "Your idea", "comment": "Clear, and close to the people it is for."},
        {"topic": "Your plan", "comment": "Say more about the first three months."},
    ],
    "changes": [
        {
            "what": "time",
            "before": Moment(_START - timedelta(days=1)).as_json(),
            "now": Moment(_START, until=_START + _HOUR_AND_HALF).as_json(),
        },
        {"what": "place", "before": "Online", "now": "Friends Meeting House, Room 2"},
    ],
    "news": [
        {
            "title": "A place to practise English with others",
            "text": "Every Tuesday evening, online and free.\nBring a friend if you like.",
            "link": "https://hearth.example/news/1",
        },
        {"title": "Travel money", "text": "You can now ask for your fares before you travel."},
    ],
    "rounds": [
        {
            "title": "Spring 2027",
            "closes": Moment(_START + timedelta(days=20)).as_json(),
            "link": "https://hearth.example/rounds/spring-2027",
        },
    ],
    "sections": [{"title": "About you", "state": "done"}, {"title": "Your idea", "state": "to_do"}],
}


def sample_values(kind: str, language: str = "en") -> dict[str, Any]:
    """A value for everything that messages of this kind may hold, in the JSON form that rows keep."""
    values = {name: _value(name, spec.kind) for name, spec in KINDS[kind].all_placeholders().items()}
    lists = {name: _LISTS[name] for name in KINDS[kind].lists}
    return {**values, **lists, "name": _NAMES.get(language, _NAMES["en"])}


def _value(name: str, kind: ValueKind) -> Any:
    if kind is ValueKind.URL:
        return f"https://hearth.example/{name.removesuffix('_url')}/4f9c2a7be1"
    if kind is ValueKind.TIME:
        until = _START + _HOUR_AND_HALF if name == "when" else None
        return Moment(_START, until=until).as_json()
    return _TEXTS[name]
