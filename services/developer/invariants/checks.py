"""The invariants, one function each: the problems found, in words that name ids and never people."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.developer.invariants.evidence import SERVICES, AnyRow, Evidence

RECEIPT = "application_received"
ON_THE_WAY = frozenset({"queued", "sending", "handed", "deferred"})
TOLD = frozenset({"sent", "failed", "bounced", "suppressed", "expired", "unknown"})
"""States that the notifications service tells the others about."""
MARKS_KEPT = timedelta(days=29)
"""Inbox marks are thrown away after thirty days; then they cannot be counted any more."""


@dataclass(frozen=True)
class Finding:
    """What one check found: nothing wrong when there are no problems."""

    name: str
    looked_at: int
    problems: tuple[str, ...]


def is_erased(address: str) -> bool:
    """Whether a row has been blanked because its owner was erased."""
    return address.startswith("erased:")


def submitted(evidence: Evidence) -> list[AnyRow]:
    """Applications that were ever sent, those withdrawn afterwards among them."""
    return [row for row in evidence.of("applications", "applications") if row.submitted_at is not None]


def scored(evidence: Evidence) -> Iterator[str]:
    """Every submitted application has a score in force, and every breakdown, old ones too, adds up to its score."""
    in_force = scores_in_force(evidence)
    yield from (f"{row.id} has no score" for row in submitted(evidence) if row.id not in in_force)
    for kept in evidence.of("applications", "scores"):
        if abs(sum(float(line["points"]) for line in kept.breakdown) - kept.score) > 1e-9:
            version = kept.rules_version
            yield f"{kept.application_id}: the breakdown of version {version} does not add up to {kept.score}"


def scores_in_force(evidence: Evidence) -> dict[UUID, AnyRow]:
    """Application -> the score that it has: that of its round's version of the rules."""
    versions = {row.id: row.rules_version for row in evidence.of("applications", "rounds")}
    rows = evidence.of("applications", "scores")
    return {row.application_id: row for row in rows if row.rules_version == versions.get(row.round_id)}


def copied(evidence: Evidence) -> Iterator[str]:
    """Every submitted application is in the cohorts service once, with the same round, reference, score and state."""
    copies = {row.id: row for row in evidence.of("cohorts", "applications")}
    in_force = scores_in_force(evidence)
    apart = {row.application_id for row in evidence.of("cohorts", "application_identities")}
    for row in submitted(evidence):
        copy = copies.pop(row.id, None)
        if copy is None:
            yield f"{row.id} is not in cohorts"
            continue
        same = ("round_id", "person_id", "reference")
        yield from (
            f"{row.id}: another {name} in cohorts" for name in same if getattr(row, name) != getattr(copy, name)
        )
        if (copy.state == "withdrawn") != (row.state == "withdrawn"):
            yield f"{row.id} is {row.state} here and {copy.state} in cohorts"
        elif row.state == "submitted" and not _same_score(copy, in_force.get(row.id)):
            yield f"{row.id}: cohorts has another score, {copy.priority_score}"
        if row.state == "submitted" and row.erased_at is None and row.id not in apart:
            yield f"{row.id}: cohorts does not know whose it is"
    yield from (f"{id} is in cohorts and was never submitted" for id in copies)


def _same_score(copy: AnyRow, score: AnyRow | None) -> bool:
    return score is None or (copy.priority_score, copy.rules_version) == (score.score, score.made_by)


def receipts(evidence: Evidence) -> Iterator[str]:
    """Every submitted application has exactly one receipt, to the person it belongs to."""
    made: dict[str, list[AnyRow]] = defaultdict(list)
    for message in evidence.of("notifications", "messages"):
        if message.kind == RECEIPT:
            made[message.about].append(message)
    for row in submitted(evidence):
        found = made.pop(f"application/{row.id}", [])
        # One that was not written yet when its owner was erased never will be.
        if len(found) != 1 and not (row.erased_at is not None and not found):
            yield f"{row.id} has {len(found)} receipts"
        elif row.erased_at is not None:
            continue
        elif found[0].person_id != row.person_id:
            yield f"{row.id}: its receipt went to somebody else"
        elif found[0].state not in {"sent", "delivered", "unknown"} | ON_THE_WAY:
            yield f"{row.id}: its receipt is {found[0].state}"
    yield from (f"a receipt for {about}, which was never submitted" for about in made)


def finished(evidence: Evidence) -> Iterator[str]:
    """Every message has come to an end."""
    for message in evidence.of("notifications", "messages"):
        if message.state in ON_THE_WAY or message.finished_at is None:
            yield f"message {message.id} ({message.kind}) is {message.state}"


