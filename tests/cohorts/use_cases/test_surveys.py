"""Surveys from draft to results: who is asked, when, what can be changed, and what is forgotten."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.cohorts.domain.survey import Choice, Condition, Question
from services.cohorts.storage.personal_data import REGISTER
from services.cohorts.storage.tables import Survey
from services.cohorts.use_cases.answer_offer import answer_offer
from services.cohorts.use_cases.answer_survey import answer_survey, asked_survey
from services.cohorts.use_cases.keep_attendance import mark_attendance
from services.cohorts.use_cases.keep_retention import KINDS
from services.cohorts.use_cases.leave_sessions import leave_cohort
from services.cohorts.use_cases.publish_survey import CLOSING, OPENING, REMINDER, close_survey, publish_survey
from services.cohorts.use_cases.schedule_sessions import cancel_session, change_session, schedule_session
from services.cohorts.use_cases.see_surveys import compare_surveys, my_surveys, see_results, see_survey
from services.cohorts.use_cases.session_plan import Plan
from services.cohorts.use_cases.write_survey import (
    Settings,
    change_survey,
    draft_survey,
    keep_question,
    move_question,
    remove_question,
    remove_survey,
    translate_survey,
)
from shared.contracts.applications import ErasureRequested
from shared.contracts.cohorts import PersonErased, SurveyInvited, SurveyReminderDue
from shared.errors import Conflict, Gone, Invalid, NotFound, Stale
from shared.ids import new_id
from shared.personal_data import Subject, gather
from tests.cohorts.programme import STAFF, Programme

USED = Question("used", "yes_no", "Did you use it?")
ALONE = Question("alone", "yes_no", "Did you feel less alone?", condition=Condition("used", ("yes",)))
WORDS = Question("words", "long_text", "Anything else?")
WAY = Question("way", "choice", "How?", choices=(Choice("a", "By phone"), Choice("b", "On a walk")))
QUESTIONS = (USED, ALONE, WORDS)
YES = {"used": ["yes"], "alone": ["yes"], "words": ["It helped."]}

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What asks nothing of the database that another test does not ask of both."""


@pytest.fixture
def cohort(programme: Programme) -> Programme:
    """Six participants of seven places."""
    programme.fill(7)
    programme.settle(places=7)
    programme.release(7, 0)
    for offer in programme.offers()[:6]:
        programme.do(answer_offer, programme.token(offer), "accepted")
    return programme


def cohort_id(programme: Programme) -> UUID:
    with programme.units.begin(write=False) as uow:
        found = uow.cohorts.of_round(programme.round_id)
        assert found is not None
        return found.id


def drafted(programme: Programme, questions: tuple[Question, ...] = QUESTIONS, **changes: Any) -> Survey:
    settings = {"title": "How is it?", "moment": "mid", "closes_at": programme.clock() + timedelta(days=14), **changes}
    return programme.do(draft_survey, cohort_id(programme), Settings(**settings), questions)


def published(programme: Programme, questions: tuple[Question, ...] = QUESTIONS, **changes: Any) -> UUID:
    survey = drafted(programme, questions, **changes)
    return programme.do(publish_survey, STAFF, survey.id, None).id


def people(programme: Programme) -> list[UUID]:
    return [programme.person(f"Applicant {number}") for number in range(1, 7)]


def asked(programme: Programme) -> list[str]:
    return [event["person_id"] for event in programme.published(SurveyInvited)]


def get(programme: Programme, survey_id: UUID) -> Survey:
    with programme.units.begin(write=False) as uow:
        return uow.surveys.get(survey_id)


def test_everybody_in_the_cohort_is_asked_once_and_who_joins_later_too(cohort: Programme) -> None:
    survey = published(cohort)
    assert sorted(asked(cohort)) == sorted(map(str, people(cohort)))
    [first, *_] = cohort.published(SurveyInvited)
    assert first["link"].endswith(f"/cohorts/my/surveys/{survey}") and first["minutes"] == 2
    cohort.do(answer_offer, cohort.token(cohort.offers()[6]), "accepted")
    assert asked(cohort)[6:] == [str(cohort.person("Applicant 7"))]
    with pytest.raises(Conflict):
        cohort.do(publish_survey, STAFF, survey, None)


