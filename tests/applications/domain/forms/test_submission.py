import pytest

from services.applications.domain.forms import Form, attribute_labels, submit_answers
from services.applications.domain.forms.kinds import IDENTIFYING
from services.applications.domain.samples.files import sample_form
from services.applications.domain.samples.generator import generate
from shared.errors import Invalid

FORM: Form = sample_form()
ANSWERS = next(one.answers for one in generate(40, 5) if one.answers.get("lived_experience_activated") == "yes")


def test_the_parts_share_nothing_and_hold_everything() -> None:
    submission = submit_answers(FORM, ANSWERS)
    parts = submission.parts
    groups = [parts.visible, parts.hidden, parts.contact, parts.equality, parts.access]
    assert sum(len(group) for group in groups) == len(submission.answers)
    assert {key: value for group in groups for key, value in group.items()} == submission.answers


def test_a_panel_is_given_only_what_the_form_marks_and_nothing_that_identifies() -> None:
    visible = submit_answers(FORM, ANSWERS).parts.visible
    assert {"motivation", "change", "learning"} <= visible.keys()
    for question_id in visible:
        question = FORM.questions[question_id]
        assert question.panel_may_see and question.kind not in IDENTIFYING
    assert set(submit_answers(FORM, ANSWERS).parts.contact) >= {"full_name", "email", "language"}


def test_equality_answers_are_in_no_other_part() -> None:
    answers = {**ANSWERS, "gender": "woman", "disability": "yes", "age_band": "35_to_49"}
    parts = submit_answers(FORM, answers).parts
    assert parts.equality.keys() >= {"gender", "disability", "age_band"}
    assert not parts.equality.keys() & parts.attributes.keys()
    assert "35_to_49" not in parts.attributes.values()


def test_attributes_follow_from_the_two_facts_and_never_from_one() -> None:
    def lived(**facts: str) -> object:
        bare = {key: value for key, value in ANSWERS.items() if not key.startswith("lived")}
        return submit_answers(FORM, {**bare, **facts}).parts.attributes.get("lived_experience")

    assert lived(lived_experience_direct="yes", lived_experience_activated="yes") == "yes"
    assert lived(lived_experience_direct="yes", lived_experience_activated="no") == "no"
    assert lived(lived_experience_direct="no") == "no"
    assert lived(lived_experience_direct="yes") is None
    assert lived(lived_experience_direct="prefer_not_to_say") is None
    assert lived() is None
    assert lived(lived_experience_direct="no", lived_experience_activated="yes") == "no"


def test_attributes_of_place_and_size() -> None:
    answers = {**ANSWERS, "organisation_postcode": "SY23 1AA", "organisation_income": 100_000}
    attributes = submit_answers(FORM, answers).parts.attributes
    assert (attributes["region"], attributes["outside_london"], attributes["organisation_size"]) == (
        "wales",
        "yes",
        "medium",
    )
    assert attribute_labels(FORM)["region"]["wales"] == "Wales"
    assert set(attribute_labels(FORM)["lived_experience"]) == {"yes", "no"}


def test_hidden_answers_are_dropped() -> None:
    answers = {**ANSWERS, "lived_experience_direct": "no", "lived_experience_use": "left over from before"}
    submission = submit_answers(FORM, answers)
    assert not {"lived_experience_activated", "lived_experience_use"} & submission.answers.keys()


def test_every_problem_of_every_section_is_told_at_once() -> None:
    answers = {**ANSWERS, "email": "nobody", "organisation_income": "plenty", "motivation": "word " * 301}
    del answers["consent_privacy"]
    with pytest.raises(Invalid) as invalid:
        submit_answers(FORM, answers)
    assert invalid.value.problems.keys() == {"email", "organisation_income", "motivation", "consent_privacy"}


def test_nobody_is_submitted_past_a_refusal() -> None:
    with pytest.raises(Invalid) as invalid:
        submit_answers(FORM, {**ANSWERS, "based_in_uk": "no"}, "cy")
    assert invalid.value.problems.keys() == {"eligibility"}
    assert "cyllidwyr" in invalid.value.problems["eligibility"][0]


def test_submitting_twice_gives_the_same() -> None:
    once = submit_answers(FORM, ANSWERS)
    assert submit_answers(FORM, dict(once.answers)) == once
