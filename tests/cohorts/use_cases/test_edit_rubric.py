"""The rubric: edited until scoring begins, and then it stands."""

import pytest

from services.cohorts.domain.halo import halo
from services.cohorts.domain.rubric_editing import Wanted
from services.cohorts.use_cases.edit_rubric import edit_rubric, see_rubric
from services.cohorts.use_cases.write_review import Written, save_draft
from shared.contracts.applications import Criterion, RoundPublished
from shared.errors import Conflict, Invalid, Stale
from shared.ids import new_id
from tests.cohorts.programme import RUBRIC, STAFF, Programme

ANCHORS = ["None", "Little", "Some", "Much", "All"]


def line(label: str, **more) -> Wanted:
    return Wanted(label=label, anchors=ANCHORS, **more)


def test_a_new_rubric_keeps_old_ids_and_makes_new_ones(programme: Programme) -> None:
    programme.open_round()
    wanted = [
        line("Impact", id="impact", weight=3.0),
        line("Bringing others"),
        line("Bringing others!", independent=False),
    ]
    seen = programme.do(edit_rubric, STAFF, programme.round_id, wanted, 0)
    assert [(c.id, c.weight, c.independent) for c in seen.criteria] == [
        ("impact", 3.0, True), ("bringing_others", 1.0, True), ("bringing_others_2", 1.0, False),
    ]  # fmt: skip
    assert (seen.revision, seen.frozen) == (1, False)


INCOMPLETE = [
    ([], "label-0"),
    ([line("")], "label-0"),
    ([line("A"), line("a")], "label-1"),
    ([line("A", weight=0)], "weight-0"),
    ([line("A", weight=None)], "weight-0"),
    ([Wanted(label="A", anchors=["x", "x", "", "x", "x"])], "anchor-0-3"),
    ([Wanted(label="A", anchors=["x"] * 4)], "anchor-0-5"),
    ([line(str(n)) for n in range(13)], "label-0"),
]


def test_what_is_not_complete_is_told_by_field(programme: Programme) -> None:
    programme.open_round()
    for wanted, field in INCOMPLETE:
        with pytest.raises(Invalid) as refused:
            programme.do(edit_rubric, STAFF, programme.round_id, wanted, None)
        assert field in refused.value.problems, wanted


def test_an_edit_of_an_older_version_is_refused(programme: Programme) -> None:
    programme.open_round()
    programme.do(edit_rubric, STAFF, programme.round_id, [line("One")], 0)
    with pytest.raises(Stale):
        programme.do(edit_rubric, STAFF, programme.round_id, [line("Two")], 0)


def test_from_the_first_draft_on_it_stands_even_against_a_newer_publication(programme: Programme) -> None:
    programme.fill(1)
    programme.settle()
    member = programme.reviewer("Ada")
    programme.assign()
    draft = Written(scores={"impact": {"score": 3, "reason": ""}})
    programme.do(save_draft, programme.actor("Ada"), programme.list_of(member)[0], draft, 0)
    with pytest.raises(Conflict):
        programme.do(edit_rubric, STAFF, programme.round_id, [line("Other")], None)
    published = Criterion(id="other", label="Other", description="", weight=1.0, anchors=ANCHORS)
    programme.open_round(rubric=[published], title="A new title")
    with programme.units.begin(write=False) as uow:
        assert [c.id for c in see_rubric(uow, programme.round_id).criteria] == [c.id for c in RUBRIC]
        assert uow.rounds.get(programme.round_id).title == "A new title"


def test_what_staff_edited_here_is_not_undone_by_a_publication(programme: Programme) -> None:
    programme.open_round()
    programme.do(edit_rubric, STAFF, programme.round_id, [line("Mine")], 0)
    programme.open_round(title="Again")
    with programme.units.begin(write=False) as uow:
        assert [c.label for c in see_rubric(uow, programme.round_id).criteria] == ["Mine"]


def test_criteria_in_step_and_reviewers_who_give_one_score_are_seen() -> None:
    ada, ben = new_id(), new_id()
    reviews = [
        (ada, {"a": {"score": n % 5 + 1}, "b": {"score": n % 5 + 1}, "c": {"score": 5 - n % 5}}) for n in range(20)
    ]
    reviews += [(ben, {c: {"score": 3} for c in "abc"}), (ben, {"a": {"score": 3}})]
    found = halo(reviews, ["a", "b", "c"])
    assert (found.pairs[0].first, found.pairs[0].second, found.pairs[0].correlation, found.pairs[0].n) == (
        "a",
        "b",
        1.0,
        21,
    )
    assert found.pairs[-1].correlation == -1.0
    assert found.level == {ada: (4, 20), ben: (1, 1)}
    assert halo(reviews[:5], ["a", "b"]).pairs == ()


def test_a_criterion_published_before_independence_was_asked_is_independent() -> None:
    assert RoundPublished.__dataclass_fields__["rubric"]
    assert Criterion(id="a", label="A", description="", weight=1.0, anchors=ANCHORS).independent
