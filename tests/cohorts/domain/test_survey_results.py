"""What a survey found: whatever is answered, counts add up, and every share has the right number under it."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.cohorts.domain.survey import Choice, Condition, Question
from services.cohorts.domain.survey_answers import apart, as_given, asked, read
from services.cohorts.domain.survey_comparing import Told, compare
from services.cohorts.domain.survey_results import Results, share, tally
from shared.impact import FEW

CHOICES = tuple(Choice(f"c{n}", f"Choice {n}") for n in range(4))


@st.composite
def surveys(draw: st.DrawFn) -> tuple[Question, ...]:
    """Up to seven questions of any kind, some asked only after some answer to an earlier one."""
    questions: list[Question] = []
    for number in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from(["yes_no", "choice", "many", "scale", "number", "long_text"]))
        gates = [one for one in questions if one.options]
        condition = None
        if gates and draw(st.booleans()):
            gate = draw(st.sampled_from(gates))
            most = 1 if gate.kind == "many" else 3
            values = draw(st.lists(st.sampled_from(gate.options), min_size=1, max_size=most, unique=True))
            condition = Condition(gate.id, tuple(values))
        choices = CHOICES if kind in ("choice", "many") else ()
        questions.append(Question(f"q{number}", kind, "?", choices=choices, anchors=("a", "b"), condition=condition))
    return tuple(questions)


def answer_to(question: Question) -> st.SearchStrategy[list[str]]:
    if question.kind == "number":
        return st.lists(st.integers(0, 99).map(str), max_size=1)
    if question.kind == "long_text":
        return st.lists(st.sampled_from(["It was good", "It was hard", " "]), max_size=1)
    return st.lists(st.sampled_from(question.options), max_size=3 if question.kind == "many" else 1, unique=True)


@st.composite
def answered(draw: st.DrawFn) -> tuple[tuple[Question, ...], list[dict[str, Any]], int]:
    questions = draw(surveys())
    one = st.fixed_dictionaries({question.id: answer_to(question) for question in questions})
    found = [read(questions, each) for each in draw(st.lists(one, max_size=14))]
    return questions, found, len(found) + draw(st.integers(0, 5))


@settings(max_examples=200, deadline=None)
@given(answered())
def test_counts_add_up_and_each_share_has_its_own_number_under_it(
    case: tuple[tuple[Question, ...], list[dict[str, Any]], int],
) -> None:
    questions, answers, invited = case
    found = tally(questions, invited, answers, hide=False)
    assert found.answered == len(answers) <= found.invited == invited
    for question, one in zip(questions, found.questions, strict=True):
        here = [each for each in answers if question in asked(questions, each)]
        assert one.asked == len(here) <= len(answers)
        assert one.unanswered.count == sum(question.id not in each for each in here)
        counts = [line.count or 0 for line in one.lines]
        if question.kind in ("yes_no", "choice", "scale"):
            assert sum(counts) + (one.unanswered.count or 0) == one.asked
        if question.kind == "many":
            assert all(count + (one.unanswered.count or 0) <= len(here) for count in counts)
        if question.kind == "long_text":
            assert sorted(one.texts) == sorted(each[question.id] for each in here if question.id in each)
        for line in one.lines:
            whole, part, some = (
                share(line.count, invited),
                share(line.count, found.answered),
                share(line.count, one.asked),
            )
            if here:
                # The smaller the number under it, the larger the share; none is above one.
                assert whole is not None and part is not None and some is not None
                assert whole <= part <= some <= 1
            else:
                assert some is None and line.count == 0


@settings(max_examples=200, deadline=None)
@given(answered())
def test_without_names_nothing_small_is_shown_and_what_is_shown_is_true(
    case: tuple[tuple[Question, ...], list[dict[str, Any]], int],
) -> None:
    questions, answers, invited = case
    shown, true = tally(questions, invited, answers, hide=True), tally(questions, invited, answers, hide=False)
    if len(answers) < FEW:
        assert shown == Results(invited, None, ())
        return
    for one, real in zip(shown.questions, true.questions, strict=True):
        if one.asked is None:
            assert (one.lines, one.texts, one.mean, one.unanswered.count) == ((), (), None, None)
            continue
        assert one.asked == real.asked and (one.asked >= FEW or not one.asked or one.question.condition is None)
        assert one.texts == real.texts
        for line, honest in zip((*one.lines, one.unanswered), (*real.lines, real.unanswered), strict=True):
            assert line.count in (None, honest.count)
            assert not line.count or line.count >= FEW or one.question.kind == "long_text"


@settings(max_examples=100, deadline=None)
@given(answered(), st.randoms(use_true_random=False))
def test_results_say_nothing_of_the_order_in_which_people_answered(
    case: tuple[tuple[Question, ...], list[dict[str, Any]], int], random: Any
) -> None:
    questions, answers, invited = case
    for hide in (False, True):
        mixed = list(answers)
        random.shuffle(mixed)
        assert tally(questions, invited, mixed, hide=hide) == tally(questions, invited, answers, hide=hide)


@settings(max_examples=100, deadline=None)
@given(answered())
def test_answers_go_out_as_they_came_in(case: tuple[tuple[Question, ...], list[dict[str, Any]], int]) -> None:
    questions, answers, _ = case
    for one in answers:
        assert read(questions, as_given(questions, one)) == one
        counted, texts = apart(questions, one)
        assert counted | texts == one and not counted.keys() & texts.keys()


def test_both_denominators_of_the_example() -> None:
    """ "93% of the 40 who answered used it; 100% of the 37 who used it felt less isolated"."""
    used = Question("used", "yes_no", "Did you use it?")
    alone = Question("alone", "yes_no", "Did you feel less isolated?", condition=Condition("used", ("yes",)))
    answers = [{"used": "yes", "alone": "yes"}] * 37 + [{"used": "no"}] * 3
    found = tally((used, alone), 45, answers, hide=False)
    yes = found.of("used").lines[0]
    assert share(yes.count, found.answered) == 37 / 40 and share(yes.count, found.invited) == 37 / 45
    less = found.of("alone")
    assert (less.asked, less.lines[0].count, share(less.lines[0].count, less.asked)) == (37, 37, 1.0)
    assert share(less.lines[0].count, found.answered) == 37 / 40
    # With five who did not, it can be shown without names as well; with three, not even the question's number is.
    assert tally((used, alone), 45, answers, hide=True).of("alone").asked is None
    more = [{"used": "yes", "alone": "yes"}] * 37 + [{"used": "no"}] * 5
    less = tally((used, alone), 45, more, hide=True).of("alone")
    assert (less.asked, [line.count for line in less.lines]) == (37, [37, 0])


def test_surveys_are_compared_by_the_same_words() -> None:
    sure = Question("sure", "scale", "How sure are you?", anchors=("Not", "Very"))
    again = Question("other", "scale", "How  sure are YOU?", anchors=("not", "very"))
    other = Question("sure", "scale", "How glad are you?", anchors=("Not", "Very"))
    before = tally((sure,), 9, [{"sure": 2}] * 5, hide=False)
    after = tally((again, other), 9, [{"other": 4, "sure": 5}] * 5, hide=False)
    [change] = compare([Told("Before", before), Told("After", after)])
    assert [(survey, found.mean) for survey, found in change.found] == [("Before", 2.0), ("After", 4.0)]
