"""The discussion: own review first, nobody by name, scores changed with a trail."""

from datetime import timedelta

import pytest

from services.cohorts.domain.phases import Phases
from services.cohorts.use_cases.calibrate_reviews import CLOSING
from services.cohorts.use_cases.discuss import (
    my_discussions,
    remove_post,
    say_as_staff,
    say_in_discussion,
    see_discussion,
    see_threads,
    take_back_post,
)
from services.cohorts.use_cases.hand_back_review import hand_back
from services.cohorts.use_cases.see_calibration import see_calibration
from services.cohorts.use_cases.see_reviewing import see_changes
from services.cohorts.use_cases.set_phases import set_phases
from services.cohorts.use_cases.write_review import revise_review
from shared.contracts.cohorts import DiscussionContinued
from shared.errors import Conflict, Invalid, NotFound
from tests.cohorts.programme import STAFF, Programme, written


@pytest.fixture
def lists(programme: Programme):
    """One application on the lists of Ada, Ben and Cleo; Ada and Ben have handed in; the discussion has begun."""
    programme.open_round()
    programme.apply(1, score=1.0, organisation="Lanterns of Leith")
    programme.settle(reviews_per_application=3)
    members = {name: programme.reviewer(name) for name in ("Ada", "Ben", "Cleo")}
    programme.assign()
    found = {name: programme.list_of(member)[0] for name, member in members.items()}
    now = programme.clock()
    dates = Phases(scoring_closes_at=now + timedelta(days=1), discussion_closes_at=now + timedelta(days=3))
    programme.do(set_phases, STAFF, programme.round_id, dates, None)
    programme.review("Ada", found["Ada"], 5)
    programme.review("Ben", found["Ben"], 2)
    return found


def seen(programme: Programme, name: str, assignment):
    with programme.units.begin(write=False) as uow:
        return see_discussion(uow, programme.actor(name), assignment)


def test_there_is_none_before_its_time(programme: Programme, lists) -> None:
    with pytest.raises(Conflict):
        seen(programme, "Ada", lists["Ada"])
    with programme.units.begin(write=False) as uow:
        assert my_discussions(uow, programme.actor("Ada")) == []


def test_own_review_first(programme: Programme, lists) -> None:
    programme.clock.advance(timedelta(days=2))
    with pytest.raises(Conflict) as refused:
        seen(programme, "Cleo", lists["Cleo"])
    assert refused.value.code == "own-review-first"
    with pytest.raises(NotFound):
        seen(programme, "Cleo", lists["Ada"])
    with programme.units.begin(write=False) as uow:
        assert my_discussions(uow, programme.actor("Cleo")) == []
        (line,) = my_discussions(uow, programme.actor("Ada"))
    assert (line.mine, line.lowest, line.highest) == (5.0, 2.0, 5.0)


def test_readers_are_letters_and_what_they_say_names_nobody_to_others(programme: Programme, lists) -> None:
    programme.clock.advance(timedelta(days=2))
    guess = "I think this is applicant, from the Lanterns of Leith."
    programme.do(say_in_discussion, programme.actor("Ada"), lists["Ada"], guess, confirmed=True)
    programme.do(say_as_staff, STAFF, programme.applications[0], "Please stay with the answers.")
    mine, theirs = seen(programme, "Ada", lists["Ada"]), seen(programme, "Ben", lists["Ben"])
    # To the writer it stands as typed: masking it there would say whether the guess was right.
    assert [post.text for post in mine.posts] == [guess, "Please stay with the answers."]
    assert theirs.posts[0].text == "I think this is [name], from the [organisation]."
    assert [post.who for post in theirs.posts] == [next(o.who for o in theirs.opinions if not o.mine), ""]
    assert "Ada" not in repr(theirs.posts) + repr(theirs.opinions)
    with programme.units.begin(write=False) as uow:
        (thread,) = see_threads(uow, programme.round_id)
    assert [(one.post.by_name, one.names) for one in thread.posts] == [("Ada", True), (STAFF.name, False)]


def test_a_warning_is_the_same_whoever_the_applicant_is(programme: Programme, lists) -> None:
    programme.clock.advance(timedelta(days=2))
    ada = programme.actor("Ada")
    for text in ("It must be Jane Doe.", "It must be Applicant One.", "Ask her at a@b.example"):
        with pytest.raises(Invalid) as refused:
            programme.do(say_in_discussion, ada, lists["Ada"], text)
        assert list(refused.value.problems) == ["confirmed"]
    programme.do(say_in_discussion, ada, lists["Ada"], "it must be applicant")
    with pytest.raises(Invalid):
        programme.do(say_in_discussion, ada, lists["Ada"], "  ")


