"""Saving a section: from two windows, as typed, and whatever is sent."""

import pytest

from tests.applications.parts import ANSWERS, begin, enter, form_in, press


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def draft(service, client, open_round):
    return begin(service, client)


def window(client, address):
    return form_in(text(client.get(address)), address)


def test_two_windows_with_other_words_see_both(client, draft):
    address = f"{draft}/sections/leadership"
    first, second = window(client, address), window(client, address)
    assert client.post(address, data={**first, "motivation": "First words", "then": "later"}).status_code == 303
    conflict = client.post(address, data={**second, "motivation": "Second words", "then": "later"})
    page = text(conflict)
    assert conflict.status_code == 409 and "First words" in page
    assert form_in(page, address)["motivation"].strip() == "Second words"
    assert "First words" in text(client.get(address))

    shown = form_in(page, address)
    assert shown["_differing"] == "motivation"
    unsaid = client.post(address, data={**shown, "then": "later"})
    assert unsaid.status_code == 409 and "Choose which of the two" in text(unsaid)
    assert window(client, address)["motivation"].strip() == "First words", "nothing is overwritten without a choice"

    theirs = {**shown, "_keep_motivation": "theirs", "learning": "Both windows agree on this", "then": "later"}
    assert client.post(address, data=theirs).status_code == 303
    kept = window(client, address)
    assert (kept["motivation"].strip(), kept["learning"].strip()) == ("First words", "Both windows agree on this")


def test_of_two_windows_mine_stays_if_i_say_so_unless_a_third_came_in_between(client, draft):
    address = f"{draft}/sections/leadership"
    first, second, third = (window(client, address) for _ in range(3))
    client.post(address, data={**first, "motivation": "First words", "then": "later"})
    shown = form_in(text(client.post(address, data={**second, "motivation": "Second words"})), address)
    shown_third = form_in(text(client.post(address, data={**third, "motivation": "Third words"})), address)
    mine = {**shown, "_keep_motivation": "mine", "then": "later"}
    assert client.post(address, data=mine).status_code == 303
    assert window(client, address)["motivation"].strip() == "Second words"
    late = client.post(address, data={**shown_third, "_keep_motivation": "mine", "then": "later"})
    assert late.status_code == 409 and "Second words" in text(late)


def test_a_window_that_empties_an_answer_is_not_overruled_unseen(client, draft):
    address = f"{draft}/sections/leadership"
    client.post(address, data={**window(client, address), "motivation": "Words", "then": "later"})
    stale = window(client, address)
    client.post(address, data={**window(client, address), "motivation": "", "then": "later"})
    assert client.post(address, data={**stale, "then": "later"}).status_code == 409


def test_two_windows_with_the_same_words_are_in_nobodys_way(client, draft):
    address = f"{draft}/sections/leadership"
    both = [window(client, address) for _ in range(2)]
    for fields in both:
        assert client.post(address, data={**fields, "motivation": "Same", "then": "later"}).status_code == 303


def test_another_section_in_another_window_is_in_nobodys_way(client, draft):
    mine, other = f"{draft}/sections/leadership", f"{draft}/sections/organisation"
    client.post(mine, data={**window(client, mine), "motivation": "One", "then": "later"})
    fields = window(client, mine)
    press(client, other, other, **ANSWERS["organisation"])
    assert client.post(mine, data={**fields, "motivation": "Two", "then": "later"}).status_code == 303


def test_saving_as_typed_gives_the_next_revision(client, draft):
    address = f"{draft}/sections/leadership"
    fields = window(client, address)
    saved = client.post(f"{address}/autosave", data={**fields, "motivation": "A"})
    assert saved.status_code == 200
    again = client.post(f"{address}/autosave", data={**fields, **saved.json, "motivation": "AB"})
    assert again.status_code == 200 and again.json["revision"] != saved.json["revision"]
    assert client.post(f"{address}/autosave", data={**fields, **saved.json, "motivation": "C"}).status_code == 409
    assert client.post(address, data={**fields, **again.json, "motivation": "ABC", "then": "later"}).status_code == 303


@pytest.mark.parametrize("words", ["\u202eabc", "a\u200db 🦊", "𝕏" * 3000, "'; DROP TABLE people; --", "{{ 7 * 7 }}"])
def test_any_text_can_be_saved_and_shown(client, draft, words):
    address = f"{draft}/sections/leadership"
    fields = {**window(client, address), "motivation": words, "then": "later"}
    assert client.post(address, data=fields).status_code == 303
    assert window(client, address)["motivation"].strip() == words.replace("\u202e", "")


@pytest.mark.parametrize("words", ["\x00", "a\x00b", "\ud800".encode("utf-16", "surrogatepass")])
def test_what_no_database_can_hold_is_refused_or_cleaned(client, draft, words):
    address = f"{draft}/sections/leadership"
    saved = client.post(address, data={**window(client, address), "motivation": words, "then": "later"})
    assert saved.status_code in (303, 422)
    assert client.get(address).status_code == 200


def test_a_session_that_ends_loses_no_word(service, client, draft):
    address = f"{draft}/sections/leadership"
    fields = {**window(client, address), "motivation": "Written as the session ended", "then": "later"}
    for cookie in ("hearth-session", "hearth-identity"):
        client.delete_cookie(cookie)
    refused = client.post(address, data=fields)
    offered = form_in(text(refused), address)
    assert refused.status_code == 401 and offered["motivation"] == "Written as the session ended"
    enter(service, client, "noor@example.org")
    assert client.post(address, data=offered).status_code == 303
    assert window(client, address)["motivation"].strip() == "Written as the session ended"


def test_there_is_nothing_at_unknown_sections(client, draft):
    fields = window(client, f"{draft}/sections/contact")
    assert client.get(f"{draft}/sections/nothing").status_code == 404
    assert client.post(f"{draft}/sections/nothing", data=fields).status_code == 404
    assert client.post(f"{draft}/sections/nothing/autosave", data=fields).status_code == 404


def test_a_sent_application_is_not_changed(service, client, open_round):
    from tests.applications.parts import apply

    sent = apply(service, client)
    address = f"{sent}/sections/leadership"
    assert client.get(address).location == sent
    fields = form_in(text(client.get("/account")), "/account/details")
    assert client.post(address, data={**fields, "motivation": "Later thought"}).status_code == 409
    assert "Later thought" not in text(client.get(sent))
    assert client.get(f"{sent}/check").location == sent
