"""Any form that the builder publishes can be filled in by pages without JavaScript: saved, left, resumed and sent."""

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.applications.domain.forms import Kind, dump_form, parse_form, questions_asked
from services.applications.domain.samples.files import round_definition
from services.applications.use_cases.build_form import publish_form, replace_form
from services.applications.use_cases.fill_in import open_draft
from services.applications.use_cases.keep_round import create_round, move_round
from services.applications.use_cases.start_application import start_application
from shared.ids import new_id
from tests.applications.domain.forms.test_any_form import accepted, definitions, fitting
from tests.applications.parts import form_in, press

FIXED = {"id": "fixed", "title": "Fixed", "questions": [{"id": "fixed_yes", "kind": "yes_no", "label": "Yes?"}]}
RULES = {
    "title": "R",
    "rules": [{"id": "r", "label": "R", "kind": "choice", "question": "fixed_yes", "points": {"yes": 1}}],
}
FIRST = {"title": "First", "sections": [FIXED]}


def publish(uow: Any, definition: dict[str, Any]) -> Any:
    """A round whose form was built, published and opened."""
    given = {**round_definition(), "id": f"round-{new_id().hex}", "form": FIRST, "rules": RULES}
    row = create_round(uow, given)
    replace_form(uow, row.id, definition, "Rhiannon", revision=0)
    publish_form(uow, row.id, "As drawn", "Rhiannon")
    return move_round(uow, row.id, "open")


@settings(
    max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, phases=[Phase.generate]
)
@given(definition=definitions(), data=st.data())
def test_any_published_form_goes_the_whole_way(
    service: Any, client: Any, sign_in: Any, definition: Any, data: Any
) -> None:
    form = accepted(definition)
    whole = {**dump_form(form), "sections": [*dump_form(form)["sections"], FIXED]}
    form = parse_form(whole)
    applicant = sign_in("applicant")
    eligible = {"eligible": "yes"} if form.eligibility else {}
    with service.units.begin() as uow:
        round_ = publish(uow, whole)
        row = start_application(uow, round_.slug, applicant, language="en", eligibility=eligible)
        assert row.form_version == 2
    draft = f"/applications/{row.id}"
    for section in form.sections:
        with service.units.begin(write=False) as uow:
            stored = open_draft(uow, row.id, applicant).answers
        address, typed = f"{draft}/sections/{section.id}", {}
        for question in section.questions:
            if question.kind not in (Kind.CALCULATION, Kind.FILE) and (
                question.required or question.id == "fixed_yes" or data.draw(st.booleans())
            ):
                typed[question.id] = fitting(data.draw, question)
        page = client.get(address).get_data(as_text=True)
        fields: dict[str, Any] = {**form_in(page, address), **by_field(form, typed)}
        left = client.post(address, data={**fields, "then": "later"})
        assert left.status_code == 303, left.get_data(as_text=True)
        assert client.get(address).status_code == 200 and isinstance(stored, dict)
    sent = press(client, f"{draft}/check", f"{draft}/submit")
    with service.units.begin(write=False) as uow:
        found = open_draft(uow, row.id, applicant)
    needs = [
        question.id
        for section in form.sections
        for question in questions_asked(form, section, found.answers)
        if question.required and found.answers.get(question.id) is None
    ]
    if needs:  # files cannot be added by this page
        assert sent.status_code == 422 and all(form.questions[each].kind is Kind.FILE for each in needs)
    else:
        assert sent.status_code == 303, sent.get_data(as_text=True)[-3000:]
        assert client.get(f"{draft}/sent").status_code == 200


def by_field(form: Any, typed: dict[str, list[str]]) -> dict[str, Any]:
    """Values as the fields of the page carry them: a date in three boxes."""
    found: dict[str, Any] = {}
    for name, values in typed.items():
        if form.questions[name].kind is Kind.DATE:
            found |= dict(zip((f"{name}-year", f"{name}-month", f"{name}-day"), values[0].split("-"), strict=True))
        else:
            found[name] = values
    return found
