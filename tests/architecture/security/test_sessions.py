"""V3.3, V7.2, V7.4: cookies and sessions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.architecture.security.parts import HTTPS, sign_in, token_on
from tests.architecture.world import World


def test_cookies_of_an_https_site(https: Callable[[], Any]) -> None:
    client = https().web.test_client()
    answer = sign_in(https(), client, "cookie@example.org", HTTPS)
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} >= {"__Host-hearth-session", "__Host-hearth-identity"}
    for cookie in cookies:
        parts = {part.strip() for part in cookie.split(";")}
        assert cookie.startswith("__Host-") and {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts, cookie
        assert "Domain" not in cookie
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_a_new_session_at_every_sign_in_and_the_old_one_ends(world: World) -> None:
    applications = world.assembly.applications
    client = applications.web.test_client()
    client.set_cookie("hearth-session", "planted-by-somebody-else")
    tokens = []
    for _ in range(2):
        assert sign_in(applications, client, "again@example.org").status_code == 303
        cookie = client.get_cookie("hearth-session")
        assert cookie is not None
        tokens.append(cookie.value)
    assert len({*tokens, "planted-by-somebody-else"}) == 3
    old, new = (applications.web.test_client() for _ in tokens)
    old.set_cookie("hearth-session", tokens[0])
    new.set_cookie("hearth-session", tokens[1])
    assert (old.get("/identity/renew").status_code, new.get("/identity/renew").status_code) == (401, 204)


def test_signing_out_ends_the_session_itself(world: World) -> None:
    applications = world.assembly.applications
    client = applications.web.test_client()
    sign_in(applications, client, "leaving@example.org")
    cookie = client.get_cookie("hearth-session")
    assert cookie is not None and client.get("/identity/renew").status_code == 204
    out = client.post("/sign-out", data={"csrf_token": token_on(client, "/account")})
    assert out.status_code == 303 and client.get_cookie("hearth-session") is None
    assert client.get_cookie("hearth-identity") is None
    thief = applications.web.test_client()
    thief.set_cookie("hearth-session", cookie.value)
    assert thief.get("/identity/renew").status_code == 401


def test_an_expired_identity_without_a_session_is_not_sent_round(world: World) -> None:
    applications = world.assembly.applications
    client = world.browser(applications, "applicant", who="noor")
    world.clock.advance(timedelta(minutes=6))
    seen, path = [], "/account"
    for _ in range(6):
        answer = client.get(path)
        seen.append(answer.status_code)
        path = answer.location or ""
        if answer.status_code != 302:
            break
    assert seen == [302, 302, 302, 200]
