from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cohorts.domain.calibration import Review, calibrate, calibrate_criteria
from services.cohorts.domain.calibration.engine import WELL_TIED
from shared.errors import Invalid


def round_of(n, m, k, *, leniency=None, noise=8.0, seed=1):
    """Random reviews with known truth: (reviews, truth per application, leniency per reviewer)."""
    rng = np.random.default_rng(seed)
    truth, own = rng.normal(50, 10, n), rng.normal(0, 6, m) if leniency is None else np.asarray(leniency, dtype=float)
    reviews = [
        Review(f"r{r:02}", f"a{a:03}", float(truth[a] + own[r] + rng.normal(0, noise)))
        for a in range(n)
        for r in rng.choice(m, k, replace=False)
    ]
    return reviews, truth, own - own.mean()


def shifted(reviews, reviewer, by):
    return [x._replace(score=x.score + by) if x.reviewer == reviewer else x for x in reviews]


def ranking(found):
    return [x.application for x in sorted(found.applications, key=lambda x: (-x.adjusted, x.application))]


def adjusted(found):
    return {x.application: x.adjusted for x in found.applications}


WELL_TIED_ROUND = round_of(120, 8, 3, leniency=[-9, -6, -4, -1, 2, 4, 6, 8])[0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 7), st.floats(-50, 50))
def test_a_constant_added_to_one_reviewer_changes_no_ranking_in_a_well_tied_round(who, by):
    before, after = calibrate(WELL_TIED_ROUND), calibrate(shifted(WELL_TIED_ROUND, f"r{who:02}", by))
    assert before.method == after.method == "full"
    assert before.tie >= WELL_TIED
    assert ranking(after) == ranking(before)
    moved = [b.adjusted - a.adjusted for a, b in zip(before.applications, after.applications, strict=True)]
    assert np.allclose(moved, by / 8, atol=1e-7)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3), st.floats(-50, 50), st.integers(0, 50))
def test_where_everybody_read_everything_no_constant_changes_the_ranking_whatever_the_method(who, by, seed):
    reviews, _, _ = round_of(12, 4, 4, seed=seed)
    assert ranking(calibrate(shifted(reviews, f"r{who:02}", by))) == ranking(calibrate(reviews))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 5), st.floats(-50, 50), st.integers(0, 20))
def test_without_noise_the_truth_comes_back_even_from_a_weakly_tied_round(who, by, seed):
    reviews, truth, leniency = round_of(14, 6, 2, noise=0.0, seed=seed)
    found = calibrate(shifted(reviews, f"r{who:02}", by))
    if found.refused:
        return
    values = np.array([x.adjusted for x in found.applications])
    assert np.ptp(values - truth) < 1e-4
    own = leniency + by * (np.arange(6) == who)
    assert np.allclose([x.leniency for x in found.reviewers], own - own.mean(), atol=1e-4)


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([(60, 8, 3), (30, 12, 2)]))
def test_new_names_and_another_order_change_nothing(random, size):
    reviews, _, _ = round_of(*size)
    people, work = sorted({x.reviewer for x in reviews}), sorted({x.application for x in reviews})
    called = dict(zip(people, random.sample([f"p{i}" for i in range(99)], len(people)), strict=True))
    titled = dict(zip(work, random.sample([f"w{i}" for i in range(999)], len(work)), strict=True))
    renamed = [Review(called[x.reviewer], titled[x.application], x.score) for x in reviews]
    random.shuffle(renamed)
    before, after = calibrate(reviews), calibrate(renamed)
    scores, errors = adjusted(after), {x.application: x.standard_error for x in after.applications}
    leniency = {x.reviewer: (x.leniency, x.standard_error) for x in after.reviewers}
    assert before.method == after.method
    for x in before.applications:
        assert (scores[titled[x.application]], errors[titled[x.application]]) == pytest.approx(
            (x.adjusted, x.standard_error), abs=1e-5
        )
    for y in before.reviewers:
        assert leniency[called[y.reviewer]] == pytest.approx((y.leniency, y.standard_error), abs=1e-5)


