"""V3.5: changes, never by looking, and never without the form's token."""

from typing import Any

from shared.service import Service
from shared.web import access
from tests.architecture.world import ROLES, World, routes


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
