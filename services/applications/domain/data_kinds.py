"""Kinds of personal data and reasons for keeping something, as people are told of them."""

from typing import Final

KINDS: Final = {
    "account": "Your name, address and account",
    "sign_in": "Your sign-ins and sessions",
    "applications": "Your applications and answers",
    "kept_apart": "Your answers about equality and access",
    "files": "Files that you sent",
    "helpers": "People who helped you",
    "scores": "Your priority scores",
    "status": "Where your applications stand",
    "corrections": "Corrections that you asked for",
    "messages": "Messages that we sent to you",
    "cases": "Your review requests and complaints",
    "panel_reading": "What readers wrote about your applications",
    "selection": "Decisions about your applications",
    "offers": "Places that you were offered",
    "cohort": "Your place in a group and its sessions",
    "panel": "Your work on a panel",
    "staff_work": "Your work on the programme",
    "record": "Entries of the decision record about what you did",
    "requests": "What you asked about your data",
    "other": "Other things about you",
}
"""Kind -> its name."""

REASONS: Final = {
    "counts": "A line without your name, words or reference, so that our counts stay true: which round, how it ended, "
    "and the groups that are counted, such as the region.",
    "record": "Entries in the record of decisions. It cannot be changed. It says what was done and by whom.",
    "reviews": "What you wrote as a reader, without your name, because decisions were made on it.",
    "certificate": "This certificate: a reference, times and counts.",
}
"""Reason -> what stays and why."""

HOLDS: Final = {
    "open_case": "You have a review request or a complaint that is still open. We need your details to answer it. "
    "We erase everything when it is closed. You can take it back if you do not want to wait.",
    "works_here": "You read for a panel or work on the programme. Somebody in the team has to agree first, so that "
    "no one is left without a reader. We will write to you.",
}
"""Hold -> why an erasure waits, and what ends the wait."""


def kind_name(kind: str) -> str:
    """What a kind of data is called."""
    return KINDS.get(kind, KINDS["other"])