def arrived(evidence: Evidence) -> Iterator[str]:
    """A message that was sent arrived once; one whose outcome nobody knows, once at most for each attempt."""
    if evidence.letters is None:
        return
    letters = Counter(letter.id for letter in evidence.letters)
    recipients = {letter.id: letter.recipient for letter in evidence.letters}
    for message in evidence.of("notifications", "messages"):
        count, tries = letters.pop(str(message.id), 0), 1 + message.unknown_retries
        least, most = _expected(message.state, tries)
        if not least <= count <= most:
            yield f"message {message.id} ({message.kind}, {message.state}) arrived {count} times"
        elif (
            count
            and not is_erased(message.email)
            and message.email.casefold() not in recipients[str(message.id)].casefold()
        ):
            yield f"message {message.id} ({message.kind}) arrived at another address"
    yield from (f"a letter {id!r} that no message accounts for" for id in letters)


def _expected(state: str, tries: int) -> tuple[int, int]:
    if state in {"sent", "delivered", "complained"}:
        return 1, tries
    return (0, tries) if state in {"unknown", "handed", "bounced"} else (0, tries - 1)


def told(evidence: Evidence) -> Iterator[str]:
    """What became of each message is known to the applications service, which shows it."""
    known = {row.message_id: row.state for row in evidence.of("applications", "deliveries")}
    for message in evidence.of("notifications", "messages"):
        if is_erased(message.email):
            continue
        if message.finished_at is not None and message.state in TOLD and known.get(message.id) != message.state:
            yield f"message {message.id} is {message.state}, and {known.get(message.id)} to the applications service"


def same_people(evidence: Evidence) -> Iterator[str]:
    """The three services agree on who there is, how they are called and written to, and in which roles."""
    cohorts = {row.id: row for row in evidence.of("cohorts", "people")}
    contacts = {row.person_id: row for row in evidence.of("notifications", "contacts")}
    gone = {row.person_id for row in evidence.of("applications", "erased_people")}
    for person in evidence.of("applications", "people"):
        if person.id in gone:
            continue
        copy, contact = cohorts.pop(person.id, None), contacts.pop(person.id, None)
        address = person.email.casefold()
        if copy is None or (copy.name, copy.email.casefold()) != (person.name, address):
            yield f"person {person.id} is {'missing' if copy is None else 'another'} in cohorts"
        elif sorted(copy.roles) != sorted(person.roles):
            yield f"person {person.id} has other roles in cohorts"
        if contact is None or (contact.name, contact.email.casefold()) != (person.name, address):
            yield f"person {person.id} is {'missing' if contact is None else 'another'} in notifications"
    yield from (f"person {id} is known elsewhere and not to the applications service" for id in cohorts | contacts)


def erased(evidence: Evidence) -> Iterator[str]:
    """Who was erased is known to nobody: no account, no contact, no answers; and every erasure has come to an end."""
    gone = {row.person_id for row in evidence.of("applications", "erased_people")}
    for row in evidence.of("applications", "erasures"):
        if row.state == "running":
            yield f"erasure {row.id} has not ended"
        elif row.state == "done" and (row.contact is not None or row.person_id not in gone):
            yield f"erasure {row.id} is done and keeps an address"
    for person in evidence.of("applications", "people"):
        if person.id in gone and not is_erased(person.email):
            yield f"person {person.id} was erased and has an account"
    for service in ("cohorts", "notifications"):
        known = {row.person_id for row in evidence.of(service, "erased_people")}
        yield from (f"{service} does not know that {id} was erased" for id in sorted(gone - known))
    own = (id for id in [row.id for row in evidence.of("cohorts", "people")] if id in gone)
    yield from (f"cohorts still knows {id}" for id in own)
    contacts = (row.person_id for row in evidence.of("notifications", "contacts"))
    yield from (f"notifications still knows {id}" for id in contacts if id in gone)


def files_known(evidence: Evidence) -> Iterator[str]:
    """Every file in the store belongs to an answer or is about to go, and every file that an answer names is there."""
    rows = evidence.of("applications", "uploads")
    leaving = {row.key for row in evidence.of("applications", "due") if row.kind == "forget_file"}
    there = evidence.files
    if there is None:
        there = frozenset(row.name for row in evidence.of("applications", "stored_files"))
    known = {row.stored for row in rows} | leaving
    yield from (f"the file {name} is in the store, and nobody knows of it" for name in sorted(there - known))
    # Without the folder, an empty store says only that the files are kept elsewhere.
    if there or evidence.files is not None:
        yield from (f"the file {row.id} is not in the store" for row in rows if _lost(row, there))