def test_in_full_is_ordinary_least_squares():
    reviews, _, _ = round_of(60, 6, 3)
    found = calibrate(reviews)
    assert found.method == "full"
    columns = [f"a{i:03}" for i in range(60)] + [f"r{j:02}" for j in range(6)]
    table = np.array([[name in (x.application, x.reviewer) for name in columns] for x in reviews], dtype=float)
    scores = np.array([x.score for x in reviews])
    solution, *_ = np.linalg.lstsq(table, scores, rcond=None)
    own = solution[60:] - solution[60:].mean()
    assert np.allclose([x.leniency for x in found.reviewers], own)
    assert np.allclose([x.adjusted for x in found.applications], solution[:60] + solution[60:].mean())
    rest = scores - table @ solution
    # Standard errors of the contrasts, by the textbook: noise times the pseudo-inverse, reviewers centred.
    spread = np.linalg.pinv(table.T @ table) * found.noise_sd**2
    centre = np.eye(66)
    centre[60:, 60:] -= 1 / 6
    centre[:60, 60:] = 1 / 6
    errors = np.sqrt(np.diag(centre @ spread @ centre.T))
    assert np.allclose([x.standard_error for x in found.reviewers], errors[60:])
    assert np.allclose([x.standard_error for x in found.applications], errors[:60])
    assert found.noise_sd == pytest.approx(np.sqrt((rest**2).sum() / (len(reviews) - 65)), rel=0.05)


def test_shrunk_is_penalised_least_squares_with_the_estimated_variances():
    reviews, _, _ = round_of(40, 16, 2, leniency=np.linspace(-15, 15, 16), seed=3)
    found = calibrate(reviews)
    assert (found.method, found.refused) == ("shrunk", None)
    assert found.tie < WELL_TIED
    columns = [f"a{i:03}" for i in range(40)] + [f"r{j:02}" for j in range(16)]
    table = np.array([[name in (x.application, x.reviewer) for name in columns] for x in reviews], dtype=float)
    penalty = np.diag([0.0] * 40 + [found.noise_sd**2 / found.leniency_sd**2] * 16)
    solution = np.linalg.solve(table.T @ table + penalty, table.T @ np.array([x.score for x in reviews]))
    assert np.allclose([x.leniency for x in found.reviewers], solution[40:], atol=1e-4)
    assert np.allclose([x.adjusted for x in found.applications], solution[:40], atol=1e-4)


def test_the_truth_lies_within_two_standard_errors_about_nineteen_times_in_twenty():
    inside, all_ = 0, 0
    for seed in range(20):
        reviews, _, leniency = round_of(60, 8, 3, seed=seed)
        found = calibrate(reviews)
        assert found.method == "full"
        for x, own in zip(found.reviewers, leniency, strict=True):
            inside, all_ = inside + (abs(x.leniency - own) < 2 * x.standard_error), all_ + 1
    assert 0.90 < inside / all_ < 0.99


def test_reviewers_who_do_not_differ_are_left_alone_and_that_is_said():
    reviews, _, _ = round_of(80, 8, 3, leniency=np.zeros(8))
    found = calibrate(reviews)
    assert found.method == "raw"
    assert all(x.adjusted == x.raw for x in found.applications)
    assert {x.leniency for x in found.reviewers} == {0.0}
    assert "left as they were" in found.note
    assert found.refused is None


def test_adjusting_brings_the_ranking_nearer_to_the_truth():
    reviews, truth, _ = round_of(400, 12, 3, seed=5)
    found = calibrate(reviews)
    raw, fair = ([getattr(x, name) for x in found.applications] for name in ("raw", "adjusted"))
    assert np.corrcoef(fair, truth)[0, 1] > np.corrcoef(raw, truth)[0, 1] + 0.02


