from services.applications.domain.forms import facts_of, submit_answers
from services.applications.domain.priority import facts_reader
from services.applications.domain.samples.files import sample_form, sample_rules
from services.applications.domain.samples.generator import generate


def test_the_quick_reader_agrees_with_the_careful_one_on_submitted_answers() -> None:
    form, rules = sample_form(), sample_rules()
    read = facts_reader(rules, form)
    for application in generate(60, 3):
        answers = submit_answers(form, application.answers).answers
        careful = facts_of(form, answers)
        assert {name: read(answers).get(name) for name in rules.names} == {
            name: careful.get(name) for name in rules.names
        }
