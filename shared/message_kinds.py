"""What each kind of message is called on staff's pages, in every service, and which kinds belong together.

The kinds themselves, with their rules, are in `services/notifications/domain/kinds.py`.
"""

from collections.abc import Iterable, Mapping

GROUPS: Mapping[str, Mapping[str, str]] = {
    "Anybody: signing in": {
        "sign_in": "Sign-in link",
        "email_change": "New address to confirm",
        "email_changed": "Address changed",
    },
    "Applicants: rounds that open": {
        "interest_confirm": "Interest to confirm",
        "round_opened": "Round opened",
        "round_paused": "Round on hold",
        "round_resumed": "Round goes on",
    },
    "Applicants: filling in the form": {
        "draft_saved": "Link back to a saved form",
        "draft_reminder": "Reminder of a saved form",
        "deadline_extended": "More time for one person",
        "helper_invited": "Invitation to help with a form",
        "helper_ended": "Help with a form ended",
        "application_received": "Receipt for a form",
        "application_withdrawn": "Form withdrawn",
    },
    "Applicants: decisions and offers": {
        "decision_offer": "Decision: an offer",
        "decision_waitlist": "Decision: the waiting list",
        "decision_unsuccessful": "Decision: not this time",
        "offer_reminder": "Reminder to answer an offer",
        "offer_accepted": "Offer accepted",
        "offer_declined": "Offer declined",
        "offer_lapsed": "Offer lapsed",
    },
    "Applicants: review requests and complaints": {
        "case_received": "Receipt for a request or complaint",
        "case_outcome": "Answer to a request or complaint",
    },
    "Anybody: their data": {
        "data_ready": "Copy of their data ready",
        "erasure_done": "Data erased",
    },
    "Participants: sessions": {
        "session_invitation": "Invitation to a session",
        "session_waiting": "Waiting for a place in a session",
        "session_place": "Place in a session",
        "session_waiting_over": "Session they waited for is off",
        "session_changed": "Session changed",
        "session_cancelled": "Session cancelled",
        "session_reminder": "Reminder of a session",
    },
    "Participants: news and surveys": {
        "digest": "Two-weekly digest",
        "survey_invited": "Invitation to a survey",
        "survey_reminder": "Reminder of a survey",
    },
    "Panel": {
        "reviewer_invited": "Invitation to the panel",
        "reviewer_declare_reminder": "Reminder to agree to the terms",
        "panel_terms_changed": "Panel’s terms changed",
        "reviews_assigned": "Reading list ready",
        "reviews_reminder": "Reminder of forms to read",
        "reviews_overdue": "Forms to read are overdue",
        "discussion_continued": "Panel’s discussion goes on",
    },
    "Officers: cases": {
        "case_assigned": "Case assigned",
        "case_overdue": "Case overdue",
    },
}
"""Who gets them and what they are about -> kind -> its title, in the order in which they come in a person's life."""

TITLES: Mapping[str, str] = {kind: title for group in GROUPS.values() for kind, title in group.items()}


def title_of(kind: str) -> str:
    """A kind's title; one that is not known (an old row, say) as words: "old_kind" as "Old kind"."""
    return TITLES.get(kind) or kind.replace("_", " ").capitalize()


def grouped(kinds: Iterable[str]) -> list[tuple[str, list[str]]]:
    """These kinds by group, both in the order above; kinds of no group come last, as "Others"."""
    wanted = set(kinds)
    found = [(name, [kind for kind in group if kind in wanted]) for name, group in GROUPS.items()]
    others = sorted(wanted - set(TITLES))
    return [(name, group) for name, group in [*found, ("Others", others)] if group]


def by_title(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """Each kind and its title, by title: for a list to choose from."""
    return sorted(((kind, title_of(kind)) for kind in kinds), key=lambda pair: pair[1].casefold())
