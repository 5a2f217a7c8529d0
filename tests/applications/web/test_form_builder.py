"""Staff build a round's form on pages, without JavaScript: every change, bad input, two at once, versions."""

import io
import json
import re
from html import unescape

import pytest

from services.applications.domain.samples.files import round_definition
from services.applications.use_cases.build_form import open_form
from services.applications.use_cases.keep_round import create_round
from tests.applications.parts import ANSWERS, ELIGIBLE, apply, begin, data_of, form_in


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
    address = f"{home}/questions/how_many_hours"
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
    send(client, home, f"{home}/questions/which_days/move", to="up")
    assert [one["id"] for one in definition(service, open_round)["sections"][-2]["questions"]] == [
        "which_days",
        "how_many_hours",
    ]
    send(
        client,
        f"{home}/questions/which_days",
        f"{home}/questions/which_days/move",
        to="contact",
    )
    assert definition(service, open_round)["sections"][0]["questions"][-1]["id"] == "which_days"
    assert send(client, f"{address}/remove").status_code == 303
    assert send(client, f"{home}/sections/your_week/remove").status_code == 303
    assert "your_week" not in [one["id"] for one in definition(service, open_round)["sections"]]


def test_every_page_opens(client, home):
    for page in ("", "/settings", "/text", "/copy", "/publish", "/versions", "/changes", "/preview"):
        assert client.get(home + page).status_code == 200, page


def test_every_part_of_the_sample_opens_and_saves_unchanged(service, client, home, open_round):
    before = definition(service, open_round)
    for section in ["eligibility", *(one["id"] for one in before["sections"])]:
        assert send(client, f"{home}/sections/{section}").status_code == 303, section
        assert client.get(f"{home}/sections/{section}/remove").status_code == 200
        part = (
            before["eligibility"]
            if section == "eligibility"
            else next(one for one in before["sections"] if one["id"] == section)
        )
        for question in part["questions"]:
            address = f"{home}/questions/{question['id']}"
            assert send(client, address).status_code == 303, address
    assert definition(service, open_round) == before


def test_two_staff_at_once_both_see_what_the_other_typed(client, home):
    address = f"{home}/questions/motivation"
    first = fields_of(client, address)
    second = dict(first)
    assert client.post(address, data={**first, "label.en": "Why here?"}).status_code == 303
    answer = client.post(address, data={**second, "label.en": "Why you?"})
    assert answer.status_code == 409
    assert "label: Why you?" not in text(answer) and "Why here?" in text(answer) and 'value="Why you?"' in text(answer)
    again = form_in(answer.get_data(as_text=True), address)
    assert client.post(address, data=again).status_code == 303
    assert fields_of(client, address)["label.en"] == "Why you?"
    gone = fields_of(client, f"{address}/remove")
    send(client, address, **{"help.en": "Changed meanwhile"})
    assert client.post(f"{address}/remove", data=gone).status_code == 409


def test_what_is_wrong_is_shown_where_it_is_written_and_nothing_typed_is_lost(client, home):
    address = f"{home}/questions/role"
    answer = send(client, address, condition='consent_privacy and role = "x"', **{"label.en": "محمد 🙂 O'Brien-Ñuñez"})
    assert answer.status_code == 422
    page = text(answer)
    assert "To compare, write == and not =. Look at letter 26." in page and 'href="#condition"' in page
    assert "محمد 🙂 O'Brien-Ñuñez" in page and 'consent_privacy and role = "x"' in page
    later = text(send(client, address, condition="consent_privacy"))
    assert "no earlier question called “consent_privacy”" in later
    assert "no earlier question called" in text(client.get(home)) and client.get(f"{home}/publish").status_code == 200
    assert client.get(f"{home}/preview").location == home
    assert send(client, f"{home}/questions/organisation_income", minimum="many").status_code == 422
    assert fields_of(client, f"{home}/questions/organisation_income")["minimum"] == "many"
    for name in ("email", "My Role", ""):
        assert send(client, address, id=name).status_code == 422


