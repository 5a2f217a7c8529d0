from typing import Any

from services.applications.domain.forms import Purpose
from services.applications.domain.rounds import parse_times
from services.applications.domain.samples.files import round_definition, rules_definition, sample_form, sample_rules

LANGUAGES = {"en", "cy", "ar", "fa-AF"}


def test_the_sample_round_has_times_and_a_rubric_anchored_at_every_score() -> None:
    found = round_definition()
    assert (
        parse_times(found["zone"], found["deadline"], found["opens"]).closes_at.isoformat()
        == "2027-03-01T00:00:00+00:00"
    )
    criteria: list[dict[str, Any]] = found["rubric"]["criteria"]
    assert len(criteria) == 4
    for criterion in criteria:
        assert sorted(criterion["anchors"]) == [1, 2, 3, 4, 5]
        assert len(set(criterion["anchors"].values())) == 5
        assert sample_form().questions[criterion["question"]].panel_may_see


def test_everything_an_applicant_reads_is_in_all_four_languages() -> None:
    for section in sample_form().all_sections:
        for text in (section.title, section.intro):
            assert not text or set(text.by_language) == LANGUAGES, text
        for question in section.questions:
            for text in (question.label, question.help, question.content_warning):
                assert not text or set(text.by_language) == LANGUAGES, text
            if question.id != "language":  # each language is written in itself
                assert all(set(choice.label.by_language) == LANGUAGES for choice in question.choices)
    assert all(set(rule.label.by_language) == LANGUAGES for rule in sample_rules().rules)


def test_the_sample_form_keeps_apart_what_must_be() -> None:
    form = sample_form()
    assert {section.purpose for section in form.sections} == set(Purpose)
    facts = [form.questions[one] for one in ("lived_experience_direct", "lived_experience_activated")]
    assert not any(fact.required for fact in facts) and facts[0].content_warning
    assert facts[1].condition is not None and facts[1].condition.names == {"lived_experience_direct"}


def test_what_is_read_may_be_changed_by_the_reader() -> None:
    rules_definition()["rules"].clear()
    assert rules_definition()["rules"]
