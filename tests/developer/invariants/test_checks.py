"""Each invariant notices what it is there for: a sound installation, spoilt in one way at a time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.developer.invariants.checks import CHECKS, examine
from services.developer.invariants.evidence import COLUMNS, MESSAGING, SERVICES, Evidence, Letter

PERSON, APPLICATION, ROUND, MESSAGE = uuid4(), uuid4(), uuid4(), uuid4()
EVENTS = {"applications": [uuid4() for _ in range(4)], "notifications": [uuid4()]}
NOW = datetime.now(UTC)


def sound() -> dict[str, dict[str, list[Any]]]:
    """One person, one application, one receipt."""
    tables: dict[str, dict[str, list[Any]]] = {
        service: {table: [] for table in {**COLUMNS[service], **MESSAGING}} for service in SERVICES
    }
    who = {"name": "Noor", "email": "noor@example.org"}
    theirs = {"id": APPLICATION, "round_id": ROUND, "person_id": PERSON, "reference": "K7QM-2RT4", "rules_version": 1}
    mine, cohorts, mail = (tables[service] for service in SERVICES)
    mine["people"] = [SimpleNamespace(id=PERSON, roles=["applicant"], **who)]
    lines = [{"points": 20}, {"points": 10}]
    mine["applications"] = [SimpleNamespace(**theirs, state="submitted", submitted_at=NOW)]
    mine["applications"][0].erased_at = None
    mine["scores"] = [SimpleNamespace(application_id=APPLICATION, round_id=ROUND, rules_version=1, made_by=1)]
    mine["scores"][0].score, mine["scores"][0].breakdown = 30.0, lines
    mine["rounds"] = [SimpleNamespace(id=ROUND, rules_version=1)]
    mine["deliveries"] = [SimpleNamespace(message_id=MESSAGE, state="sent")]
    mine["outbox_sequences"] = [SimpleNamespace(subject="person/1", last=1), SimpleNamespace(subject="a/1", last=3)]
    cohorts["applications"] = [SimpleNamespace(**theirs, state="in_pool", priority_score=30.0)]
    cohorts["application_identities"] = [SimpleNamespace(application_id=APPLICATION)]
    cohorts["people"] = [SimpleNamespace(id=PERSON, roles=["applicant"], **who)]
    receipt = {"id": MESSAGE, "kind": "application_received", "about": f"application/{APPLICATION}"}
    sent = {"person_id": PERSON, "email": who["email"], "state": "sent", "finished_at": NOW, "unknown_retries": 0}
    mail["messages"] = [SimpleNamespace(**receipt, **sent)]
    mail["contacts"] = [SimpleNamespace(person_id=PERSON, **who)]
    mail["outbox_sequences"] = [SimpleNamespace(subject="message/1", last=1)]
    mail["inbox"] = [mark("notifications", "applications", event) for event in EVENTS["applications"]]
    mine["inbox"] = [mark("applications", "notifications", EVENTS["notifications"][0])]
    cohorts["inbox"] = [mark("cohorts", "applications", EVENTS["applications"][0])]
    return tables


def mark(listener: str, source: str, event: UUID, at: datetime = NOW) -> SimpleNamespace:
    return SimpleNamespace(listener=listener, source=source, event_id=event, processed_at=at)


LETTERS = (Letter(str(MESSAGE), "noor@example.org"),)


def failed(tables: dict[str, dict[str, list[Any]]], letters: Any = LETTERS, unknown: int = 0) -> set[str]:
    """The names of the checks that found something."""
    return {finding.name for finding in examine(Evidence(tables, letters), unknown) if finding.problems}


NAMES = {check.__name__: name for name, check, _ in CHECKS}


def test_a_sound_installation_passes() -> None:
    assert failed(sound()) == set()


def test_without_a_mail_sink_letters_are_not_looked_at() -> None:
    assert failed(sound(), None) == set()


Spoil = Callable[[dict[str, dict[str, list[Any]]]], Any]


def change(service: str, table: str, **values: Any) -> Spoil:
    """Spoil the first row of a table."""
    return lambda tables: vars(tables[service][table][0]).update(values)


def forget(service: str, table: str) -> Spoil:
    """Lose a table's first row."""
    return lambda tables: tables[service][table].pop(0)


def twice(service: str, table: str, **values: Any) -> Spoil:
    """Have a table's first row twice, the second with other values."""
    return lambda tables: tables[service][table].append(
        SimpleNamespace(**{**vars(tables[service][table][0]), **values})
    )


def put(service: str, table: str, **values: Any) -> Spoil:
    """A row that should not be there."""
    return lambda tables: tables[service][table].append(SimpleNamespace(**values))


