"""The security checklist (numbers of OWASP ASVS 5.0) against the three services as they are built for real."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.embedded.assembly import assemble
from shared import logs
from shared.service import Service
from shared.web import access
from tests.applications.parts import ANSWERS, code_of, data_of, form_in, person
from tests.architecture.world import (
    EMAIL,
    NAME,
    ORGANISATION,
    PROGRAM_EMAIL,
    PROGRAM_NAME,
    REASON,
    REVIEWER_EMAIL,
    REVIEWER_NAME,
    ROLES,
    World,
    build_world,
    routes,
)

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("applications", "cohorts", "notifications")
HOSTILE = (
    "' OR '1'='1' --",
    '"; DROP TABLE people; --',
    "%' UNION SELECT 1,2,3 --",
    "\\",
    "_%",
    "-1",
    "9" * 30,
    "1e999",
    "NaN",
    "[]",
    "a\0b",
    "é" * 3000,
    "../../etc/passwd",
    "{{7*7}}",
    "<script>alert(1)</script>",
)
PAGES_WITH_FILTERS = {
    "applications": ("/staff/rounds/{round_id}/applications", "/sign-in", "/"),
    "cohorts": ("/cohorts/staff/rounds/{round_id}/shortlist", "/cohorts/staff/rounds/{round_id}/selection"),
    "notifications": ("/notifications/staff", "/outbox"),
}
FILTERS = ("q", "text", "sort", "order", "state", "kind", "cursor", "page", "from", "next", "least_reviews", "flagged")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with build_world(tmp_path_factory.mktemp("world")) as built:
        yield built


@pytest.fixture(params=NAMES)
def service(request: pytest.FixtureRequest, world: World) -> Service[Any]:
    return next(each for each in world.services if each.name == request.param)


def token_on(client: FlaskClient, page: str, **options: Any) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page, **options).text)
    assert found
    return found[1]


# -- 3.4 what every answer carries; 14.3.2 nothing is stored; 16.5 errors tell nothing ---------------------------------


def test_every_answer_of_every_route_has_its_headers(world: World, service: Service[Any]) -> None:
    stranger, staff = service.web.test_client(), world.browser(service, *ROLES)
    for rule, method in routes(service.web):
        for client in (stranger, staff):
            # A change without the form's token is refused: what is looked at here is the refusal.
            answer = client.open(world.path(rule), method=method)
            about = (rule.rule, method, answer.status_code)
            assert answer.status_code < 500, about
            assert answer.headers["X-Content-Type-Options"] == "nosniff", about
            assert answer.headers["Referrer-Policy"] == "same-origin", about
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", about
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "base-uri 'none'" in policy, about
            assert "frame-ancestors 'self'" in policy and "unsafe-eval" not in policy, about
            framed = rule.rule.endswith("/html") and answer.status_code == 200
            assert ("sandbox" in policy and "script-src" not in policy) if framed else "unsafe" not in policy, about
            kept = rule.rule.startswith("/assets/") and answer.status_code == 200
            assert kept or answer.headers["Cache-Control"] == "no-store", about
            assert answer.headers["X-Correlation-ID"], about
            assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers, about


def test_so_have_answers_of_no_route(service: Service[Any]) -> None:
    for path in ("/nothing", f"/{service.name}/api/v1/nothing", "/assets/../app.py", "/%00", "/a" * 3000):
        answer = service.web.test_client().get(path)
        assert answer.status_code == 404 and "default-src 'none'" in answer.headers["Content-Security-Policy"], path
        assert answer.headers["Cache-Control"] == "no-store", path


def test_what_goes_wrong_is_told_to_the_log_alone(service: Service[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    @access.public
    def broken() -> str:
        raise RuntimeError("relation people does not exist: noor@example.org")

    assert not service.web.debug and not service.web.testing
    found = next(rule for rule in service.web.url_map.iter_rules() if rule.rule.endswith("/health/live"))
    monkeypatch.setitem(service.web.view_functions, found.endpoint, broken)
    answer = service.web.test_client().get(found.rule)
    assert answer.status_code == 500
    for word in ("relation", "noor@", "RuntimeError", "Traceback", ".py"):
        assert word not in answer.text


def test_bodies_have_a_limit(world: World, service: Service[Any]) -> None:
    client, large = service.web.test_client(), b"x" * (3 * 1024 * 1024)
    refused = client.post("/sign-in", data={"email": large.decode()})
    assert refused.status_code in {413, 404}
    for rule, method in routes(service.web):
        if "/api/v1/" in rule.rule and method in {"POST", "PUT"} and rule.endpoint.startswith("api_"):
            headers = world.bearer() | {"Content-Type": "application/json", "If-Match": '"1"'}
            # Files may be larger than words; more than a file may be is refused there too.
            body = b"x" * (27 * 1024 * 1024) if rule.rule.endswith("/files") else large
            answer = client.open(world.path(rule), method=method, data=body, headers=headers)
            assert answer.status_code == 413, (rule.rule, answer.status_code)
            assert answer.content_type == "application/problem+json"


# -- 3.4.3 no inline code ---------------------------------------------------------------------------------------------

_INLINE = re.compile(
    r"""<style\b|\sstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|javascript:"""
    r"""|<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>""",
    re.IGNORECASE,
)


def test_the_search_for_inline_code_finds_it() -> None:
    for text in ("<p style='x'>", '<a onclick="x">', "<style>", "<script>x", '<script nonce="1">', "href=javascript:x"):
        assert _INLINE.search(text), text
    assert not _INLINE.search('<script src="/x.js" defer></script><script type="application/json" id="x">{}</script>')


def test_no_template_has_any() -> None:
    templates = [*ROOT.glob("services/*/web/templates/**/*.html"), *ROOT.glob("shared/web/templates/**/*.html")]
    assert len(templates) > 50
    found = [(str(path), match[0]) for path in templates for match in _INLINE.finditer(path.read_text())]
    assert found == []


def test_no_page_has_any(world: World, service: Service[Any]) -> None:
    staff, seen = world.browser(service, *ROLES), 0
    for rule, method in routes(service.web):
        answer = staff.get(world.path(rule)) if method == "GET" else None
        if answer is None or answer.mimetype != "text/html":
            continue
        if "sandbox" not in answer.headers["Content-Security-Policy"]:
            seen += answer.status_code == 200
            assert not _INLINE.search(answer.text), (rule.rule, _INLINE.search(answer.text))
    assert seen >= 3


# -- 3.5 changes: never by looking, and never without the form's token ------------------------------------------------


def test_looking_changes_nothing(world: World) -> None:
    before = {service.name: world.contents(service) for service in world.services}
    assert all(any(rows for rows in tables.values()) for tables in before.values())
    looked = 0
    for service in world.services:
        readers = [
            world.browser(service),
            world.browser(service, *ROLES),
            world.browser(service, "reviewer", who="reviewer"),
            world.browser(service, "applicant", "participant", who="noor"),
        ]
        for rule, method in routes(service.web):
            for reader in readers if method in {"GET", "HEAD"} else ():
                looked += reader.open(world.path(rule), method=method).status_code == 200
    after = {service.name: world.contents(service) for service in world.services}
    assert looked > 100
    for name, tables in before.items():
        for table, rows in tables.items():
            assert after[name][table] == rows, (name, table)


def test_every_change_needs_the_forms_token(world: World, service: Service[Any]) -> None:
    staff, refused = world.browser(service, *ROLES), 0
    for rule, method in routes(service.web):
        found = access.rule_of(service.web, rule.endpoint)
        if method not in {"GET", "HEAD"} and found is not None and found.csrf:
            answer = staff.open(world.path(rule), method=method, json={}, headers={"If-Match": '"1"'})
            assert answer.status_code == 403, (rule.rule, method, answer.status_code)
            refused += 1
    assert refused


def test_views_that_need_no_token_are_few_and_known(world: World) -> None:
    found = {
        rule.rule
        for service in world.services
        for rule, _ in routes(service.web)
        if not (access.rule_of(service.web, rule.endpoint) or access.Access(csrf=False)).csrf
    }
    assert found == {
        "/identity/renew",
        "/cohorts/api/v1/own-offers/<token>/answer",
        "/notifications/unsubscribe/<token>/<category>",  # sealed; RFC 8058 has mail programs post there
        "/interest/leave/<uuid:interest_id>/<token>",  # a secret of its own; RFC 8058 again
        "/notifications/api/v1/reports",  # signed
    }


# -- 8.3.3 every service checks who asks ------------------------------------------------------------------------------


def test_nobody_gets_behind_a_rule_without_signing_in(world: World, service: Service[Any]) -> None:
    client = service.web.test_client()
    for rule, method in routes(service.web):
        found = access.rule_of(service.web, rule.endpoint)
        if found is not None and found.signed_in:
            answer = client.open(world.path(rule), method=method, json={} if method not in {"GET", "HEAD"} else None)
            assert answer.status_code in {302, 401, 403}, (rule.rule, method, answer.status_code)
            assert answer.status_code != 302 or answer.location.startswith("/sign-in?next=/")


def test_another_role_is_refused_whatever_it_asks_for(world: World, service: Service[Any]) -> None:
    headers = world.bearer("funder", who="noor")
    for rule, method in routes(service.web):
        found = access.rule_of(service.web, rule.endpoint)
        if found is not None and found.roles:
            body = {} if method not in {"GET", "HEAD"} else None
            answer = service.web.test_client().open(world.path(rule), method=method, json=body, headers=headers)
            assert answer.status_code == 403, (rule.rule, method, answer.status_code)


# -- 1.2.4 what is asked for never becomes part of a statement ---------------------------------------------------------


def _parameters(app: Flask, name: str) -> Iterator[tuple[str, str]]:
    """Every query parameter of every API route, as its document says, by address."""
    document = app.test_client().get(f"/{name}/api/openapi.json").json
    for path, methods in document["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", []):
            if parameter["in"] == "query":
                yield path, parameter["name"]


def test_hostile_words_in_every_parameter(world: World, service: Service[Any]) -> None:
    staff = world.browser(service, *ROLES)
    asked = [(page.format(**world.ids), name) for page in PAGES_WITH_FILTERS[service.name] for name in FILTERS]
    asked += [(path.format(**world.ids), name) for path, name in _parameters(service.web, service.name)]
    before = world.contents(service)
    for path, name in asked:
        for words in HOSTILE:
            answer = staff.get(path, query_string={name: words})
            assert answer.status_code in {200, 404, 422}, (path, name, words[:40], answer.status_code)
            assert "<script>alert" not in answer.text and "49" not in re.findall(r"\{\{(\d+)\}\}", answer.text)
    assert world.contents(service) == before


def test_hostile_words_in_every_path(world: World, service: Service[Any]) -> None:
    staff = world.browser(service, *ROLES)
    for rule, method in routes(service.web):
        names = [name for name in rule.arguments if method == "GET"]
        for name in names:
            for words in ("%27%20OR%201=1--", "%00", "9" * 40, "%2e%2e%2f", "%3Cscript%3E", "%ff", "00000000-0000"):
                path = re.sub(rf"<(?:\w+:)?{name}>", words.replace("\\", ""), rule.rule)
                path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(world.ids[found[1]]), path)
                answer = staff.get(path)
                assert answer.status_code < 500, (path, answer.status_code)
                assert "<script>" not in answer.text, path


# -- 15.3 only what is named goes in ----------------------------------------------------------------------------------


def test_unknown_fields_are_refused_by_name(world: World, service: Service[Any]) -> None:
    document = service.web.test_client().get(f"/{service.name}/api/openapi.json").json
    changes = [
        (path, method)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and "application/json" in operation.get("requestBody", {}).get("content", {})
    ]
    assert changes or service.name == "notifications"
    before = world.contents(service)
    for path, method in changes:
        body = {"is_admin": True, "roles": ["administrator"], "person_id": str(world.people["staff"])}
        answer = service.web.test_client().open(
            path.format(**world.ids), method=method.upper(), json=body, headers=world.bearer() | {"If-Match": '"1"'}
        )
        assert answer.status_code == 422, (path, method, answer.status_code)
        assert {"is_admin", "roles", "person_id"} <= set(answer.json["errors"]), (path, answer.json)
    assert world.contents(service) == before


# -- 3.3, 7.2, 7.4 cookies and sessions --------------------------------------------------------------------------------

HTTPS = "https://apply.example.org"


@pytest.fixture(scope="module")
def https(world: World) -> Iterator[Callable[[], Any]]:
    """The applications service as the public sees it, on the same databases."""
    assembly = assemble(world.home, HTTPS, world.clock, demo=False)
    yield lambda: assembly.applications
    assembly.dispose()


def sign_in(service: Service[Any], client: FlaskClient, email: str, base_url: str = "http://localhost") -> Any:
    """By the code in the email; the answer that signs in."""
    options = {"base_url": base_url, "headers": {"Origin": base_url}}
    token = token_on(client, "/sign-in", base_url=base_url)
    sent = client.post("/sign-in", data={"csrf_token": token, "email": email}, **options)
    assert sent.status_code == 303, sent.text
    return client.post("/sign-in/code", data={"csrf_token": token, "code": code_of(service)}, **options)


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


# -- 1.3.11 mail -------------------------------------------------------------------------------------------------------


def test_no_name_becomes_a_header_of_a_mail(world: World) -> None:
    applications = world.assembly.applications
    hostile = "Noor\r\nBcc: everybody@evil.example\r\n\r\n<b>Body</b>"
    begin = "/apply/leading-together-2027"
    client = applications.web.test_client()
    fields = {"works_with_migrants": "yes", "based_in_uk": "yes", "can_attend": "yes"}
    client.post(begin, data={"csrf_token": token_on(client, begin), **fields})
    form = form_in(client.get(f"{begin}/begin").text, f"{begin}/begin")
    client.post(f"{begin}/begin", data={**form, "name": hostile, "email": "crlf@example.org"})
    invited = {"name": hostile, "email": "panel-crlf@example.org"}
    headers = world.bearer()
    path = f"/cohorts/api/v1/rounds/{world.ids['round_id']}/panel"
    world.assembly.cohorts.web.test_client().post(path, json=invited, headers=headers)
    for email in ("a@example.org\r\nBcc: everybody@evil.example", "a@example.org\nb@example.org", "a,b@example.org"):
        refused = client.post("/sign-in", data={"csrf_token": form["csrf_token"], "email": email})
        assert refused.status_code == 422, email
    person(applications, "direct-crlf@example.org", "applicant", name=" ".join(hostile.split()))
    world.settle()
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in world.home.mail.glob("*.eml")]
    assert len(mails) >= 5 and any("crlf@example.org" in str(mail["To"]) for mail in mails)
    for mail in mails:
        assert "Bcc" not in mail and "Cc" not in mail and len(mail.get_all("To")) == 1
        assert "evil.example" not in str(mail["To"].addresses[0].addr_spec)
        assert all("\n" not in value and "\r" not in value for _, value in mail.items())


# -- 14.2.1, 16.2.5 neither addresses nor logs hold what is personal or secret ----------------------------------------


def _personal() -> set[str]:
    typed = {value for section in ANSWERS.values() for value in section.values() if isinstance(value, str)}
    sentences = {text for text in typed if " " in text}
    people = {NAME, EMAIL, PROGRAM_NAME, PROGRAM_EMAIL, REVIEWER_NAME, REVIEWER_EMAIL, REASON, ORGANISATION}
    return sentences | people | {"Sam Staff", "sam@example.org", "ACCESS-MARKER"}


def test_no_address_holds_what_is_personal(world: World) -> None:
    addresses = "\n".join(world.addresses)
    assert len(world.addresses) > 40 and "/submission" in addresses
    for text in _personal():
        for written in {text, text.replace(" ", "%20"), text.replace(" ", "+"), text.replace("@", "%40")}:
            assert written not in addresses, written


def test_the_log_of_a_whole_journey_holds_nothing_personal_or_secret(world: World) -> None:
    text = world.journey.getvalue()
    lines = [json.loads(line) for line in text.splitlines()]
    told = {line["route"] for line in lines if line["message"] == "answered"}
    assert {"/sign-in/code", "/cohorts/api/v1/own-offers/<token>/answer", "/apply/<slug>/begin"} <= told
    assert any(line["message"] == "signed in" for line in lines)
    assert len(world.secrets) > 20
    for each in _personal() | {secret for secret in world.secrets if len(secret) > 5}:
        assert each not in text, each


def test_every_line_says_what_it_belongs_to(world: World) -> None:
    lines = [json.loads(line) for line in world.journey.getvalue().splitlines()]
    answered = [line for line in lines if line["message"] == "answered"]
    assert answered and all(line["correlation_id"] and line["time"] and line["level"] for line in answered)


def test_denials_and_sign_ins_are_logged(world: World) -> None:
    stream = io.StringIO()
    handler = logs.configure("denials", "INFO", stream)
    try:
        cohorts = world.assembly.cohorts
        cohorts.web.test_client().get("/cohorts/staff/", headers=world.bearer("applicant", who="noor"))
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel("WARNING")
    [line] = [json.loads(line) for line in stream.getvalue().splitlines() if "denied" in line]
    assert line["person_id"] == str(world.people["noor"]) and line["route"] == "/cohorts/staff/"


def test_stored_events_are_where_secrets_may_be_and_nowhere_else(world: World) -> None:
    """Links and codes are kept as hashes, but for the message that carries them out."""
    applications = world.assembly.applications
    sent = data_of(applications, "sign_in_requested")
    tables = world.contents(applications)
    for name, rows in tables.items():
        if name != "outbox":
            kept = repr(rows)
            assert all(asked["link"].rpartition("/")[2] not in kept and asked["code"] not in kept for asked in sent)


# -- 13.4 nothing of development is left on ---------------------------------------------------------------------------


def test_demonstration_doors_are_shut(world: World) -> None:
    applications, notifications = world.assembly.applications, world.assembly.notifications
    client = applications.web.test_client()
    token = token_on(client, "/sign-in")
    entered = client.post(f"/demo/sign-in/{world.people['staff']}", data={"csrf_token": token})
    assert entered.status_code == 404 and "hearth-session" not in str(entered.headers)
    assert client.get("/assets/style-guide").status_code == 404
    assert notifications.web.test_client().get("/outbox").status_code == 404


def test_no_route_answers_trace_or_debuggers(service: Service[Any]) -> None:
    client = service.web.test_client()
    assert client.open("/", method="TRACE").status_code in {404, 405}
    for path in ("/console", "/?__debugger__=yes&cmd=resource&f=style.css", f"/{service.name}/api/swagger-ui"):
        answer = client.get(path)
        assert answer.status_code in {200, 404} and "werkzeug" not in answer.text.lower()
