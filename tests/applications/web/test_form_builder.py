"""Staff build a round's form on pages, without JavaScript: every change, bad input, two at once, versions."""

import io
import json
import re
from html import unescape

import pytest

from services.applications.domain.samples.files import form_definition
from services.applications.use_cases.build_form import open_form
from services.applications.use_cases.keep_round import create_round
from tests.applications.parts import apply, begin, data_of, form_in, press


def text(answer):
    return unescape(answer.get_data(as_text=True))


@pytest.fixture
def home(open_round, sign_in):
    sign_in("staff")
    return f"/staff/rounds/{open_round.id}/form"


def definition(service, open_round):
    with service.units.begin(write=False) as uow:
        return open_form(uow, open_round.id).definition


def fields_of(client, address, action=None):
    return form_in(client.get(address).get_data(as_text=True), action or address)


def send(client, address, action=None, **typed):
    action = action or address
    return client.post(action, data={**fields_of(client, address, action), **typed})


def test_a_section_and_a_question_are_added_changed_moved_and_removed(service, client, home, open_round):
    assert send(client, home, f"{home}/sections", title="Your week", purpose="assessed").status_code == 303
    made = send(client, home, f"{home}/sections/your_week/questions", label="How many hours?", kind="number")
    address = f"{home}/sections/your_week/questions/how_many_hours"
    assert made.location == address
    saved = send(client, address, **{"minimum": "1", "maximum": "60", "required": "yes", "help.en": "About."})
    assert saved.status_code == 303, text(saved)[-3000:]
    section = definition(service, open_round)["sections"][-1]
    assert section["questions"] == [
        {
            "id": "how_many_hours",
            "kind": "number",
            "label": "How many hours?",
            "minimum": 1,
            "maximum": 60,
            "required": True,
            "help": "About.",
        }
    ]
    send(client, home, f"{home}/sections/your_week/move", to="up")
    assert definition(service, open_round)["sections"][-2]["id"] == "your_week"
    send(client, home, f"{home}/sections/your_week/questions", label="Which days?", kind="short_text")
    send(client, home, f"{home}/sections/your_week/questions/which_days/move", to="up")
    assert [one["id"] for one in definition(service, open_round)["sections"][-2]["questions"]] == [
        "which_days",
        "how_many_hours",
    ]
    send(client, f"{home}/sections/your_week/questions/which_days", f"{home}/sections/your_week/questions/which_days/move", to="contact")
    assert definition(service, open_round)["sections"][0]["questions"][-1]["id"] == "which_days"
    assert send(client, f"{address}/remove").status_code == 303
    assert send(client, f"{home}/sections/your_week/remove").status_code == 303
    assert "your_week" not in [one["id"] for one in definition(service, open_round)["sections"]]


@pytest.mark.parametrize("page", ["", "/settings", "/text", "/copy", "/publish", "/versions", "/changes", "/preview"])
def test_every_page_opens(client, home, page):
    assert client.get(home + page).status_code == 200


def test_every_part_of_the_sample_opens_and_saves_unchanged(service, client, home, open_round):
    before = definition(service, open_round)
    for section in ["eligibility", *(one["id"] for one in before["sections"])]:
        assert send(client, f"{home}/sections/{section}").status_code == 303, section
        assert client.get(f"{home}/sections/{section}/remove").status_code == 200
        part = before["eligibility"] if section == "eligibility" else next(
            one for one in before["sections"] if one["id"] == section
        )
        for question in part["questions"]:
            address = f"{home}/sections/{section}/questions/{question['id']}"
            assert send(client, address).status_code == 303, address
    assert definition(service, open_round) == before
