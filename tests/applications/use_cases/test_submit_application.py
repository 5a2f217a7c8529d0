"""Sending: once in effect, with nothing in the events that should not leave."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.event import listen

from services.applications.use_cases.fill_in import save_section
from services.applications.use_cases.start_application import start_application
from services.applications.use_cases.submit_application import submit_application, withdraw_application
from shared.errors import Conflict, HearthError, Invalid
from tests.applications.parts import ANSWERS, ELIGIBLE, SLUG, data_of, events, person

MARKERS = {
    "full_name": "MARK-NAME",
    "phone": "07700 900461",
    "email": "mark-mail@example.org",
    "access_notes": "MARK-ACCESS",
    "interpreter_language": "MARK-INTERPRETER",
}


def begun(service, email="noor@example.org"):
    who = person(service, email, "applicant").id
    with service.units.begin() as uow:
        return start_application(uow, SLUG, who, language="en", eligibility=ELIGIBLE).id, who


def filled(service, address="noor@example.org", **changes):
    row, who = begun(service, address)
    with service.units.begin() as uow:
        for section, answers in ANSWERS.items():
            save_section(uow, row, who, section, {**answers, **changes})
    return row, who


def send(service, row, who):
    with service.units.begin() as uow:
        return submit_application(uow, row, who)


def test_no_equality_access_or_contact_answer_leaves_the_service(service, open_round):
    row, who = filled(service, **MARKERS, access_help=["interpreter"], age_band="35_to_49", ethnic_group="black")
    send(service, row, who)
    bodies = json.dumps(events(service), ensure_ascii=False)
    for marker in (*MARKERS.values(), "35_to_49", '"black"', "gender", "age_band", "ethnic_group"):
        assert marker not in bodies, marker
    [ready] = data_of(service, "application_ready_for_review")
    assert set(ready["visible"]) >= {"motivation", "change", "role", "work_areas"}
    assert not set(ready["visible"]) & {
        *MARKERS,
        "organisation_name",
        "organisation_postcode",
        "lived_experience_direct",
    }
    assert ready["identifying"] == {
        "name": "Someone",
        "organisation": "The Kettle Club",
        "organisation_names": ["The Kettle Club"],
        "email_domain": "example.org",
    }


def test_what_is_set_apart_cannot_be_read_in_the_database(service, open_round, tmp_path):
    row, who = filled(service, access_notes="MARK-ACCESS", interpreter_language="")
    with service.units.begin(write=False) as uow:
        stored = uow.session.execute(text("SELECT answers FROM applications")).scalars().all()
        assert "MARK-ACCESS" not in str(stored) and "25_to_34" not in str(stored)
        assert uow.applications.apart(row)["access_notes"] == "MARK-ACCESS"
    send(service, row, who)
    with service.units.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            content = b"".join(path.read_bytes() for path in Path(tmp_path).glob("applications.sqlite3*"))
            assert b"The Kettle Club" in content
            assert b"MARK-ACCESS" not in content and b"25_to_34" not in re.sub(rb'"value": "25_to_34"', b"", content)
            connection.exec_driver_sql("BEGIN")


def test_the_breakdown_adds_up_and_goes_out(service, open_round):
    row, who = filled(service)
    sent = send(service, row, who)
    [scored] = data_of(service, "application_scored")
    assert sum(line["points"] for line in scored["breakdown"]) == scored["score"]
    with service.units.begin(write=False) as uow:
        kept = uow.scores.in_force(sent.id)
    assert (
        kept is not None and kept.score == scored["score"] == 100
    )  # lived experience 40, small 30, outside London 20, first programme 10


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["send", "withdraw", "save"]), max_size=6))
def test_any_order_of_presses_sends_once_and_takes_back_once(service, open_round, presses):
    before = {name: len(data_of(service, name)) for name in ("application_submitted", "application_withdrawn")}
    row, who = filled(service, address=f"p{len(events(service))}@example.org")
    for press in presses:
        try:
            with service.units.begin() as uow:
                if press == "save":
                    save_section(uow, row, who, "leadership", {**ANSWERS["leadership"], "motivation": "Changed"})
                else:
                    (submit_application if press == "send" else withdraw_application)(uow, row, who)
        except HearthError as error:
            assert isinstance(error, Conflict)
    after = {name: len(data_of(service, name)) for name in before}
    sent = "send" in presses and ("withdraw" not in presses or presses.index("send") < presses.index("withdraw"))
    assert after["application_submitted"] - before["application_submitted"] == int(sent)
    assert after["application_withdrawn"] - before["application_withdrawn"] == int("withdraw" in presses)


def test_missing_answers_are_named_and_nothing_happens(service, open_round):
    row, who = begun(service)
    with pytest.raises(Invalid) as caught:
        send(service, row, who)
    assert {"motivation", "consent_privacy", "organisation_name"} <= set(caught.value.problems)
    assert data_of(service, "application_submitted") == []


def sealed(service, row):
    with service.units.begin(write=False) as uow:
        query = text("SELECT purpose, sealed FROM set_apart_answers WHERE application_id = :id")
        stored = str(row) if service.units.engine.dialect.name == "postgresql" else row.hex
        return dict(uow.session.execute(query, {"id": stored}).all())


def test_sending_seals_anew_only_what_changes_by_it(service, open_round):
    row, who = filled(service, access_help=["interpreter"], interpreter_language="Tigrinya")
    with service.units.begin() as uow:
        # The language stays typed in the draft, but nobody asks for it any more.
        save_section(uow, row, who, "access", {"access_help": ["data"], "interpreter_language": "Tigrinya"})
    before = sealed(service, row)
    send(service, row, who)
    after = sealed(service, row)
    assert before["equality"] == after["equality"]
    assert before["access"] != after["access"]
    with service.units.begin(write=False) as uow:
        assert uow.applications.access_needs(row) == {"access_help": ["data"]}
        assert uow.applications.apart(row)["gender"] == "woman"


def test_sending_asks_the_database_no_more_than_it_must(service, open_round):
    """Deadline night is decided by round trips: each costs more than any of the rules does."""
    send(service, *filled(service))  # now the organisation is known, and so are the form and the rules
    row, who = filled(service, "amal@example.org")
    asked = []
    listen(service.units.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    send(service, row, who)
    assert len(asked) <= 20, "\n".join(each[:100] for each in asked)
