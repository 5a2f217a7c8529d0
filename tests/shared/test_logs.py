"""Log lines are JSON, say what they belong to, and hold no personal data."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared import logs
from shared.errors import Conflict
from shared.ids import new_id
from shared.tracing import Trace, current_trace


class Sink:
    """Where the lines go."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.log = logging.getLogger("tests.logs")

    @property
    def last(self) -> dict[str, Any]:
        return dict(json.loads(self.stream.getvalue().splitlines()[-1]))


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Logging as a process has it, for the length of a test."""
    root = logging.getLogger()
    level, made = root.level, Sink()
    handler = logs.configure("cohorts", "INFO", made.stream)
    yield made
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_line_says_when_what_and_which_service(sink: Sink) -> None:
    sink.log.info("a round was opened", extra={"round": "spring"})
    assert sink.last["message"] == "a round was opened" and sink.last["round"] == "spring"
    assert (sink.last["service"], sink.last["level"], sink.last["logger"]) == ("cohorts", "info", "tests.logs")
    assert sink.last["time"]


def test_a_line_names_the_correlation_and_the_event_in_hand(sink: Sink) -> None:
    token = current_trace.set(Trace(correlation_id="req-1"))
    try:
        with logs.handling("e-1", "applications.person_changed", "person/1"):
            sink.log.info("handled")
    finally:
        current_trace.reset(token)
    assert sink.last["correlation_id"] == "req-1"
    assert (sink.last["event_id"], sink.last["event_type"], sink.last["event_subject"]) == (
        "e-1",
        "applications.person_changed",
        "person/1",
    )
    sink.log.info("afterwards")
    assert "event_id" not in sink.last and "correlation_id" not in sink.last


@pytest.mark.parametrize(
    "secret",
    [
        "zoe.o'brien+x@mail.example.org.uk",
        "+44 7700 900123",
        "(0044) 20 7946 0958",
        "https://apply.example.org/apply/r/Xk29-bQz81LmPq0_Rt77vWyZ",
        "token=abc123",
        '"code": "482913"',
        "postgresql://hearth:pa55word@db/hearth",
        "eyJhbGciOi.eyJzdWIi.c2ln",
    ],
)
def test_personal_data_and_secrets_are_masked_wherever_they_stand(sink: Sink, secret: str) -> None:
    sink.log.info("sent to %s", secret, extra={"detail": {"deep": [secret]}})
    line = sink.stream.getvalue()
    for part in ("zoe", "900123", "7946", "Xk29", "abc123", "482913", "pa55word", "c2ln"):
        assert part not in line


def test_identifiers_counts_and_dates_stay(sink: Sink) -> None:
    id = str(new_id())
    sink.log.info("application %s scored %s on 2026-03-01 with 1234567 points", id, 71.5)
    assert sink.last["message"] == f"application {id} scored 71.5 on 2026-03-01 with 1234567 points"


def test_an_exception_shows_types_and_places_and_no_values(sink: Sink) -> None:
    try:
        try:
            raise KeyError("zoe-in-a-key")
        except KeyError as error:
            raise Conflict("The place has gone.") from error
    except Conflict:
        sink.log.exception("failed")
    shown = sink.last["exc_info"]
    assert "KeyError" in shown and "test_logs.py" in shown and "Conflict: The place has gone. (conflict)" in shown
    assert "zoe-in-a-key" not in sink.stream.getvalue()


def test_configuring_again_does_not_double_the_lines(sink: Sink) -> None:
    again = io.StringIO()
    handler = logs.configure("cohorts", "INFO", again)
    sink.log.info("once")
    logging.getLogger().removeHandler(handler)
    assert len(again.getvalue().splitlines()) == 1 and "once" not in sink.stream.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.emails(), st.text(max_size=40))
def test_redaction_never_fails_and_leaves_no_usual_address(before: str, address: str, after: str) -> None:
    plain = "".join(c for c in address if c.isalnum() or c in "@.")
    nobody = plain.startswith("@") or "@" not in plain
    assert nobody or f" {plain} " not in logs.redact(f"{before} {plain} {after}")
