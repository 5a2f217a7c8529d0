"""V14.2.1, V16.2.5: neither addresses nor logs hold what is personal or secret."""

import io
import json
import logging

from shared import logs
from tests.applications.parts import ANSWERS, data_of
from tests.architecture.world import (
    EMAIL,
    NAME,
    ORGANISATION,
    PROGRAM_EMAIL,
    PROGRAM_NAME,
    REASON,
    REVIEWER_EMAIL,
    REVIEWER_NAME,
    World,
)


def _personal() -> set[str]:
    typed = {value for section in ANSWERS.values() for value in section.values() if isinstance(value, str)}
    sentences = {text for text in typed if " " in text}
    people = {NAME, EMAIL, PROGRAM_NAME, PROGRAM_EMAIL, REVIEWER_NAME, REVIEWER_EMAIL, REASON, ORGANISATION}
    return sentences | people | {"Sam Staff", "sam@example.org", "ACCESS-MARKER"}


def test_no_address_holds_what_is_personal(world: World) -> None:
    addresses = "\n".join(world.addresses)
    assert len(world.addresses) > 40 and "/submission" in addresses
    for text in _personal():
        for written in {text, text.replace(" ", "%20"), text.replace(" ", "+"), text.replace("@", "%40")}:
            assert written not in addresses, written


def test_the_log_of_a_whole_journey_holds_nothing_personal_or_secret(world: World) -> None:
    text = world.journey.getvalue()
    lines = [json.loads(line) for line in text.splitlines()]
    told = {line["route"] for line in lines if line["message"] == "answered"}
    assert {"/sign-in/code", "/cohorts/api/v1/own-offers/<token>/answer", "/apply/<slug>/begin"} <= told
    assert any(line["message"] == "signed in" for line in lines)
    assert len(world.secrets) > 5
    for each in _personal() | {secret for secret in world.secrets if len(secret) > 5}:
        assert each not in text, each


def test_every_line_says_what_it_belongs_to(world: World) -> None:
    lines = [json.loads(line) for line in world.journey.getvalue().splitlines()]
    answered = [line for line in lines if line["message"] == "answered"]
    assert answered and all(line["correlation_id"] and line["time"] and line["level"] for line in answered)


def test_denials_and_sign_ins_are_logged(world: World) -> None:
    stream = io.StringIO()
    handler = logs.configure("denials", "INFO", stream)
    try:
        cohorts = world.assembly.cohorts
        cohorts.web.test_client().get("/cohorts/staff/", headers=world.bearer("applicant", who="noor"))
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel("WARNING")
    [line] = [json.loads(line) for line in stream.getvalue().splitlines() if "denied" in line]
    assert line["person_id"] == str(world.people["noor"]) and line["route"] == "/cohorts/staff/"


def test_stored_events_are_where_secrets_may_be_and_nowhere_else(world: World) -> None:
    """Links and codes are kept as hashes, but for the message that carries them out."""
    applications = world.assembly.applications
    sent = data_of(applications, "sign_in_requested")
    tables = world.contents(applications)
    for name, rows in tables.items():
        if name != "outbox":
            kept = repr(rows)
            assert all(asked["link"].rpartition("/")[2] not in kept and asked["code"] not in kept for asked in sent)
