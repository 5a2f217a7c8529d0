"""What people need to take part: staff can read it, on its own page; equality answers stay sealed."""

from typing import Any

from flask.testing import FlaskClient

from services.applications.use_cases.fill_in import save_section
from services.applications.use_cases.start_application import start_application
from tests.applications.conftest import Applications, SignIn


def test_staff_read_access_needs_and_never_equality_answers(
    service: Applications, client: FlaskClient, open_round: Any, sign_in: SignIn
) -> None:
    person = sign_in("applicant")
    eligible = dict.fromkeys(("works_with_migrants", "based_in_uk", "can_attend"), "yes")
    with service.units.begin() as uow:
        row = start_application(uow, open_round.slug, person, language="en", eligibility=dict(eligible))
        form = uow.rounds.form(row.round_id, row.form_version)
        for section in form.sections:
            if section.purpose.value in {"access", "equality"}:
                texts = [q for q in section.questions if q.kind.value in {"long_text", "short_text"}]
                sent = {question.id: f"MARK {section.purpose.value}" for question in texts}
                save_section(uow, row.id, person, section.id, sent, revision=None)
        row.state, row.submitted_at = "submitted", uow.now
    sign_in("staff")
    page = client.get(f"/staff/applications/{row.id}/access").get_data(as_text=True)
    assert "MARK access" in page
    assert "MARK equality" not in page
    assert "MARK" not in client.get(f"/staff/applications/{row.id}").get_data(as_text=True)


def test_nobody_but_staff_opens_it(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in("reviewer")
    assert client.get("/staff/applications/00000000-0000-7000-8000-000000000000/access").status_code == 403
