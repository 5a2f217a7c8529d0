"""Somebody else helps with a form: what they may open, what both see, and how it ends at once."""

import re
from uuid import UUID

import pytest

from tests.applications.parts import (
    ANSWERS,
    ELIGIBLE,
    SLUG,
    begin,
    data_of,
    enter,
    fill_in,
    form_in,
    person,
    press,
)


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def draft(service, client, open_round):
    return begin(service, client)


AMAL = "amal@example.org"


def text(answer):
    return answer.get_data(as_text=True)


def ask(client, draft, sections=("leadership",), **more):
    page = f"{draft}/helpers"
    fields = {
        **form_in(text(client.get(page)), page),
        "name": "Amal محمد",
        "email": AMAL,
        "sections": list(sections),
        **more,
    }
    return client.post(page, data=fields)


@pytest.fixture
def amal(service, client, draft):
    """A browser in which the helper has said yes to one section."""
    assert ask(client, draft).status_code == 303
    browser = service.web.test_client()
    enter(service, browser, AMAL)
    agreement = re.search(r'action="(/helping/[0-9a-f-]+/agreement)"', text(browser.get("/helping")))[1]
    assert browser.get(draft).status_code == 404, "nothing is open before yes is said"
    assert press(browser, "/helping", agreement).location == draft
    return browser


def test_a_helper_opens_their_sections_and_nothing_else(client, draft, amal):
    address = f"{draft}/sections/leadership"
    assert press(amal, address, address, motivation="Words by a helper", then="later").status_code == 303
    overview = text(amal.get(draft))
    assert "Noor O&#39;Brien-Ñuñez" in overview and f"{draft}/sections/contact" not in overview
    for closed in ("sections/contact", "sections/equality", "helpers", "withdraw", "print", "sent"):
        assert amal.get(f"{draft}/{closed}").status_code == 404, closed
    token = form_in(text(amal.get(address)), address)["csrf_token"]
    assert amal.post(f"{draft}/withdraw", data={"csrf_token": token}).status_code == 404
    assert amal.post(f"{draft}/sections/equality", data={"csrf_token": token, "gender": "man"}).status_code == 404
    answers = amal.get(f"/applications/api/v1{draft}").json["answers"]
    assert answers == {"motivation": "Words by a helper"}


def test_sending_stays_with_the_applicant(service, client, draft, amal):
    fill_in(client, draft)
    page = text(amal.get(f"{draft}/check"))
    assert "Only the person who applies can send this" in page and ANSWERS["access"]["access_notes"] not in page
    token = form_in(text(amal.get(f"{draft}/sections/leadership")), f"{draft}/sections/leadership")["csrf_token"]
    assert amal.post(f"{draft}/submit", data={"csrf_token": token}).status_code == 403
    assert press(client, f"{draft}/check", f"{draft}/submit").location == f"{draft}/sent"
    assert amal.get(draft).status_code == 404, "the help ends when the application is sent"
    assert [event["ended_by"] for event in data_of(service, "helper_ended")] == ["sent"]


def test_a_helper_may_send_it_if_told_so(service, client, draft, amal):
    with service.units.begin() as uow:
        uow.helping.of_application(UUID(draft.rpartition("/")[2]))[0].may_submit = True
    fill_in(client, draft)
    assert press(amal, f"{draft}/check", f"{draft}/submit").location == "/helping"
    assert len(data_of(service, "application_submitted")) == 1


def test_both_see_who_changed_what_each_in_their_parts(client, draft, amal):
    mine, theirs = f"{draft}/sections/contact", f"{draft}/sections/leadership"
    press(client, mine, mine, full_name="Noor", then="later")
    press(amal, theirs, theirs, motivation="By Amal", then="later")
    seen = text(client.get(f"{draft}/changes"))
    assert "(a helper)" in seen and "(the applicant)" in seen and "Amal" in seen
    other = text(amal.get(f"{draft}/changes"))
    assert "(a helper)" in other and "(the applicant)" not in other


def test_taking_it_back_works_at_once(service, client, draft, amal):
    page = f"{draft}/helpers"
    ending = re.search(rf'action="({page}/[0-9a-f-]+/end)"', text(client.get(page)))[1]
    address = f"{draft}/sections/leadership"
    half_written = {**form_in(text(amal.get(address)), address), "motivation": "Too late"}
    assert press(client, page, ending).status_code == 303
    assert amal.post(address, data=half_written).status_code == 404
    assert amal.post(f"{address}/autosave", data=half_written).status_code == 404
    assert amal.get(draft).status_code == 404 and "Nobody has asked you" in text(amal.get("/helping"))
    assert [event["ended_by"] for event in data_of(service, "helper_ended")] == ["applicant"]


def test_who_is_asked_how(service, client, draft):
    page = f"{draft}/helpers"
    form = text(client.get(page))
    assert 'value="leadership" checked' in re.sub(r"\s+", " ", form)
    assert 'value="equality" checked' not in re.sub(r"\s+", " ", form), "private questions only on purpose"
    for wrong, why in (
        ({"sections": []}, "at least one part"),
        ({"sections": ["nothing"]}, "at least one part"),
        ({"email": "noor@example.org"}, "your own address"),
        ({"email": "no address"}, "email address such as"),
        ({"name": " "}, "Write the name"),
    ):
        answer = ask(client, draft, **wrong)
        assert answer.status_code == 422 and why in text(answer), wrong
    assert ask(client, draft).status_code == 303
    assert "asked this person already" in text(ask(client, draft))
    (event,) = data_of(service, "helper_invited")
    assert (event["name"], event["link"]) == ("Amal محمد", "http://localhost/helping")


