"""Surveys as staff write them, and who is asked what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.cohorts.domain.survey import (
    Choice,
    Condition,
    Question,
    as_json,
    check_questions,
    minutes_for,
    phrases,
    question_problems,
    read_questions,
    reminder_at,
    spoken,
)
from services.cohorts.domain.survey_answers import as_given, asked, read, steps
from shared.errors import Invalid

USED = Question("used", "yes_no", "Did you use the buddy scheme?")
HOW = Question(
    "how", "many", "How did you meet?", choices=(Choice("call", "By phone"), Choice("walk", "On a walk")),
    condition=Condition("used", ("yes",)),
)  # fmt: skip
ALONE = Question("alone", "yes_no", "Did you feel less alone?", condition=Condition("used", ("yes",)))
WHY = Question("why", "long_text", "Why not?", condition=Condition("used", ("no",)))
SURE = Question("sure", "scale", "How sure are you of yourself?", anchors=("Not at all", "Very"))
HOURS = Question("hours", "number", "How many hours a week?", lowest=0, highest=60)
ALL = (USED, HOW, ALONE, WHY, SURE, HOURS)


def test_questions_come_back_from_json_as_they_were() -> None:
    assert read_questions(as_json(question) for question in ALL) == ALL
    check_questions(ALL)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(USED, text=" "), "text"),
        (replace(USED, kind="essay"), "kind"),
        (replace(USED, id="Used it?"), "id"),
        (replace(HOW, choices=HOW.choices[:1]), "choices"),
        (replace(HOW, choices=(Choice("a", "Same"), Choice("b", "same"))), "choices"),
        (replace(SURE, anchors=("Not at all", "")), "anchors"),
        (replace(HOURS, lowest=5, highest=5), "highest"),
        (replace(ALONE, condition=Condition("later", ("yes",))), "condition"),
        (replace(ALONE, condition=Condition("used", ("maybe",))), "condition"),
        (replace(ALONE, condition=Condition("how", ("call", "walk"))), "condition"),
    ],
)
def test_what_is_wrong_with_a_question_is_said_at_its_field(wrong: Question, field: str) -> None:
    assert set(question_problems(wrong, (USED, HOW))) == {field}


def test_a_condition_never_looks_ahead_nor_at_what_is_written() -> None:
    with pytest.raises(Invalid):
        check_questions((ALONE, USED))
    assert "condition" in question_problems(replace(ALONE, condition=Condition("why", ("x",))), (USED, WHY))


def test_who_is_asked_what() -> None:
    assert [q.id for q in asked(ALL, {})] == ["used", "sure", "hours"]
    assert [q.id for q in asked(ALL, {"used": "yes"})] == ["used", "how", "alone", "sure", "hours"]
    assert [q.id for q in asked(ALL, {"used": "no"})] == ["used", "why", "sure", "hours"]
    deep = replace(SURE, condition=Condition("how", ("walk",)))
    # An answer to a question that is not asked leads nowhere.
    assert deep not in asked((USED, HOW, deep), {"used": "no", "how": ["walk"]})


def test_a_form_without_script_asks_in_steps() -> None:
    assert [[q.id for q in page] for page in steps(ALL)] == [["used"], ["how", "alone", "why", "sure", "hours"]]
    assert [len(page) for page in steps((SURE, HOURS))] == [2]


def test_answers_are_read_as_what_they_are_and_what_is_not_asked_is_left_out() -> None:
    given = {"used": ["yes"], "how": ["walk", "call"], "why": ["Never"], "sure": ["4"], "hours": ["2,5"], "alone": [""]}
    answers = read(ALL, given)
    assert answers == {"used": "yes", "how": ["call", "walk"], "sure": 4, "hours": 2.5}
    assert read(ALL, as_given(ALL, answers)) == answers


@pytest.mark.parametrize(
    "given",
    [
        {"used": ["perhaps"]}, {"used": ["yes", "no"]}, {"sure": ["6"]}, {"hours": ["61"]}, {"hours": ["many"]},
        {"hours": ["1e9"]}, {"used": ["yes"], "how": ["walk", "swim"]}, {"used": ["no"], "why": ["x" * 4_001]},
    ],
)  # fmt: skip
def test_what_cannot_be_an_answer_is_refused_at_its_question(given: dict[str, list[str]]) -> None:
    with pytest.raises(Invalid) as error:
        read(ALL, given)
    assert list(error.value.problems) == [list(given)[-1]]


def test_another_language_says_what_it_can() -> None:
    said = spoken(ALL, {"used": "A wnaethoch chi?", "how.walk": "Ar dro", "sure.low": "Ddim o gwbl"})
    assert said[0].text == "A wnaethoch chi?"
    assert [choice.label for choice in said[1].choices] == ["By phone", "Ar dro"]
    assert said[4].anchors == ("Ddim o gwbl", "Very")
    assert {"title", "used", "how.walk", "sure.high"} <= set(phrases("T", "", ALL)) and "intro" not in phrases(
        "T", "", ALL
    )


def test_times() -> None:
    opens = datetime(2027, 3, 1, 9, tzinfo=UTC)
    assert reminder_at(opens, opens + timedelta(days=14)) == opens + timedelta(days=12)
    assert reminder_at(opens, opens + timedelta(days=3)) == opens + timedelta(days=2)
    assert reminder_at(opens, opens + timedelta(days=1)) is None
    assert minutes_for((USED,)) == 1 and minutes_for(ALL) > 1