def test_scores_change_with_a_reason_and_a_trail_and_go_on_counting(programme: Programme, lists) -> None:
    programme.clock.advance(timedelta(days=2))
    ben = programme.actor("Ben")
    with pytest.raises(Invalid) as refused:
        programme.do(revise_review, ben, lists["Ben"], written(4, "I had missed this."), " ", None)
    assert list(refused.value.problems) == ["why"]
    programme.do(revise_review, ben, lists["Ben"], written(4, "I had missed this."), "A pointed to it", None)
    with programme.units.begin(write=False) as uow:
        (change,) = see_changes(uow, programme.round_id)
        row = uow.applications.get(programme.applications[0])
    assert (change.reviewer, change.version.action, change.version.phase) == ("Ben", "revised", "discussion")
    assert (change.before, change.version.overall, change.version.note) == (2.0, 4.0, "A pointed to it")
    assert {(line.before, line.after) for line in change.lines} == {(2, 4)}
    assert (row.review_count, row.review_mean) == (2, 4.5)


def test_a_post_can_be_taken_back_by_its_writer_and_out_by_staff(programme: Programme, lists) -> None:
    programme.clock.advance(timedelta(days=2))
    post = programme.do(say_in_discussion, programme.actor("Ada"), lists["Ada"], "Hm.")
    with pytest.raises(NotFound):
        programme.do(take_back_post, programme.actor("Ben"), lists["Ben"], post.id)
    programme.do(take_back_post, programme.actor("Ada"), lists["Ada"], post.id)
    other = programme.do(say_in_discussion, programme.actor("Ben"), lists["Ben"], "Something unkind.")
    programme.do(remove_post, STAFF, other.id)
    posts = seen(programme, "Ada", lists["Ada"]).posts
    assert [(one.text, one.removed) for one in posts] == [("", True), ("", True)]


def test_when_it_is_over_it_can_be_read_and_nothing_changed(programme: Programme, lists) -> None:
    programme.clock.advance(timedelta(days=4))
    assert not seen(programme, "Ada", lists["Ada"]).open
    with pytest.raises(Conflict):
        programme.do(say_in_discussion, programme.actor("Ada"), lists["Ada"], "Late.")
    with pytest.raises(Conflict):
        programme.do(revise_review, programme.actor("Ada"), lists["Ada"], written(1), "Why not", None)


def test_calibration_is_done_again_when_the_discussion_closes(programme: Programme, lists) -> None:
    programme.clock.advance(timedelta(days=1))
    assert CLOSING in programme.run_due()
    programme.do(revise_review, programme.actor("Ben"), lists["Ben"], written(4), "Convinced", None)
    programme.clock.advance(timedelta(days=2))
    assert CLOSING in programme.run_due()
    with programme.units.begin(write=False) as uow:
        view = see_calibration(uow, programme.round_id)
    assert (len(view.runs), view.fresh) == (2, True)


def test_who_comes_to_know_whom_it_is_about_hands_it_back_and_leaves_the_discussion(
    programme: Programme, lists
) -> None:
    programme.clock.advance(timedelta(days=2))
    programme.do(hand_back, programme.actor("Ada"), lists["Ada"], "Now I know who it is.")
    with pytest.raises(NotFound):
        seen(programme, "Ada", lists["Ada"])
    assert [one.mine for one in seen(programme, "Ben", lists["Ben"]).opinions] == [True]


def told(programme: Programme) -> list[tuple[str, int, int]]:
    with programme.units.begin(write=False) as uow:
        names = {str(member.id): member.name for member in uow.panels.of_round(programme.round_id)}
    events = programme.published(DiscussionContinued)
    return [(names[event["panel_member_id"]], event["posts"], event["threads"]) for event in events]


def test_those_who_take_part_hear_of_new_posts_once_in_the_morning(programme: Programme, lists) -> None:
    programme.clock.advance(timedelta(days=1, hours=1))
    programme.do(say_in_discussion, programme.actor("Ada"), lists["Ada"], "I was touched by it.")
    post = programme.do(say_in_discussion, programme.actor("Ada"), lists["Ada"], "Very.")
    programme.do(take_back_post, programme.actor("Ada"), lists["Ada"], post.id)
    programme.do(say_as_staff, STAFF, programme.applications[0], "Thank you.")
    programme.run_due()
    assert told(programme) == []
    programme.clock.advance(timedelta(days=1))
    programme.run_due()
    # Ada hears of the one that is not hers; Cleo, whose own review is not in, of nothing.
    assert sorted(told(programme)) == [("Ada", 1, 1), ("Ben", 2, 1)]


def test_nobody_hears_of_what_they_answered_or_when_it_is_over(programme: Programme, lists) -> None:
    programme.clock.advance(timedelta(days=1, hours=1))
    programme.do(say_in_discussion, programme.actor("Ada"), lists["Ada"], "I was touched by it.")
    programme.do(say_in_discussion, programme.actor("Ben"), lists["Ben"], "So was I.")
    programme.clock.advance(timedelta(days=1))
    programme.run_due()
    assert told(programme) == [("Ada", 1, 1)]
    programme.do(say_in_discussion, programme.actor("Ada"), lists["Ada"], "Good.")
    programme.clock.advance(timedelta(days=2))
    programme.run_due()
    assert told(programme) == [("Ada", 1, 1)]