@ON_ONE
def test_a_survey_that_opens_later_asks_nobody_before(cohort: Programme) -> None:
    survey = published(cohort, opens_at=cohort.clock() + timedelta(days=3))
    cohort.do(answer_offer, cohort.token(cohort.offers()[6]), "accepted")
    assert asked(cohort) == []
    cohort.clock.advance(timedelta(days=3, minutes=1))
    assert OPENING in cohort.run_due()
    assert len(asked(cohort)) == 7
    with pytest.raises(NotFound):
        cohort.do(answer_survey, new_id(), survey, YES)


def test_who_has_not_answered_is_reminded_once_and_who_left_is_not(cohort: Programme) -> None:
    survey = published(cohort)
    first, second, *others = people(cohort)
    cohort.do(answer_survey, first, survey, YES)
    cohort.do(leave_cohort, cohort.round_id, second)
    cohort.clock.advance(timedelta(days=12, minutes=1))
    assert REMINDER in cohort.run_due()
    assert sorted(event["person_id"] for event in cohort.published(SurveyReminderDue)) == sorted(map(str, others))
    cohort.clock.advance(timedelta(days=2))
    assert CLOSING in cohort.run_due()
    assert len(cohort.published(SurveyReminderDue)) == 4
    found = get(cohort, survey)
    assert (found.state, found.invited, found.answered) == ("closed", 5, 1)
    with pytest.raises(Gone):
        cohort.do(answer_survey, first, survey, YES)


def test_named_answers_can_be_changed_until_it_closes(cohort: Programme) -> None:
    survey, me = published(cohort), people(cohort)[0]
    cohort.do(answer_survey, me, survey, YES)
    cohort.do(answer_survey, me, survey, {"used": ["no"], "alone": ["yes"]})
    with cohort.units.begin(write=False) as uow:
        mine = asked_survey(uow, me, survey, "en")
        assert (mine.answered, mine.given) == (True, {"used": ["no"]})
        found = see_results(uow, survey)
    assert (found.invited, found.answered, found.of("alone").asked) == (6, 1, 0)
    with pytest.raises(Invalid):
        cohort.do(answer_survey, me, survey, {"used": [""]})


def test_a_sessions_survey_asks_who_was_there_after_it_has_ended_wherever_it_is_moved(cohort: Programme) -> None:
    start = (cohort.clock() + timedelta(days=2)).replace(hour=18, tzinfo=None)
    plan = Plan(title="Evening", start=start, minutes=60, zone="Europe/London", place="Here")
    session = cohort.do(schedule_session, STAFF, cohort_id(cohort), plan).id
    survey = published(cohort, moment="session", session_id=session)
    later = Plan(title="Evening", start=start + timedelta(days=1), minutes=60, zone="Europe/London", place="Here")
    cohort.do(change_session, STAFF, session, later, None)
    cohort.clock.set(start.replace(tzinfo=UTC) + timedelta(hours=2))
    cohort.run_due()
    assert asked(cohort) == []
    cohort.clock.advance(timedelta(hours=22, minutes=30))
    first, second, *others = people(cohort)
    cohort.do(mark_attendance, STAFF, session, {first: "absent", second: "part"})
    cohort.clock.advance(timedelta(minutes=30))
    cohort.run_due()
    assert sorted(asked(cohort)) == sorted(map(str, [second, *others]))
    cohort.do(answer_offer, cohort.token(cohort.offers()[6]), "accepted")
    assert len(asked(cohort)) == 5
    assert get(cohort, survey).closes_at == datetime(2027, 1, 26, 9, tzinfo=UTC)


@ON_ONE
def test_nobody_is_asked_about_a_session_that_was_cancelled(cohort: Programme) -> None:
    start = (cohort.clock() + timedelta(days=2)).replace(hour=18, tzinfo=None)
    plan = Plan(title="Evening", start=start, minutes=60, zone="Europe/London", place="Here")
    session = cohort.do(schedule_session, STAFF, cohort_id(cohort), plan).id
    survey = published(cohort, moment="session", session_id=session)
    cohort.do(cancel_session, STAFF, session, None)
    cohort.clock.advance(timedelta(days=3))
    cohort.run_due()
    assert asked(cohort) == [] and get(cohort, survey).state == "closed"
    with pytest.raises(Conflict):
        published(cohort, moment="session", session_id=session)


