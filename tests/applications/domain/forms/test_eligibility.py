from services.applications.domain.forms import check_eligibility, parse_form
from services.applications.domain.samples.files import sample_form

YES = {"works_with_migrants": "yes", "based_in_uk": "yes", "can_attend": "yes"}


def test_yes_to_everything_lets_in() -> None:
    assert check_eligibility(sample_form(), YES).eligible


def test_a_no_says_why_and_where_else_to_go_in_the_persons_language() -> None:
    result = check_eligibility(sample_form(), {**YES, "based_in_uk": "no"})
    assert not result.eligible
    (refusal,) = result.refusals
    assert "United Kingdom" in refusal.reason.say("en") and refusal.reason.say("ar") != refusal.reason.say("en")
    assert refusal.elsewhere and refusal.elsewhere[0].link.startswith("https://")


def test_every_reason_is_given() -> None:
    assert len(check_eligibility(sample_form(), dict.fromkeys(YES, "no")).refusals) == 3


def test_a_form_without_a_check_lets_everybody_in() -> None:
    question = {"id": "q", "kind": "yes_no", "label": "Q"}
    form = parse_form({"title": "T", "sections": [{"id": "s", "title": "S", "questions": [question]}]})
    assert check_eligibility(form, {}).eligible
