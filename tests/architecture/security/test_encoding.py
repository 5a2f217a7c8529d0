"""V1 (encoding and sanitization): what is asked for never becomes part of a statement, a page or a mail."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from typing import Any

from flask import Flask

from shared.service import Service
from tests.applications.parts import form_in, person
from tests.architecture.security.parts import token_on
from tests.architecture.world import ROLES, World, routes

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