def test_an_anonymous_survey_is_answered_once_and_seen_when_it_has_closed(cohort: Programme) -> None:
    survey = published(cohort, anonymous=True)
    assert all("anonymous" in event["anonymous_note"] for event in cohort.published(SurveyInvited))
    first, *others = people(cohort)
    cohort.do(answer_survey, first, survey, {"used": ["no"]})
    with pytest.raises(Conflict):
        cohort.do(answer_survey, first, survey, YES)
    for person in others:
        cohort.do(answer_survey, person, survey, YES)
    with cohort.units.begin(write=False) as uow, pytest.raises(Conflict):
        see_results(uow, survey)
    cohort.do(close_survey, STAFF, survey, None)
    with cohort.units.begin(write=False) as uow:
        found = see_results(uow, survey)
        assert [mine.answered for mine in my_surveys(uow, first, "en")] == [False]
    # Five said yes and one said no: neither number is shown, nor what was asked of those five.
    assert (found.invited, found.answered) == (6, 6)
    assert [line.count for line in found.of("used").lines] == [None, None]
    assert found.of("alone").asked is None
    assert found.of("words").texts == ("It helped.",) * 5


@ON_ONE
def test_too_few_anonymous_answers_are_deleted_when_it_closes(cohort: Programme) -> None:
    survey = published(cohort, anonymous=True)
    for person in people(cohort)[:4]:
        cohort.do(answer_survey, person, survey, YES)
    cohort.do(close_survey, STAFF, survey, None)
    with cohort.units.begin(write=False) as uow:
        assert uow.survey_answers.all(uow.surveys.get(survey)) == []
        assert see_results(uow, survey).answered is None
        assert see_survey(uow, survey).counts == (6, 4)


def test_erasing_somebody_takes_their_words_and_leaves_the_counts(cohort: Programme) -> None:
    survey, secret = published(cohort), published(cohort, anonymous=True)
    me, *others = people(cohort)
    for person in (me, *others):
        cohort.do(answer_survey, person, survey, YES)
        cohort.do(answer_survey, person, secret, YES)
    with cohort.units.begin(write=False) as uow:
        copy = gather(uow.session, REGISTER, Subject(me))
    [mine] = copy["survey_answers"]
    assert (mine["answers"], mine["texts"]) == ({"used": "yes", "alone": "yes"}, {"words": "It helped."})
    assert "anonymous_answers" not in copy
    cohort.hear(ErasureRequested(erasure_id=new_id(), person_id=me))
    [told] = cohort.published(PersonErased)
    assert told["erased"]["surveys"] == 1
    with cohort.units.begin(write=False) as uow:
        found = see_results(uow, survey)
        assert found.of("used").lines[0].count == 6 and found.of("words").texts == ("It helped.",) * 5
        assert uow.survey_answers.of_person(survey, me) is None
        assert len(uow.survey_answers.all(uow.surveys.get(secret))) == 6


@ON_ONE
def test_nobody_is_written_to_who_was_erased_though_they_stay_counted(cohort: Programme) -> None:
    start = (cohort.clock() + timedelta(days=2)).replace(hour=18, tzinfo=None)
    plan = Plan(title="Evening", start=start, minutes=60, zone="Europe/London", place="Here")
    cohort.do(schedule_session, STAFF, cohort_id(cohort), plan)
    cohort.clock.advance(timedelta(days=4))
    survey, (me, *others) = published(cohort), people(cohort)
    cohort.hear(ErasureRequested(erasure_id=new_id(), person_id=me))
    published(cohort, title="Another")
    assert sorted(asked(cohort)[6:]) == sorted(map(str, others))
    cohort.clock.advance(timedelta(days=12, minutes=1))
    cohort.run_due()
    assert str(me) not in {event["person_id"] for event in cohort.published(SurveyReminderDue)}
    with cohort.units.begin(write=False) as uow:
        assert see_survey(uow, survey).counts == (6, 0)