def test_choices_are_added_ordered_and_removed(service, client, home, open_round):
    address = f"{home}/questions/gender"
    more = {"choice-3-label.en": "Non-binary", "choice-3-place": "1", "choice-3-label.ar": "غير ثنائي"}
    assert send(client, address, **more, **{"choice-2-remove": "yes"}).status_code == 303
    [question] = [q for s in definition(service, open_round)["sections"] for q in s["questions"] if q["id"] == "gender"]
    assert [one["value"] for one in question["choices"]] == ["woman", "non_binary", "man"] or [
        one["value"] for one in question["choices"]
    ] == ["non_binary", "woman", "man"]
    assert {"en": "Non-binary", "ar": "غير ثنائي"} in [one["label"] for one in question["choices"]]


def test_a_no_of_the_check_says_why_and_where_else(service, client, home, open_round):
    address = f"{home}/sections/eligibility"
    count = len(definition(service, open_round)["eligibility"]["refusals"])
    wrong = send(client, address, **{f"refusal-{count}-when": "age < 18", f"refusal-{count}-reason.en": "Too young."})
    assert wrong.status_code == 422 and f'href="#refusal-{count}-when"' in text(wrong)
    elsewhere = {f"refusal-{count}-elsewhere-0-name.en": "A helpline", f"refusal-{count}-elsewhere-0-link": "tel:111"}
    assert send(client, address, **elsewhere, **{f"refusal-{count}-when": 'can_attend == "no"'}).status_code == 303
    refusal = definition(service, open_round)["eligibility"]["refusals"][count]
    assert refusal["reason"] == "Too young." and refusal["elsewhere"] == [{"name": "A helpline", "link": "tel:111"}]


def test_a_bad_file_loses_nothing(service, client, home, open_round):
    before = definition(service, open_round)
    typed = fields_of(client, f"{home}/text")
    bad = typed["text"].replace("kind: consent", "kind: contents", 1)
    answer = client.post(f"{home}/text", data={**typed, "text": bad})
    assert answer.status_code == 422 and re.search(r"Line \d+ \(sections\.\d\.questions\.0\.kind\)", text(answer))
    assert "kind: contents" in text(answer) and definition(service, open_round) == before
    upload = {**typed, "file": (io.BytesIO(b"\x89PNG\r\n"), "form.yaml")}
    refused = client.post(f"{home}/text", data=upload, content_type="multipart/form-data")
    assert refused.status_code == 422 and "not a text file" in text(refused)
    exported = client.get(f"{home}/file?format=json")
    assert exported.json == before
    small = json.dumps(
        {
            "title": "S",
            "sections": [{"id": "a", "title": "A", "questions": [{"id": "b", "kind": "date", "label": "B"}]}],
        }
    )
    good = {**typed, "file": (io.BytesIO(small.encode()), "form.json")}
    assert client.post(f"{home}/text", data=good, content_type="multipart/form-data").status_code == 303
    assert len(definition(service, open_round)["sections"]) == 1
    assert client.post(f"{home}/text", data=typed).status_code == 409


def test_a_new_version_leaves_begun_and_sent_applications_alone(service, client, open_round, sign_in):
    sent = apply(service, client, "sent@example.org")
    begun = begin(service, service.web.test_client(), "begun@example.org")
    staff = service.web.test_client()
    sign_in("staff", browser=staff)
    home = f"/staff/rounds/{open_round.id}/form"
    send(staff, home, f"{home}/sections/leadership/questions", label="Anything new?", kind="short_text")
    send(staff, f"{home}/questions/anything_new", required="yes", panel_may_see="yes")
    assert "Anything new?" in text(staff.get(f"{home}/publish"))
    assert send(staff, f"{home}/publish", note="").status_code == 422
    assert send(staff, f"{home}/publish", note="One more").status_code == 303
    page = text(staff.get(f"{home}/versions"))
    assert "One more" in page
    assert "Anything new?" in text(staff.get(f"{home}/changes?from=1&to=2"))
    assert "Anything new?" not in text(client.get(sent))
    fresh = service.web.test_client()
    assert "Anything new?" in text(fresh.get(f"{begin(service, fresh, 'new@example.org')}/sections/leadership"))
    with service.units.begin(write=False) as uow:
        versions = sorted(row.form_version for row in uow.applications.drafts_of(open_round.id))
    assert versions == [1, 2] and begun


