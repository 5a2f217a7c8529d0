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
    "surveys": Message(
        "Surveys that you were asked to answer. What you said in an anonymous survey is not here: "
        "nobody can find out which answers are yours."
    ),
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


COLUMNS: Final = {
    "name": Message("Your name"),
    "email": Message("Email address"),
    "language": Message("Your language"),
    "languages": Message("Languages"),
    "zone": Message("Time zone"),
    "organisation": Message("Organisation"),
    "reference": Message("Reference number"),
    "title": Message("What it is called"),
    "subject": Message("What it is about"),
    "about": Message("What it is about"),
    "kind": Message("What kind it is"),
    "ground": Message("What it is about"),
    "channel": Message("How it came"),
    "state": Message("Where it stands"),
    "stage": Message("Where it stands"),
    "outcome": Message("How it ended"),
    "text": Message("What it says"),
    "comment": Message("What it says"),
    "letter": Message("Our answer"),
    "wish": Message("What you would like"),
    "detail": Message("More about it"),
    "note": Message("A note"),
    "reason": Message("The reason given"),
    "feedback": Message("Feedback to you"),
    "before": Message("What it was before"),
    "wanted": Message("What it should be"),
    "original": Message("What it was before"),
    "score": Message("Points in all"),
    "priority_score": Message("Points in all"),
    "breakdown": Message("Points, one by one"),
    "scores": Message("Marks"),
    "overall": Message("Mark in all"),
    "answers": Message("What you answered"),
    "texts": Message("What you wrote"),
    "answered": Message("Answered or not"),
    "changed_at": Message("Changed on"),
    "roles": Message("What you may do"),
    "choices": Message("Which emails you want"),
    "sections": Message("Parts of the form"),
    "may_submit": Message("May send the form"),
    "minutes": Message("Minutes"),
    "until": Message("Until"),
    "started_at": Message("Begun on"),
    "created_at": Message("Made on"),
    "added_at": Message("Added on"),
    "updated_at": Message("Changed on"),
    "submitted_at": Message("Sent on"),
    "received_at": Message("Came on"),
    "withdrawn_at": Message("Taken back on"),
    "asked_at": Message("Asked on"),
    "decided_at": Message("Decided on"),
    "answered_at": Message("Answered on"),
    "respond_by": Message("Answer by"),
    "opened_at": Message("Opened on"),
    "closed_at": Message("Closed on"),
    "completed_at": Message("Done on"),
    "joined_at": Message("Joined on"),
    "invited_at": Message("Invited on"),
    "queued_at": Message("Written on"),
    "finished_at": Message("Sent on"),
    "at": Message("When"),
    "since": Message("Since"),
    "expires_at": Message("Ends on"),
}
"""What the columns that say something to a person are called; others are for programs."""


def kind_name(kind: str) -> str:
    """What a kind of data is called."""
    return KINDS.get(kind, KINDS["other"])