def test_two_answers_at_once_are_both_kept_and_the_same_persons_only_once(cohort: Programme) -> None:
    survey, everybody = published(cohort, anonymous=True), people(cohort)
    refused: list[Exception] = []

    def answer(person_id: UUID) -> None:
        try:
            cohort.do(answer_survey, person_id, survey, YES)
        except Conflict as error:
            refused.append(error)

    threads = [threading.Thread(target=answer, args=[person]) for person in [*everybody, everybody[0], everybody[1]]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 2
    with cohort.units.begin(write=False) as uow:
        assert len(uow.survey_answers.all(uow.surveys.get(survey))) == 6
        assert see_survey(uow, survey).counts == (6, 6)


def test_after_its_time_what_was_written_goes_and_the_counts_stay(cohort: Programme) -> None:
    survey = published(cohort)
    cohort.do(answer_survey, people(cohort)[0], survey, YES)
    cohort.clock.advance(timedelta(days=15))
    cohort.run_due()
    [kind] = [kind for kind in KINDS if kind.name == "survey_answers"]
    with cohort.units.begin() as uow:
        assert kind.look(uow, uow.now - timedelta(days=2)) == 0
        assert kind.look(uow, uow.now) == kind.act(uow, uow.now) == 1
        assert kind.look(uow, uow.now) == 0
    with cohort.units.begin(write=False) as uow:
        assert see_results(uow, survey).of("used").lines[0].count == 1
        assert see_results(uow, survey).of("words").texts == ()


@ON_ONE
def test_a_draft_is_written_question_by_question(cohort: Programme) -> None:
    survey = drafted(cohort, ())
    with pytest.raises(Invalid):
        cohort.do(publish_survey, STAFF, survey.id, None)
    for question in QUESTIONS:
        cohort.do(keep_question, survey.id, question, None)
    cohort.do(keep_question, survey.id, WAY, None)
    with pytest.raises(Conflict):
        cohort.do(move_question, survey.id, "alone", -1, None)
    with pytest.raises(Conflict):
        cohort.do(remove_question, survey.id, "used", None)
    with pytest.raises(Invalid):
        cohort.do(keep_question, survey.id, Question("used", "long_text", "What did you use?"), None)
    with pytest.raises(Stale):
        cohort.do(move_question, survey.id, "way", -1, 1)
    cohort.do(move_question, survey.id, "way", -1, None)
    cohort.do(remove_question, survey.id, "words", None)
    assert [question["id"] for question in get(cohort, survey.id).questions] == ["used", "alone", "way"]
    cohort.do(publish_survey, STAFF, survey.id, None)
    with pytest.raises(Conflict):
        cohort.do(keep_question, survey.id, WORDS, None)
    with pytest.raises(Conflict):
        cohort.do(remove_survey, survey.id)


@ON_ONE
def test_times_have_to_make_sense(cohort: Programme) -> None:
    now = cohort.clock()
    with pytest.raises(Invalid):
        drafted(cohort, opens_at=now + timedelta(days=3), closes_at=now + timedelta(days=2))
    for closes_at in (None, now - timedelta(days=1)):
        with pytest.raises(Invalid):
            published(cohort, closes_at=closes_at)
    survey = drafted(cohort)
    settings = Settings(title="Anew", moment="end", closes_at=now + timedelta(days=1))
    assert cohort.do(change_survey, survey.id, settings, survey.revision).title == "Anew"


@ON_ONE
def test_it_is_said_in_the_persons_language_as_far_as_it_is_translated(cohort: Programme) -> None:
    survey, me = drafted(cohort), people(cohort)[0]
    said = {"title": "Sut mae?", "used": "A wnaethoch chi?", "gone": "?"}
    cohort.do(translate_survey, survey.id, "cy", said, None)
    cohort.do(publish_survey, STAFF, survey.id, None)
    with cohort.units.begin(write=False) as uow:
        mine = asked_survey(uow, me, survey.id, "cy")
        assert (mine.title, mine.questions[0].text, mine.questions[1].text) == (
            "Sut mae?",
            "A wnaethoch chi?",
            ALONE.text,
        )
        [listed] = my_surveys(uow, me, "cy")
        assert (listed.title, listed.open) == ("Sut mae?", True)
    again = cohort.do(draft_survey, cohort_id(cohort), Settings(title="At the end", moment="end"), (), survey.id)
    assert (len(again.questions), again.words) == (3, {"cy": {"used": "A wnaethoch chi?"}})


@ON_ONE
def test_baseline_and_end_stand_beside_each_other(cohort: Programme) -> None:
    before, after = published(cohort, moment="baseline", title="Before"), published(cohort, moment="end", title="After")
    for number, person in enumerate(people(cohort)):
        cohort.do(answer_survey, person, before, {"used": ["yes" if number < 2 else "no"]})
        cohort.do(answer_survey, person, after, YES)
    with cohort.units.begin(write=False) as uow:
        changes = {change.question.id: change.found for change in compare_surveys(uow, cohort_id(cohort))}
    assert [(survey, found.lines[0].count) for survey, found in changes["used"]] == [("Before", 2), ("After", 6)]
    assert [found.asked for _, found in changes["alone"]] == [2, 6] and "words" not in changes
