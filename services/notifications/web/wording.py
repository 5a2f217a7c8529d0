"""How states and languages are called on staff's pages; for kinds, see `shared.message_kinds`."""

from services.notifications.domain.languages import language
from services.notifications.domain.states import State
from services.notifications.domain.templating.values import Placeholder, ValueKind

TONES = {
    State.QUEUED: "info",
    State.SENDING: "info",
    State.HANDED: "info",
    State.SENT: "good",
    State.DELIVERED: "good",
    State.DEFERRED: "warn",
    State.UNKNOWN: "warn",
    State.FAILED: "bad",
    State.BOUNCED: "bad",
    State.COMPLAINED: "bad",
    State.HELD: "warn",
    State.CANCELLED: "quiet",
    State.REHEARSED: "quiet",
    State.EXPIRED: "quiet",
    State.SUPERSEDED: "quiet",
    State.SUPPRESSED: "quiet",
}

_MEANINGS = {
    State.HELD: "It waits until staff have looked at it.",
    State.CANCELLED: "Staff stopped it before it went.",
    State.REHEARSED: "It was made and checked in a dry run, and nothing left.",
    State.QUEUED: "It waits for its turn.",
    State.SENDING: "It is being sent now.",
    State.HANDED: "It is being handed to the next mail server now.",
    State.SENT: "The next mail server took it. Whether it was delivered is for that server to say.",
    State.DELIVERED: "It arrived.",
    State.DEFERRED: "It could not be handed over yet, and is tried again by itself.",
    State.UNKNOWN: "It was handed over, but no answer came back, so nobody knows whether it arrived.",
    State.FAILED: "The mail server refused it for good.",
    State.BOUNCED: "It came back.",
    State.COMPLAINED: "The reader reported it as unwanted.",
    State.EXPIRED: "It could not be sent while it was still of use.",
    State.SUPERSEDED: "Something newer took its place before it went.",
    State.SUPPRESSED: "This address is known not to work, or the person does not want such messages.",
}


def in_words(name: str) -> str:
    """`sent_again` as "Sent again"."""
    return name.replace("_", " ").capitalize()


def meaning(state: str) -> str:
    """What a state means for the reader of the page."""
    return _MEANINGS[State(state)]


_VALUES = {
    ValueKind.TEXT: "Words on one line.",
    ValueKind.PROSE: "Words, with paragraphs. Not in the subject.",
    ValueKind.URL: "An address: {{…}} alone shows it, [words]({{…}}) makes a link. Not in the subject.",
    ValueKind.TIME: "A day and time, written for the language.",
    ValueKind.CODE: "A code or an email address.",
    ValueKind.WORD: "One of Hearth’s own words.",
    ValueKind.EITHER: "Words or a time.",
}


def when_used(placeholder: Placeholder) -> str:
    """What stands for a placeholder, and when it has to be there."""
    needed = " It has to be in the text." if placeholder.must_appear else ""
    empty = " May be empty: then its paragraph is left out." if placeholder.optional else ""
    return _VALUES[placeholder.kind] + needed + empty


def language_name(code: str) -> str:
    """A language by its own name; the code itself where the name is unknown."""
    known = language(code)
    return known.name if known.code == code else code
