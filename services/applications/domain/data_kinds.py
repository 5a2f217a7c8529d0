"""Kinds of personal data and reasons for keeping something, as people are told of them."""

from typing import Final

from services.applications.domain.messages import Message

KINDS: Final = {
    "account": Message("Your name, address and account"),
    "sign_in": Message("Your sign-ins and sessions"),
    "applications": Message("Your applications and answers"),
    "kept_apart": Message("Your answers about equality and access"),
    "files": Message("Files that you sent"),
    "helpers": Message("People who helped you"),
    "scores": Message("Your priority scores"),
    "status": Message("Where your applications stand"),
    "corrections": Message("Corrections that you asked for"),
    "messages": Message("Messages that we sent to you"),
    "cases": Message("Your review requests and complaints"),
    "panel_reading": Message("What readers wrote about your applications"),
    "selection": Message("Decisions about your applications"),
    "offers": Message("Places that you were offered"),
    "cohort": Message("Your place in a group and its sessions"),
    "panel": Message("Your work on a panel"),
    "staff_work": Message("Your work on the programme"),
    "record": Message("Entries of the decision record about what you did"),
    "requests": Message("What you asked about your data"),
    "other": Message("Other things about you"),
}
"""Kind -> its name."""

REASONS: Final = {
    "counts": Message(
        "A line without your name, words or reference, so that our counts stay true: which round, how it ended, "
        "and the groups that are counted, such as the region."
    ),
    "record": Message("Entries in the record of decisions. It cannot be changed. It says what was done and by whom."),
    "reviews": Message("What you wrote as a reader, without your name, because decisions were made on it."),
    "certificate": Message("This certificate: a reference, times and counts."),
}
"""Reason -> what stays and why."""

HOLDS: Final = {
    "open_case": Message(
        "You have a review request or a complaint that is still open. We need your details to answer it. "
        "We erase everything when it is closed. You can take it back if you do not want to wait."
    ),
    "works_here": Message(
        "You read for a panel or work on the programme. Somebody in the team has to agree first, so that "
        "no one is left without a reader. We will write to you."
    ),
}
"""Hold -> why an erasure waits, and what ends the wait."""


def kind_name(kind: str) -> str:
    """What a kind of data is called."""
    return KINDS.get(kind, KINDS["other"])