def test_the_preview_walks_through_and_keeps_nothing(service, client, home):
    page, answer = f"{home}/preview", client.get(f"{home}/preview")
    typed = {"eligibility": ELIGIBLE, **ANSWERS}
    for section in typed:
        assert f'action="{page}/{section}"' in text(answer)
        data = {**form_in(answer.get_data(as_text=True), f"{page}/{section}"), **typed[section]}
        answer = client.post(f"{page}/{section}", data=data)
        assert answer.status_code == 200, section
    assert "The Kettle Club" in text(answer) and "Check your answers" in text(answer)
    no = client.post(
        f"{page}/eligibility", data={**fields_of(client, page, f"{page}/eligibility"), **ELIGIBLE, "based_in_uk": "no"}
    )
    assert "not the right one" in text(no)
    assert data_of(service, "application_started") == []


def test_by_api(service, client, open_round, sign_in):
    sign_in("staff")
    api = f"/applications/api/v1/rounds/{open_round.id}/form"
    token = {"X-CSRF-Token": fields_of(client, "/account", "/account/details")["csrf_token"]}
    got = client.get(f"{api}/draft")
    form, tag = got.json["form"], {"If-Match": got.headers["ETag"], **token}
    form["sections"][0]["title"] = "Who you are"
    assert client.put(f"{api}/draft", json={"form": form}, headers=token).status_code == 428
    bad = {**form, "sections": []}
    assert "form.sections" in client.put(f"{api}/draft", json={"form": bad}, headers=tag).json["errors"]
    saved = client.put(f"{api}/draft", json={"form": form}, headers=tag)
    assert saved.status_code == 200 and saved.json["changed"] is True
    assert client.put(f"{api}/draft", json={"form": form}, headers=tag).status_code == 412
    tag = {"If-Match": saved.headers["ETag"], **token}
    made = client.post(f"{api}/versions", json={"note": "Words"}, headers=tag)
    assert made.status_code == 201 and made.json["version"] == 2
    assert [one["version"] for one in client.get(f"{api}/versions").json["items"]] == [2, 1]
    [change] = client.get(f"{api}/changes?from=1").json["items"]
    assert (change["part"], change["id"], change["what"]) == ("section", "contact", "changed")
    assert client.get(f"{api}/versions/9").status_code == 404


def test_the_blank_form_is_there_for_everybody_in_their_language(client, open_round):
    address = f"/rounds/{open_round.slug}/form"
    assert address in text(client.get(f"/rounds/{open_round.slug}"))
    page = text(client.get(address))
    assert "Answer this only if you answered" in page and "Prefer not to say" in page
    plain = client.get(f"{address}.txt")
    assert plain.mimetype == "text/plain" and "[ ] Prefer not to say" in text(plain)
    assert max(map(len, text(plain).splitlines())) < 110
    client.get(f"{address}?language=ar")
    assert "قيادتك" in text(client.get(f"{address}.txt"))


def test_a_small_form_of_ones_own_with_a_calculation(service, client, sign_in):
    sign_in("staff")
    small = {
        "title": "S",
        "sections": [
            {
                "id": "a",
                "title": "A",
                "questions": [
                    {"id": "n", "kind": "number", "label": "N"},
                    {"id": "m", "kind": "calculation", "label": "Twice", "formula": "n * 2"},
                ],
            }
        ],
    }
    given = {
        **round_definition(),
        "form": small,
        "rules": {
            "title": "R",
            "rules": [
                {
                    "id": "r",
                    "label": "R",
                    "kind": "bands",
                    "question": "m",
                    "bands": [{"below": 10, "points": 1}, {"points": 2}],
                }
            ],
        },
    }
    with service.units.begin() as uow:
        row = create_round(uow, given)
    home = f"/staff/rounds/{row.id}/form"
    assert "Add an eligibility check" in text(client.get(home))
    assert (
        client.post(
            f"{home}/preview/a", data={**fields_of(client, f"{home}/preview", f"{home}/preview/a"), "n": "4"}
        ).status_code
        == 200
    )
