"""An applicant's whole way in a browser without JavaScript, on both databases."""

import re
from datetime import timedelta

from tests.applications.parts import (
    ANSWERS,
    ELIGIBLE,
    SLUG,
    apply,
    begin,
    code_of,
    data_of,
    events,
    fill_in,
    form_in,
    path_of,
    press,
)


def text(answer):
    return answer.get_data(as_text=True)


def test_the_whole_way(service, client, open_round):
    assert "Leading Together 2027" in text(client.get("/"))
    assert f"/apply/{SLUG}" in text(client.get(f"/rounds/{SLUG}"))
    draft = begin(service, client)
    tasks = text(client.get(draft))
    assert "0 of 7" in tasks and tasks.count("Not started") == 4

    fill_in(client, draft)
    assert "7 of 7" in text(client.get(draft))
    check = text(client.get(f"{draft}/check"))
    assert "The Kettle Club" in check and "£12,000" in check and "Not provided" in check

    sent = press(client, f"{draft}/check", f"{draft}/submit")
    assert sent.status_code == 303
    [receipt] = data_of(service, "application_submitted")
    assert receipt["reference"] in text(client.get(sent.location))
    status = text(client.get(path_of(receipt["status_link"])))
    assert "Received" in status and receipt["reference"] in status and "step-free" in status
    about = [event["type"] for event in events(service) if event["subject"].endswith(receipt["application_id"])]
    assert about == [
        "applications.application_started",
        "applications.application_submitted",
        "applications.application_ready_for_review",
        "applications.application_scored",
    ]


def test_leaving_and_coming_back_by_the_link_in_the_email(service, client, open_round):
    draft = begin(service, client)
    address = f"{draft}/sections/leadership"
    left = press(client, address, address, motivation="Half a sent", then="later")
    assert left.location == draft

    elsewhere = service.web.test_client()
    assert elsewhere.get(draft).location.startswith("/sign-in")
    link = path_of(data_of(service, "application_started")[0]["resume_link"])
    elsewhere.get(link)  # a program that scans mail
    assert press(elsewhere, link, link).location == draft
    assert "Half a sent" in text(elsewhere.get(address))

    again = press(service.web.test_client(), link, link)
    assert again.status_code == 410 and "used before" in text(again)


def test_a_used_link_can_be_replaced_and_tells_nothing(service, client, open_round):
    draft = begin(service, client)
    link = path_of(data_of(service, "application_started")[0]["resume_link"])
    press(client, link, link)
    stranger = service.web.test_client()
    used = press(stranger, link, link)
    again = f"/resume{draft.removeprefix('/applications')}/again"
    known = stranger.post(again, data=form_in(text(used), again))
    unknown = stranger.post(again[:-10] + "0000/again", data=form_in(text(used), again))
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location) == (303, "/sign-in/code")
    asked = data_of(service, "sign_in_requested")
    assert asked[-1]["email"] == "noor@example.org"
    assert press(stranger, "/sign-in/code", "/sign-in/code", code=code_of(service)).location == draft


def test_the_check_keeps_out_and_says_where_else_to_go(service, client, open_round):
    refused = press(client, f"/apply/{SLUG}", f"/apply/{SLUG}", **{**ELIGIBLE, "based_in_uk": "no"})
    assert refused.status_code == 200 and "Open Table learning circle" in text(refused)
    assert client.get(f"/apply/{SLUG}/begin").location == f"/apply/{SLUG}"
    missing = press(client, f"/apply/{SLUG}", f"/apply/{SLUG}", works_with_migrants="yes")
    assert missing.status_code == 422 and 'href="#based_in_uk"' in text(missing)
    assert "<title>Error:" in text(missing)


def test_an_answer_after_the_check_was_passed_once_counts(service, client, open_round):
    press(client, f"/apply/{SLUG}", f"/apply/{SLUG}", **ELIGIBLE)
    press(client, f"/apply/{SLUG}", f"/apply/{SLUG}", **{**ELIGIBLE, "can_attend": "no"})
    assert client.get(f"/apply/{SLUG}/begin").location == f"/apply/{SLUG}"


def test_sending_names_every_missing_answer_with_its_page(service, client, open_round):
    draft = begin(service, client)
    refused = press(client, f"{draft}/check", f"{draft}/submit")
    assert refused.status_code == 422
    assert f"{draft}/sections/leadership#motivation" in text(refused)
    assert f"{draft}/sections/consent#consent_privacy" in text(refused)
    assert data_of(service, "application_submitted") == []


