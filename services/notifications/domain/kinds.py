"""Every kind of message Hearth sends: what fills it, who it is for, and the rules that its delivery follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from services.notifications.domain.categories import Category
from services.notifications.domain.templating.values import Placeholder, ValueKind

_TEXT = Placeholder(ValueKind.TEXT)
_TEXT_MAYBE = Placeholder(ValueKind.TEXT, optional=True)
_PROSE_SHOWN = Placeholder(ValueKind.PROSE, must_appear=True)
_PROSE_MAYBE = Placeholder(ValueKind.PROSE, optional=True)
_URL = Placeholder(ValueKind.URL)
_URL_MAYBE = Placeholder(ValueKind.URL, optional=True)
_URL_SHOWN = Placeholder(ValueKind.URL, must_appear=True)
_TIME = Placeholder(ValueKind.TIME)
_TIME_MAYBE = Placeholder(ValueKind.TIME, optional=True)
_TIME_SHOWN = Placeholder(ValueKind.TIME, must_appear=True)
_CODE = Placeholder(ValueKind.CODE)
_CODE_MAYBE = Placeholder(ValueKind.CODE, optional=True)
_CODE_SHOWN = Placeholder(ValueKind.CODE, must_appear=True)

COMMON: Mapping[str, Placeholder] = {
    "programme": _TEXT,
    "name": _TEXT_MAYBE,
    "contact_email": _CODE_MAYBE,
    "preferences_url": _URL_MAYBE,
}


class Audience(StrEnum):
    """Who reads it; everything for applicants and participants is shipped in every language."""

    APPLICANT = "applicant"
    PARTICIPANT = "participant"
    REVIEWER = "reviewer"


class Method(StrEnum):
    """What the calendar part of a message does (iTIP, RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Kind:
    """`urgent` ignores quiet hours; `retry_unknown` allows one more attempt when it is not known whether the server
    took the message; `lists` are the blocks it may place (`must_list`: those that it has to)."""

    name: str
    audience: Audience
    category: Category = Category.ESSENTIAL
    placeholders: Mapping[str, Placeholder] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    must_list: frozenset[str] = frozenset()
    urgent: bool = False
    retry_unknown: bool = False
    calendar: Method | None = None

    def all_placeholders(self) -> dict[str, Placeholder]:
        """Those of this kind and those that every message has."""
        return {**COMMON, **self.placeholders}


_SESSION: Mapping[str, Placeholder] = {
    "session": Placeholder(ValueKind.TEXT, must_appear=True),
    "when": _TIME_SHOWN,
    "purpose": _PROSE_MAYBE,
    "place": _TEXT_MAYBE,
    "join_url": _URL_MAYBE,
    "access_notes": _PROSE_MAYBE,
    "facilitator": _TEXT_MAYBE,
    "my_url": _URL_MAYBE,
}
_WAITING: Mapping[str, Placeholder] = {
    # Who has no place yet is not told how to get in.
    name: spec
    for name, spec in _SESSION.items()
    if name not in ("join_url", "access_notes")
}
_OFFER: Mapping[str, Placeholder] = {
    "reference": _CODE,
    "cohort": _TEXT_MAYBE,
    "offer_url": _URL_SHOWN,
    "deadline": _TIME_SHOWN,
}
_STATUS: Mapping[str, Placeholder] = {"reference": _CODE, "status_url": _URL_MAYBE}
_CASE: Mapping[str, Placeholder] = {"reference": _CODE_SHOWN, "case_url": _URL_SHOWN}

_SURVEY: Mapping[str, Placeholder] = {
    "survey": Placeholder(ValueKind.TEXT, must_appear=True),
    "survey_url": _URL_SHOWN,
    "minutes": _TEXT_MAYBE,
    "closes": _TIME_MAYBE,
    "anonymous": _TEXT_MAYBE,
}

_ROUND: Mapping[str, Placeholder] = {
    "round": Placeholder(ValueKind.TEXT, must_appear=True),
    "round_url": _URL_SHOWN,
    "leave_url": _URL_SHOWN,
    "closes": _TIME,
}

_ALL = (
    Kind(
        "sign_in", Audience.APPLICANT, urgent=True,
        placeholders={"sign_in_url": _URL_SHOWN, "code": _CODE_SHOWN, "minutes": _TEXT},
    ),
    Kind(
        "draft_saved", Audience.APPLICANT, urgent=True,
        placeholders={"resume_url": _URL_SHOWN, "closes": _TIME_MAYBE, "round": _TEXT_MAYBE},
    ),
    Kind(
        "draft_reminder", Audience.APPLICANT, Category.REMINDERS, lists=frozenset({"sections"}),
        placeholders={"resume_url": _URL_SHOWN, "closes": _TIME_SHOWN, "round": _TEXT_MAYBE},
    ),
    Kind(
        "application_received", Audience.APPLICANT, urgent=True,
        placeholders={
            "reference": _CODE_SHOWN, "status_url": _URL_SHOWN, "received": _TIME,
            "decisions_by": _TIME_MAYBE, "round": _TEXT_MAYBE,
        },
    ),
    Kind(
        "interest_confirm", Audience.APPLICANT, urgent=True,
        placeholders={"confirm_url": _URL_SHOWN},
    ),
    Kind("round_opened", Audience.APPLICANT, placeholders=_ROUND),
    Kind("round_paused", Audience.APPLICANT, placeholders=_ROUND),
    Kind("round_resumed", Audience.APPLICANT, placeholders=_ROUND),
    Kind(
        "deadline_extended", Audience.APPLICANT,
        placeholders={"closes": _TIME_SHOWN, "reason": _TEXT, "apply_url": _URL_SHOWN, "round": _TEXT_MAYBE},
    ),
    Kind(
        "helper_invited", Audience.APPLICANT, urgent=True,
        placeholders={"applicant": _TEXT, "helping_url": _URL_SHOWN, "round": _TEXT_MAYBE},
    ),
    Kind("helper_ended", Audience.APPLICANT, placeholders={"applicant": _TEXT, "round": _TEXT_MAYBE}),
    Kind("application_withdrawn", Audience.APPLICANT, urgent=True, placeholders=_STATUS),
    Kind(
        "decision_offer", Audience.APPLICANT, retry_unknown=True, lists=frozenset({"sessions", "feedback_points"}),
        placeholders={**_OFFER, "feedback": _PROSE_MAYBE},
    ),
    Kind(
        "decision_waitlist", Audience.APPLICANT, lists=frozenset({"feedback_points"}),
        placeholders={**_STATUS, "feedback": _PROSE_MAYBE, "heard_by": _TIME_MAYBE},
    ),
    Kind(
        "decision_unsuccessful", Audience.APPLICANT, lists=frozenset({"feedback_points"}),
        placeholders={**_STATUS, "feedback": _PROSE_MAYBE, "review_url": _URL_MAYBE, "review_by": _TIME_MAYBE},
    ),
    Kind("offer_reminder", Audience.APPLICANT, placeholders=_OFFER),
    Kind(
        "offer_accepted", Audience.PARTICIPANT, urgent=True, lists=frozenset({"sessions"}),
        placeholders={"reference": _CODE, "cohort": _TEXT_MAYBE, "my_url": _URL_MAYBE},
    ),
    Kind("offer_declined", Audience.APPLICANT, urgent=True, placeholders=_STATUS),
    Kind("offer_lapsed", Audience.APPLICANT, placeholders={**_STATUS, "deadline": _TIME}),
    Kind(
        "session_invitation", Audience.PARTICIPANT, placeholders=_SESSION, calendar=Method.REQUEST
    ),
    Kind(
        "session_waiting", Audience.PARTICIPANT, placeholders=_WAITING, urgent=True, lists=frozenset({"changes"})
    ),
    Kind("session_place", Audience.PARTICIPANT, placeholders=_SESSION, urgent=True, calendar=Method.REQUEST),
    Kind("session_waiting_over", Audience.PARTICIPANT, placeholders=_WAITING, urgent=True),
    Kind(
        "session_changed", Audience.PARTICIPANT, placeholders=_SESSION, urgent=True, retry_unknown=True,
        lists=frozenset({"changes"}), calendar=Method.REQUEST,
    ),
    Kind(
        "session_cancelled", Audience.PARTICIPANT, urgent=True, retry_unknown=True, calendar=Method.CANCEL,
        placeholders={**_SESSION, "reason": _PROSE_MAYBE},
    ),
    Kind(
        "digest", Audience.PARTICIPANT, Category.DIGEST, lists=frozenset({"news", "rounds", "sessions"}),
        must_list=frozenset({"news", "rounds", "sessions"}),
    ),
    Kind("survey_invited", Audience.PARTICIPANT, Category.SURVEYS, placeholders=_SURVEY),
    Kind("survey_reminder", Audience.PARTICIPANT, Category.SURVEYS, placeholders=_SURVEY),
    Kind("session_reminder", Audience.PARTICIPANT, Category.REMINDERS, placeholders=_SESSION),
    Kind(
        "reviewer_invited", Audience.REVIEWER,
        placeholders={"panel_url": _URL_SHOWN, "round": _TEXT_MAYBE, "due": _TIME_MAYBE},
    ),
    Kind(
        "reviews_assigned", Audience.REVIEWER, lists=frozenset({"reviews"}),
        placeholders={"panel_url": _URL_SHOWN, "round": _TEXT_MAYBE, "count": _TEXT, "due": _TIME_MAYBE},
    ),
    Kind(
        "reviewer_declare_reminder", Audience.REVIEWER, Category.REMINDERS,
        placeholders={"panel_url": _URL_SHOWN, "round": _TEXT_MAYBE, "due": _TIME_MAYBE},
    ),
    Kind(
        "reviews_reminder", Audience.REVIEWER, Category.REMINDERS,
        placeholders={
            "panel_url": _URL_SHOWN, "round": _TEXT_MAYBE, "left": _TEXT, "count": _TEXT, "due": _TIME_MAYBE,
        },
    ),
    Kind(
        "reviews_overdue", Audience.REVIEWER, Category.REMINDERS,
        placeholders={
            "panel_url": _URL_SHOWN, "round": _TEXT_MAYBE, "left": _TEXT, "count": _TEXT, "due": _TIME_MAYBE,
        },
    ),
    Kind(
        "panel_terms_changed", Audience.REVIEWER,
        placeholders={"panel_url": _URL_SHOWN, "round": _TEXT_MAYBE},
    ),
    Kind(
        "discussion_continued", Audience.REVIEWER, Category.DISCUSSIONS,
        placeholders={
            "panel_url": _URL_SHOWN, "round": _TEXT_MAYBE, "posts": _TEXT, "threads": _TEXT, "closes": _TIME_SHOWN,
        },
    ),
    Kind("data_ready", Audience.APPLICANT, urgent=True, placeholders={"data_url": _URL_SHOWN, "until": _TIME_SHOWN}),
    Kind(
        "erasure_done", Audience.APPLICANT,
        placeholders={"reference": _CODE_SHOWN, "certificate_url": _URL_SHOWN},
    ),
    Kind(
        "email_change", Audience.APPLICANT, urgent=True, placeholders={"confirm_url": _URL_SHOWN, "minutes": _TEXT}
    ),
    Kind("email_changed", Audience.APPLICANT, urgent=True),
    Kind(
        "case_received", Audience.APPLICANT, urgent=True,
        placeholders={**_CASE, "round": _TEXT_MAYBE, "deadline": _TIME_SHOWN},
    ),
    Kind("case_outcome", Audience.APPLICANT, placeholders={**_CASE, "letter": _PROSE_SHOWN}),
    Kind("case_assigned", Audience.REVIEWER, placeholders={**_CASE, "deadline": _TIME_SHOWN}),
    Kind("case_overdue", Audience.REVIEWER, placeholders={**_CASE, "deadline": _TIME_SHOWN}),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}


def kind(name: str) -> Kind:
    """The kind of this name. Raises KeyError for one that Hearth does not know."""
    return KINDS[name]