def test_too_few_reviews_are_refused_with_raw_scores_beside():
    found = calibrate([Review(f"r{j}", f"a{i}", float(i + j)) for i in range(3) for j in range(3)])
    assert found.refused.reason == "too-few-reviews"
    assert [(x.raw, x.adjusted, x.n) for x in found.applications] == [(1.0, None, 3), (2.0, None, 3), (3.0, None, 3)]
    assert found.method == "refused"


def test_one_review_each_says_nothing_about_reviewers():
    reviews = [Review(f"r{i % 3}", f"a{i:02}", float(i)) for i in range(30)]
    reviews += [Review("r0", "a01", 1.0), Review("r1", "a02", 2.0)]
    assert calibrate(reviews).refused.reason == "too-few-reviews"


def test_islands_are_named_and_calibrated_apart():
    east, _, _ = round_of(40, 5, 3, seed=1)
    west, _, _ = round_of(40, 4, 3, seed=2)
    west = [Review(f"w{x.reviewer}", f"w{x.application}", x.score) for x in west]
    found = calibrate(east + west)
    assert found.refused.reason == "not-connected"
    assert found.refused.islands == (tuple(f"r0{i}" for i in range(5)), tuple(f"wr0{i}" for i in range(4)))
    assert {x.adjusted for x in found.applications} == {None}
    assert found.islands == (calibrate(east), calibrate(west))


def test_one_shared_application_makes_a_bridge():
    east, _, _ = round_of(40, 5, 3, seed=1)
    west = [Review(f"w{x.reviewer}", f"w{x.application}", x.score) for x in round_of(40, 4, 3, seed=2)[0]]
    found = calibrate([*east, *west, Review("wr00", "a000", 50.0)])
    assert found.refused is None
    assert found.method == "shrunk"


def test_an_application_that_they_quarrel_over_leads_the_triage():
    reviews, _, _ = round_of(60, 8, 3, noise=3.0)
    third = next(i for i, x in enumerate(reviews) if x.application == "a017")
    reviews[third] = reviews[third]._replace(score=reviews[third].score + 40)
    found = calibrate(reviews)
    first = found.disagreements[0]
    assert first.application == "a017"
    assert first.spread > 3 * first.expected
    assert first.chance < 0.001


def test_leniency_alone_is_no_disagreement():
    found = calibrate(round_of(60, 8, 3, noise=0.5, leniency=[-20, -10, -5, 0, 0, 5, 10, 20])[0])
    assert len(found.disagreements) <= 3


def test_criteria_are_averaged_and_also_calibrated_one_by_one():
    reviews, _, _ = round_of(40, 6, 3)
    twofold = [replace_criterion(x, name, up) for x in reviews for name, up in (("clear", 1.0), ("new", -1.0))]
    assert calibrate(twofold) == calibrate(reviews)
    apart = calibrate_criteria(twofold)
    assert list(apart) == ["clear", "new"]
    assert apart["clear"] == calibrate([x._replace(score=x.score + 1) for x in reviews])
    assert calibrate_criteria(reviews) == {}


def replace_criterion(review, name, up):
    return Review(review.reviewer, review.application, review.score + up, name)


def test_leaving_out_a_hard_criterion_is_not_leniency():
    reviews, _, _ = round_of(60, 6, 3, leniency=np.zeros(6), noise=1.0)
    both = [replace_criterion(x, name, up) for x in reviews for name, up in (("easy", 10.0), ("hard", -10.0))]
    some = [x for x in both if not (x.reviewer == "r00" and x.criterion == "hard")]
    found = calibrate(some)
    assert abs(found.reviewers[0].leniency or 0.0) < 2.0


@pytest.mark.parametrize(
    "reviews",
    [[], [Review("r", "a", 1.0), Review("r", "a", 2.0)], [Review("r", "a", float("nan"))]],
)
def test_bad_reviews_are_refused(reviews):
    with pytest.raises(Invalid) as refused:
        calibrate(reviews)
    assert list(refused.value.problems) == ["reviews"]


def test_the_answer_is_a_value():
    found = calibrate(WELL_TIED_ROUND)
    assert replace(found) == calibrate(list(reversed(WELL_TIED_ROUND)))