def test_pressing_send_twice_is_one_application_and_one_receipt(service, client, open_round):
    draft = begin(service, client)
    fill_in(client, draft)
    fields = form_in(text(client.get(f"{draft}/check")), f"{draft}/submit")
    answers = [client.post(f"{draft}/submit", data=fields) for _ in range(3)]
    assert {answer.location for answer in answers} == {f"{draft}/sent"}
    for name in ("application_submitted", "application_ready_for_review", "application_scored"):
        assert len(data_of(service, name)) == 1


def test_beginning_twice_is_one_draft(service, client, open_round):
    draft = begin(service, client)
    assert client.get(f"/apply/{SLUG}/begin").location == draft
    assert client.get(f"/apply/{SLUG}").location == draft
    assert len(data_of(service, "application_started")) == 1


def test_what_is_wrong_is_kept_and_named(service, client, open_round):
    address = f"{begin(service, client)}/sections/organisation"
    wrong = press(client, address, address, **{**ANSWERS["organisation"], "organisation_income": "plenty"})
    assert wrong.status_code == 422
    assert 'href="#organisation_income"' in text(wrong) and 'value="plenty"' in text(wrong)
    assert 'value="plenty"' in text(client.get(address))
    assert "The Kettle Club" in text(client.get(address))


def test_too_late_keeps_the_draft_and_says_the_deadline(service, client, open_round, clock):
    draft = begin(service, client)
    fill_in(client, draft)
    fields = form_in(text(client.get(f"{draft}/check")), f"{draft}/submit")
    clock.set(open_round.closes_at - timedelta(minutes=1))
    link = path_of(data_of(service, "application_started")[0]["resume_link"])
    press(client, link, link)
    clock.set(open_round.closes_at)
    late = client.post(f"{draft}/submit", data=fields)
    assert late.status_code == 409
    assert "28 February 2027, 23:59" in text(late).replace("\u202f", " ") and "draft is kept" in text(late)
    assert "The Kettle Club" in text(client.get(f"{draft}/check"))
    assert "Send my application" not in text(client.get(f"{draft}/check"))
    assert data_of(service, "application_submitted") == []


def test_nobody_begins_a_closed_round(service, client, open_round, clock):
    clock.set(open_round.closes_at)
    assert client.get(f"/apply/{SLUG}").location == f"/rounds/{SLUG}"
    assert "This round is closed" in text(client.get(f"/rounds/{SLUG}"))
    assert "Leading Together" not in re.sub(r"<footer.*", "", text(client.get("/")), flags=re.S).partition("<main")[2]


def test_taking_it_back(service, client, open_round):
    draft = apply(service, client)
    for _ in range(2):
        done = client.post(f"{draft}/withdraw", data=form_in(text(client.get("/account")), "/account/details"))
        assert done.location == draft
    assert "Taken back" in text(client.get(draft))
    assert len(data_of(service, "application_withdrawn")) == 1
    assert client.get(f"{draft}/withdraw").location == draft
    assert press(client, "/account", "/account/details").status_code == 303


def test_names_from_everywhere(service, client, open_round):
    for number, name in enumerate(("O'Brien-Ñuñez", "محمد", "🦊 Fox & <b>Co</b>", "Zoë \u200dJoined")):
        browser = service.web.test_client()
        draft = begin(service, browser, f"n{number}@example.org")
        address = f"{draft}/sections/contact"
        press(browser, address, address, **{**ANSWERS["contact"], "full_name": name})
        page = text(browser.get(address))
        assert "<b>Co</b>" not in page
        assert form_in(page, address)["full_name"] == name
        press(browser, "/account", "/account/details", name=name, language="ar")
        assert data_of(service, "person_changed")[-1]["name"] == name


def test_follow_up_questions_wait_under_their_option(service, client, open_round):
    address = f"{begin(service, client)}/sections/organisation"
    page = text(client.get(address))
    assert page.index('name="role_other"') > page.index('value="other"')
    press(client, address, address, **{**ANSWERS["organisation"], "role": "other", "role_other": "Cook"})
    assert form_in(text(client.get(address)), address)["role_other"] == "Cook"
    press(client, address, address, **{**ANSWERS["organisation"], "role_other": "Cook"})
    assert form_in(text(client.get(address)), address)["role_other"] == ""


def test_a_question_that_an_answer_brings_up_is_not_passed_over(service, client, open_round):
    address = f"{begin(service, client)}/sections/access"
    assert "interpreter_language" not in text(client.get(address))
    saved = press(client, address, address, access_help=["interpreter"])
    assert saved.location == f"{address}#interpreter_language"
    assert "interpreter_language" in text(client.get(address))
    assert press(client, address, address, access_help=["interpreter"]).location.endswith("/sections/consent")
