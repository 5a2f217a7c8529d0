"""V8.3.3: every service checks who asks."""

from typing import Any

from shared.service import Service
from shared.web import access
from tests.architecture.world import World, routes


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
