"""Staff keep the register on pages and by API; applicants pick from it without JavaScript or type a new name."""

import re
from html import unescape

import pytest

from services.applications.use_cases import keep_organisations as register
from tests.applications.parts import begin, data_of, form_in, path_of, press

API = "/applications/api/v1"


def text(answer):
    return unescape(answer.get_data(as_text=True))


@pytest.fixture
def two(service):
    with service.units.begin() as uow:
        names = ("Refugee & Migrant Centre", "Refugee & Migrants Center")
        return [str(register.add_organisation(uow, name, "Rhiannon", offered=False).id) for name in names]


def send(client, page, action, **typed):
    fields = form_in(client.get(page).get_data(as_text=True), action)
    return client.post(action, data={**fields, **typed})


def test_the_way_from_a_suggestion_to_one_organisation(client, sign_in, two):
    sign_in("staff")
    page = text(client.get("/staff/organisations"))
    merge = re.search(r'href="(/staff/organisations/[^"]+/merge\?with=[^"]+)"', page)
    assert merge and "These may be one" in page
    action = merge[1].partition("?")[0]
    assert send(client, merge[1], action).status_code == 422
    done = send(client, merge[1], action, keep=two[0], reason="Same address")
    assert done.status_code == 303
    kept = text(client.get(done.location))
    assert "Merged by" in kept and "Same address" in kept
    assert "merged into another organisation" in text(client.get(f"/staff/organisations/{two[1]}"))
    assert client.get(f"/staff/organisations/{two[0]}/merge?name=nobody").status_code == 404


def test_names_are_changed_on_the_page(client, sign_in, two):
    sign_in("staff")
    page = f"/staff/organisations/{two[0]}"
    csrf = form_in(client.get(page).get_data(as_text=True), page)
    post = lambda **typed: client.post(page, data={"csrf_token": csrf["csrf_token"], **typed})  # noqa: E731
    assert post(what="alias", alias="RMC").status_code == 303
    assert post(what="alias", alias="refugee & migrants center").status_code == 422
    assert post(what="rename", name="محمد 🙂", revision="1").status_code == 303
    assert post(what="rename", name="Again", revision="1").status_code == 409
    assert post(what="offer", offered="yes").status_code == 303
    assert post(what="drop", alias="RMC").status_code == 303
    assert "محمد 🙂" in text(client.get("/staff/organisations?q=محمد"))
    assert "Nothing here" in text(client.get("/staff/organisations?q=%25"))


def test_applicants_pick_from_what_staff_have_looked_at_or_type_their_own(service, client, open_round, two):
    with service.units.begin() as uow:
        register.add_organisation(uow, "Offered Centre", "Rhiannon")
    address = f"{begin(service, client)}/sections/organisation"
    page = text(client.get(address))
    assert '<option value="Offered Centre">' in page and "Migrants Center" not in page
    assert 'list="organisation_name-known"' in page
    saved = press(client, address, address, organisation_name="A new one", then="later")
    assert saved.status_code == 303 and 'value="A new one"' in text(client.get(address))


def test_by_api(client, sign_in, two):
    sign_in("staff")
    token = {"X-CSRF-Token": form_in(client.get("/account").get_data(as_text=True), "/account/details")["csrf_token"]}
    [pair] = client.get(f"{API}/organisations/suggestions").json["items"]
    assert {pair["one"], pair["other"]} == set(two)
    got = client.get(f"{API}/organisations/{two[0]}")
    assert client.patch(f"{API}/organisations/{two[0]}", json={"name": "X"}, headers=token).status_code == 428
    tag = {**token, "If-Match": got.headers["ETag"]}
    assert (
        client.patch(f"{API}/organisations/{two[0]}", json={"name": "RMC", "offered": True}, headers=tag).json["name"]
        == "RMC"
    )
    merged = client.post(f"{API}/organisations/{two[0]}/merges", json={"merged": two[1]}, headers=token)
    assert merged.status_code == 201 and len(merged.json["names"]) == 3
    assert (
        client.post(f"{API}/organisations/{two[0]}/merges", json={"merged": two[1]}, headers=token).status_code == 409
    )
    assert [one["id"] for one in client.get(f"{API}/organisations?q=migrant").json["items"]] == [two[0]]


def test_signing_up_to_hear_and_leaving_again(service, client, sign_in):
    assert "/interest" in text(client.get("/"))
    assert press(client, "/interest", "/interest", email="nobody").status_code == 422
    assert press(client, "/interest", "/interest", email="noor@example.org").location == "/interest/asked"
    [asked] = data_of(service, "interest_registered")
    link = path_of(asked["confirm_link"])
    client.get(link)  # a program that scans mail
    with service.units.begin(write=False) as uow:
        assert uow.interests.counts() == {} and uow.interests.waiting() == 1
    assert press(client, link, link).status_code == 303
    sign_in("staff")
    page = text(client.get("/staff/interest"))
    assert "noor@example.org" in page
    assert client.get(f"{API}/interest").json == {"confirmed": 1, "by_language": {"en": 1}, "waiting": 0}
    wrong = link[:-4] + "0000"
    assert press(client, wrong, wrong).status_code == 410
    gone = wrong.replace("confirm", "leave")
    assert press(client, gone, gone).status_code == 200
    assert client.get(f"{API}/interest").json["confirmed"] == 1