@pytest.mark.parametrize(
    ("spoil", "noticed"),
    [
        (change("applications", "rounds", rules_version=2), "scored"),
        (change("applications", "scores", breakdown=[{"points": 20}]), "scored"),
        (change("applications", "scores", score=20.0), "scored copied"),
        (forget("applications", "scores"), "scored"),
        (forget("cohorts", "applications"), "copied"),
        (change("cohorts", "applications", priority_score=None), "copied"),
        (change("cohorts", "applications", reference="K7QM-0000"), "copied"),
        (change("cohorts", "applications", state="withdrawn"), "copied"),
        (twice("cohorts", "applications", id=uuid4()), "copied"),
        (forget("cohorts", "application_identities"), "copied"),
        (forget("notifications", "messages"), "receipts arrived"),
        (twice("notifications", "messages", id=uuid4()), "receipts arrived told"),
        (change("notifications", "messages", person_id=uuid4()), "receipts"),
        (change("notifications", "messages", state="failed"), "receipts arrived told"),
        (change("notifications", "messages", state="queued", finished_at=None), "finished arrived"),
        (change("notifications", "messages", email="else@example.org"), "arrived"),
        (change("applications", "deliveries", state="unknown"), "told"),
        (forget("applications", "deliveries"), "told"),
        (forget("cohorts", "people"), "same_people"),
        (change("cohorts", "people", roles=[]), "same_people"),
        (change("notifications", "contacts", name="Else"), "same_people"),
        (twice("notifications", "contacts", person_id=uuid4()), "same_people"),
        (put("cohorts", "outbox", type="x", subject="y/1", problem="unroutable"), "nothing_waits"),
        (put("cohorts", "embedded_retries", listener="applications", position=1), "nothing_waits"),
        (put("notifications", "dead_letters", id=uuid4(), type="x", reason="y"), "nothing_given_up"),
        (put("cohorts", "due", kind="x", key="y", attempts=2, last_error="z"), "nothing_given_up"),
        (put("applications", "stored_files", name="nobody's"), "files_known"),
        (forget("applications", "inbox"), "every_event_handled"),
        (change("applications", "outbox_sequences", last=2), "every_event_handled"),
        (twice("notifications", "inbox"), "marked_once"),
        (
            put("cohorts", "inbox", **vars(mark("applications", "notifications", uuid4()))),
            "marked_once every_event_handled",
        ),
    ],
)
def test_what_is_spoilt_is_noticed(spoil: Spoil, noticed: str) -> None:
    tables = sound()
    spoil(tables)
    assert failed(tables) == {NAMES[name] for name in noticed.split()}


@pytest.mark.parametrize("letters", [(), LETTERS * 2, (*LETTERS, Letter("somebody else's", "x@example.org"))])
def test_letters_are_counted(letters: tuple[Letter, ...]) -> None:
    assert failed(sound(), letters) == {NAMES["arrived"]}


@pytest.mark.parametrize("letters", [(), LETTERS])
def test_an_unknown_outcome_is_allowed_as_often_as_said(letters: tuple[Letter, ...]) -> None:
    tables = sound()
    change("notifications", "messages", state="unknown")(tables)
    change("applications", "deliveries", state="unknown")(tables)
    assert failed(tables, letters, unknown=1) == set()
    assert failed(tables, letters) == {"at most 0 messages have an unknown outcome"}


def test_a_draft_needs_no_score_no_copy_and_no_receipt() -> None:
    tables = sound()
    twice("applications", "applications", id=uuid4(), state="draft", submitted_at=None)(tables)
    assert failed(tables) == set()


def test_a_withdrawn_application_stays_known() -> None:
    tables = sound()
    change("applications", "applications", state="withdrawn")(tables)
    assert failed(tables) == {NAMES["copied"]}
    change("cohorts", "applications", state="withdrawn")(tables)
    assert failed(tables) == set()


def test_marks_that_were_thrown_away_are_not_missed() -> None:
    tables = sound()
    tables["applications"]["inbox"] = [
        mark("applications", "notifications", uuid4(), NOW - timedelta(days=29, hours=1))
    ]
    forget("notifications", "inbox")(tables)
    assert failed(tables) == set()


def test_files_are_known_or_about_to_go_and_none_that_an_answer_names_is_missing() -> None:
    tables = sound()
    put("applications", "uploads", id=uuid4(), application_id=APPLICATION, stored="kept", state="clean")(tables)
    put("applications", "uploads", id=uuid4(), application_id=APPLICATION, stored="harmful", state="infected")(tables)
    put("applications", "due", kind="forget_file", key="leaving", attempts=0, last_error=None)(tables)
    assert failed(tables) == set()  # nobody said where the files are

    def found(*names: str) -> set[str]:
        return {each.name for each in examine(Evidence(tables, LETTERS, frozenset(names))) if each.problems}

    assert found("kept", "leaving") == set()
    assert found("kept", "nobody's") == found() == {NAMES["files_known"]}