def test_a_stranger_cannot_answer_for_who_was_asked(service, client, draft):
    ask(client, draft)
    stranger = service.web.test_client()
    enter(service, stranger, "stranger@example.org")
    with service.units.begin(write=False) as uow:
        helper = uow.helping.of_application(UUID(draft.rpartition("/")[2]))[0].id
    token = form_in(text(stranger.get("/account")), "/account/details")["csrf_token"]
    for path in (f"/helping/{helper}/agreement", f"/helping/{helper}/end", f"{draft}/helpers/{helper}/end"):
        assert stranger.post(path, data={"csrf_token": token}).status_code == 404
    assert stranger.get(f"{draft}/helpers").status_code == 404


RECEIVED = {"channel": "post", "received": "2027-01-30 09:00", "language": "ar", **ELIGIBLE}


def test_paper_is_typed_in_marked_and_receipted(service, client, open_round, sign_in, clock):
    sign_in("staff")
    page = f"/staff/rounds/{open_round.id}/paper"
    bad = press(client, page, page, name="", channel="pigeon", received="tomorrow")
    assert bad.status_code == 422 and "how it reached us" in text(bad) and "Write the applicant" in text(bad)
    begun = press(client, page, page, name="محمد O'Brien", note="Folder 3", **RECEIVED)
    assert begun.status_code == 303, re.findall(r"error-message.*?</p>", text(begun), re.S)
    draft = begun.location
    clock.set(open_round.closes_at)
    from shared.schedule import Schedule

    schedule = Schedule(service.units, service.due_handlers)
    while schedule.run_next():
        pass
    sign_in("staff")
    fill_in(client, draft, email="")
    assert press(client, f"{draft}/check", f"{draft}/submit").location == f"/staff{draft}", (
        "in time on paper is in time"
    )
    seen = text(client.get(f"/staff{draft}"))
    assert "typed in by staff" in seen and "by post" in seen and "Folder 3" in seen and "no email address" in seen
    listed = f"/staff/rounds/{open_round.id}/applications"
    assert "By post" in text(client.get(listed)) and "محمد" in text(client.get(f"{listed}?came=typed"))
    assert "محمد" not in text(client.get(f"{listed}?came=site"))
    assert client.get(f"{listed}?came=pigeon").status_code == 422
    api = f"/applications/api/v1/rounds/{open_round.id}/scored?came="
    assert [row["channel"] for row in client.get(f"{api}typed").json["items"]] == ["post"]
    assert client.get(f"{api}site").json["items"] == []
    receipt = text(client.get(f"/staff{draft}/receipt"))
    assert data_of(service, "application_submitted")[0]["reference"] in receipt and "محمد" in receipt
    emails = [event["email"] for event in data_of(service, "person_registered") if event["name"] == "محمد O'Brien"]
    assert emails[0].endswith("@no-address.invalid")


def test_paper_of_somebody_who_applied_already_is_not_a_second_application(service, client, draft, open_round, sign_in):
    staff = service.web.test_client()
    sign_in("staff", browser=staff)
    page = f"/staff/rounds/{open_round.id}/paper"
    answer = press(staff, page, page, name="Noor", email="noor@example.org", **RECEIVED)
    assert answer.status_code == 409 and "application in this round already" in text(answer)
    assert staff.get(draft).status_code == 404, "staff do not open what its owner types"


def test_paper_that_came_too_late_is_refused(service, client, open_round, sign_in, clock):
    clock.set(open_round.closes_at)
    sign_in("staff")
    page = f"/staff/rounds/{open_round.id}/paper"
    late = press(client, page, page, name="Noor", **{**RECEIVED, "received": "2027-03-01 00:00"})
    assert late.status_code == 422 and "too late" in text(late)


def test_api_for_paper_and_helpers(service, client, open_round, sign_in):
    sign_in("staff")
    browser = {"X-CSRF-Token": form_in(text(client.get("/account")), "/account/details")["csrf_token"]}
    body = {"name": "Noor", "channel": "telephone", "received": "2027-01-30 09:00", "eligibility": ELIGIBLE}
    api = "/applications/api/v1"
    made = client.post(f"{api}/rounds/{open_round.id}/paper", json=body, headers=browser)
    assert made.status_code == 201 and made.json["state"] == "draft"
    assert client.get(f"{api}/applications/{made.json['id']}").status_code == 200
    assert client.get(f"{api}/applications/{made.json['id']}/helpers").status_code == 404, (
        "helpers are the owner's affair"
    )
    assert (
        client.post(
            f"{api}/rounds/{open_round.id}/paper", json={**body, "channel": "pigeon"}, headers=browser
        ).status_code
        == 422
    )
    assert person(service, "a@example.org").id and SLUG
