"""V3.4, V14.3, V16.5: what every answer carries, that nothing is stored, and that errors tell nothing."""

from typing import Any

import pytest

from shared.service import Service
from shared.web import access
from tests.architecture.world import ROLES, World, routes


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
