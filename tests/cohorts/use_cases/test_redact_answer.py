"""Names inside answers: waiting until looked at, redacted for reviewers alone, nothing forgotten."""

import pytest

from services.cohorts.use_cases.redact_answer import (
    clear_answer,
    named_answer,
    redact_answer,
    waiting_answers,
)
from shared.errors import Invalid, NotFound
from tests.cohorts.programme import STAFF, Programme

SAID = "I am Applicant One of the Lanterns of Leith, one@mail.example."


@pytest.fixture
def application(programme: Programme):
    programme.open_round()
    programme.settle()
    return programme.apply(1, score=1.0, organisation="The Lanterns of Leith", visible={"why": SAID})


def waiting(programme: Programme):
    with programme.units.begin(write=False) as uow:
        return waiting_answers(uow, programme.round_id)[0]


def read(programme: Programme, name: str) -> str:
    member = programme.reviewer(name)
    programme.assign()
    with programme.units.begin(write=False) as uow:
        return uow.blind.one(programme.list_of(member)[0], [member.id]).answers[0]["answer"]


def test_an_answer_that_names_its_writer_waits_with_a_suggestion(programme: Programme, application) -> None:
    programme.apply(2, score=1.0, visible={"why": "Because of them."})
    (answer,) = waiting(programme)
    assert (answer.application.id, answer.question_id) == (application, "why")
    # "Applicant" is a part of the name too, as this test's people are called.
    assert answer.suggestion == "I am [name] One of the [organisation], [email address]."
    assert "".join(text for _, text in answer.pieces) == SAID


def test_reviewers_read_the_redacted_text_and_staff_keep_the_original(programme: Programme, application) -> None:
    programme.do(redact_answer, STAFF, application, "why", "I am [removed].", "Names herself")
    assert read(programme, "Ada") == "I am [removed]."
    assert waiting(programme) == []
    with programme.units.begin(write=False) as uow:
        answer = named_answer(uow, application, "why")
        (entry,) = uow.redactions.history(application, "why")
    assert answer.text == SAID
    assert (entry.action, entry.by_name, entry.reason) == ("redacted", STAFF.name, "Names herself")


def test_the_original_can_come_back_and_both_steps_are_kept(programme: Programme, application) -> None:
    programme.do(redact_answer, STAFF, application, "why", "Gone.")
    programme.do(clear_answer, STAFF, application, "why", "It is another person")
    assert read(programme, "Ada") == SAID
    with programme.units.begin(write=False) as uow:
        assert [one.action for one in uow.redactions.history(application, "why")] == ["restored", "redacted"]
    assert waiting(programme) == []


def test_what_was_looked_at_does_not_wait_again(programme: Programme, application) -> None:
    programme.do(clear_answer, STAFF, application, "why")
    assert waiting(programme) == []
    assert read(programme, "Ada") == SAID


@pytest.mark.parametrize("text", ["", "  \n", SAID, "x" * 20_001])
def test_a_text_that_redacts_nothing_is_refused(programme: Programme, application, text) -> None:
    with pytest.raises(Invalid):
        programme.do(redact_answer, STAFF, application, "why", text)


def test_what_the_panel_does_not_see_cannot_be_redacted(programme: Programme, application) -> None:
    with pytest.raises(NotFound):
        programme.do(redact_answer, STAFF, application, "organisation", "x")


def test_a_long_queue_goes_on_where_it_stopped(programme: Programme) -> None:
    programme.open_round()
    for number in range(1, 8):
        programme.apply(number, visible={"why": "Ask Applicant."})
    with programme.units.begin(write=False) as uow:
        first, after = waiting_answers(uow, programme.round_id, limit=3)
        rest, end = waiting_answers(uow, programme.round_id, after or "", limit=10)
    assert [a.application.reference for a in first + rest] == [f"APP-{n:03}" for n in range(1, 8)]
    assert end is None
