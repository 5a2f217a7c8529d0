"""Every view says who may call it; nobody else gets in; nobody is sent round for ever."""

import logging
from datetime import timedelta

import pytest
from flask import Flask

from shared.web import access
from tests.shared.web.conftest import MakeSite
from tests.shared.web.site import Site


def test_a_view_without_a_rule_stops_the_start() -> None:
    app = Flask("forgotten", static_folder=None)
    app.add_url_rule("/secret", view_func=lambda: "x", endpoint="secret")
    with pytest.raises(RuntimeError, match=r"without an access rule: secret"):
        access.check_every_view(app)
    access.mark_endpoint(app, "secret")
    access.check_every_view(app)


def test_anybody_signed_in_and_the_right_role(site: Site) -> None:
    nobody, applicant, staff = site.client(), site.client("applicant"), site.client("staff")
    assert [who.get("/toy/open").status_code for who in (nobody, applicant, staff)] == [200, 200, 200]
    assert [who.get("/toy/mine").status_code for who in (nobody, applicant, staff)] == [302, 200, 200]
    assert [who.get("/toy/staff").status_code for who in (nobody, applicant, staff)] == [302, 403, 200]


def test_signing_in_leads_back_to_this_site_only(site: Site) -> None:
    answer = site.client().get("/toy/mine?word=a%26b")
    assert answer.location == "/sign-in?next=/toy/mine%3Fword%3Da%2526b"


def test_a_program_and_a_post_are_told_instead_of_sent(site: Site) -> None:
    assert site.client().post("/toy/api/v1/things", json={"name": "x"}).status_code == 401
    assert site.client().post("/toy/mine").status_code == 401
    assert site.client().head("/toy/mine").status_code == 302


def test_what_was_posted_after_the_end_is_offered_again(site: Site) -> None:
    page = site.client().post("/toy/mine", data={"answer": "  two\nlines <b>", "csrf_token": "x"}).text
    assert "  two&#10;lines &lt;b&gt;" in page and 'action="/toy/mine"' in page


def test_too_much_posted_after_the_end_is_still_answered(site: Site) -> None:
    refused = site.client().post("/toy/mine", data={"answer": "x" * (3 * 1024 * 1024)})
    assert refused.status_code == 401 and "<title>" in refused.text


def test_addresses_that_are_not_there_need_no_rule(site: Site) -> None:
    assert site.client().get("/toy/nothing").status_code == 404
    assert site.client().post("/toy/nothing").status_code == 404
    wrong = site.client().post("/toy/staff")
    assert wrong.status_code == 405 and "GET" in wrong.headers["Allow"]


def test_options_tells_a_stranger_nothing_of_a_guarded_view(site: Site) -> None:
    assert site.client().options("/toy/staff").status_code == 401
    assert site.client().options("/toy/open").status_code == 200


def test_an_ended_identity_is_renewed_and_what_was_posted_is_kept(site: Site) -> None:
    browser = site.client("staff")
    site.clock.advance(timedelta(minutes=6))
    looked, posted = browser.get("/toy/staff?a=1"), browser.post("/toy/mine", data={"word": "x"})
    assert (looked.status_code, looked.location) == (302, "/identity/renew?next=/toy/staff%3Fa%3D1")
    assert (posted.status_code, posted.location) == (307, "/identity/renew?next=/toy/mine")


def test_shared_files_do_not_wait_for_a_fresh_identity(site: Site) -> None:
    browser = site.client("staff")
    site.clock.advance(timedelta(minutes=6))
    assert browser.get("/assets/hearth.css").status_code == 200


def test_nobody_is_sent_round_for_ever(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """The clocks of two services disagree: however often it is renewed, the identity has ended for this one."""
    browser = site.client("staff")
    site.clock.advance(timedelta(minutes=6))
    seen = [browser.get("/toy/staff").status_code for _ in range(7)]
    assert seen == [302] * 5 + [401] * 2
    assert "clocks" in caplog.text
    browser.set_cookie("hearth-identity", site.token("staff"))
    assert browser.get("/toy/staff").status_code == 200
    assert browser.get_cookie("hearth-renewals") is None


def test_the_count_of_renewals_cannot_be_used_to_break_the_page(site: Site) -> None:
    browser = site.client("staff")
    site.clock.advance(timedelta(minutes=6))
    for text in ("-1", "nonsense", "٣", "9" * 900):
        browser.set_cookie("hearth-renewals", text)
        assert browser.get("/toy/staff").status_code == 302


def test_denials_are_logged_without_names(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    site.client("applicant").get("/toy/staff")
    [line] = [record for record in caplog.records if record.message == "denied"]
    assert (line.route, line.reason) == ("/toy/staff", "forbidden")
    assert line.person_id == "00000000-0000-0000-0000-000000000007"


def test_the_style_guide_is_for_demonstrations(make_site: MakeSite) -> None:
    assert make_site(demo=True).client().get("/assets/style-guide").status_code == 200
    assert make_site().client().get("/assets/style-guide").status_code == 404