def _lost(row: AnyRow, there: frozenset[str]) -> bool:
    return row.state != "infected" and row.stored not in there


def nothing_waits(evidence: Evidence) -> Iterator[str]:
    """No event is left in an outbox, or waits to be tried again."""
    for service in SERVICES:
        for event in evidence.of(service, "outbox"):
            yield f"{service}: {event.type} {event.subject} is in the outbox{_because(event.problem)}"
        for retry in evidence.of(service, "embedded_retries"):
            yield f"{service}: event {retry.position} waits for {retry.listener}"


def _because(problem: str | None) -> str:
    return f" ({problem})" if problem else ""


def nothing_given_up(evidence: Evidence) -> Iterator[str]:
    """There are no dead letters, and no due row fails."""
    for service in SERVICES:
        for parked in evidence.of(service, "dead_letters"):
            yield f"{service}: dead letter {parked.id} ({parked.type}): {parked.reason}"
        for row in evidence.of(service, "due"):
            if row.attempts:
                yield f"{service}: due {row.kind} has failed {row.attempts} times"


def every_event_handled(evidence: Evidence) -> Iterator[str]:
    """Each event that was ever numbered was handled by somebody: the numbers and the inboxes' marks agree."""
    marks: dict[str, set[object]] = defaultdict(set)
    oldest = datetime.max.replace(tzinfo=UTC)
    for listener in SERVICES:
        for mark in evidence.of(listener, "inbox"):
            marks[mark.source].add(mark.event_id)
            oldest = min(oldest, mark.processed_at)
    if oldest < datetime.now(UTC) - MARKS_KEPT:
        return
    for service in SERVICES:
        published = sum(row.last for row in evidence.of(service, "outbox_sequences"))
        waiting = len(evidence.of(service, "outbox"))
        if not published - waiting <= len(marks[service]) <= published:
            yield f"{service} has published {published} events; {waiting} wait, {len(marks[service])} were handled"


def marked_once(evidence: Evidence) -> Iterator[str]:
    """No listener has two marks for one event."""
    for listener in SERVICES:
        found = Counter((mark.listener, mark.source, mark.event_id) for mark in evidence.of(listener, "inbox"))
        yield from (f"{key[0]} has {count} marks for {key[2]}" for key, count in found.items() if count > 1)
        yield from (f"a mark of {key[0]} in the inbox of {listener}" for key in found if key[0] != listener)


Check = Callable[[Evidence], Iterator[str]]
Size = Callable[[Evidence], int]


def _messages(evidence: Evidence) -> int:
    return len(evidence.of("notifications", "messages"))


def _marks(evidence: Evidence) -> int:
    return sum(len(evidence.of(service, "inbox")) for service in SERVICES)


def _events(evidence: Evidence) -> int:
    return sum(row.last for service in SERVICES for row in evidence.of(service, "outbox_sequences"))


def _submitted(evidence: Evidence) -> int:
    return len(submitted(evidence))


CHECKS: tuple[tuple[str, Check, Size], ...] = (
    ("every submitted application is scored", scored, _submitted),
    ("every one is in cohorts once, with its score", copied, _submitted),
    ("every one has exactly one receipt", receipts, _submitted),
    ("every message has come to an end", finished, _messages),
    ("every letter arrived once", arrived, _messages),
    ("what became of each message is known", told, _messages),
    ("the three services know the same people", same_people, lambda e: len(e.of("applications", "people"))),
    ("nobody who was erased is known anywhere", erased, lambda e: len(e.of("applications", "erased_people"))),
    ("every file is known, and there", files_known, lambda e: len(e.of("applications", "uploads"))),
    ("nothing waits in an outbox or for a retry", nothing_waits, _events),
    ("every event was handled", every_event_handled, _events),
    ("no event was handled twice", marked_once, _marks),
    ("nothing was given up", nothing_given_up, _events),
)


def examine(evidence: Evidence, unknown: int = 0) -> list[Finding]:
    """Run every check. At most `unknown` messages may have an outcome that nobody knows."""
    findings = [Finding(name, size(evidence), tuple(check(evidence))) for name, check, size in CHECKS]
    lost = [row.id for row in evidence.of("notifications", "messages") if row.state == "unknown"]
    problems = (f"{len(lost)} messages have an unknown outcome: {', '.join(map(str, lost[:5]))}",)
    name = f"at most {unknown} messages have an unknown outcome"
    return [*findings, Finding(name, len(lost), problems if len(lost) > unknown else ())]
