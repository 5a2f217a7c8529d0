"""THE table: who may open what. Every route of every service x who asks, about the owner's things.

A route without a line fails. Nothing that a request does is kept, so every line is about the same world.
"""

import re
from collections.abc import Iterator

import pytest

from tests.architecture.access_table import TABLE
from tests.architecture.whole import BODIES, PEOPLE, Whole, furnish, keeping_nothing

ASKERS = ("nobody", *PEOPLE)
_EVERYWHERE = {"HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    built = furnish(tmp_path_factory.mktemp("whole"))
    with keeping_nothing():
        yield built
    built.assembly.dispose()


def lines() -> dict[tuple[str, str, str], list[int]]:
    """(service, method, rule) -> the status for each of ASKERS."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for service, text in TABLE.items():
        for line in text.strip().splitlines():
            method, rule, *statuses = line.split()
            assert (service, method, rule) not in found, f"two lines for {method} {rule}"
            found[service, method, rule] = [int(status) for status in statuses]
    return found


def routes(whole: Whole) -> set[tuple[str, str, str]]:
    """Every (service, method, rule) that there is."""
    return {
        (service.name, method, rule.rule)
        for service in whole.assembly.services
        for rule in service.web.url_map.iter_rules()
        for method in (rule.methods or set()) - _EVERYWHERE
    }


def address(rule: str, names: dict[str, str]) -> str:
    """A rule with the ids of real things in it."""
    names = {**names, "name": "hearth.css"} if rule.startswith("/assets/") else names
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: names[found[1]], rule)


def test_every_route_has_a_line_and_every_line_a_route(whole: Whole) -> None:
    assert routes(whole) - set(lines()) == set()
    assert set(lines()) - routes(whole) == set()


def test_every_route_of_an_api_is_in_its_document(whole: Whole) -> None:
    for service in whole.assembly.services:
        prefix = f"/{service.name}/api/v1"
        document = service.web.test_client().get(f"/{service.name}/api/openapi.json").json
        told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
        there = {
            (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule))
            for of, method, rule in routes(whole)
            if of == service.name and rule.startswith(prefix)
        }
        assert there - told == set()


@pytest.mark.parametrize("service", sorted(TABLE))
def test_everybody_gets_what_the_table_says(whole: Whole, service: str) -> None:
    wrong = []
    for (of, method, rule), expected in lines().items():
        if of != service:
            continue
        target, body = address(rule, whole.names[service]), BODIES.get((method, rule))
        got = [whole.ask(who, service, method, target, body).status_code for who in ASKERS]
        if got != expected:
            wrong.append(f"{method} {rule}: {dict(zip(ASKERS, got, strict=True))}, not {expected}")
    assert wrong == []


def test_refusals_of_somebody_elses_things_do_not_tell_that_they_exist(whole: Whole) -> None:
    names = whole.names["applications"]
    for rule in ("/applications/<uuid:application_id>", "/applications/api/v1/applications/<uuid:application_id>"):
        real = whole.ask("applicant", "applications", "GET", address(rule, names))
        made_up = names | {"application_id": "01900000-0000-7000-8000-000000000000"}
        none = whole.ask("applicant", "applications", "GET", address(rule, made_up))
        assert real.status_code == none.status_code == 404
        assert _without_numbers(real.get_data(as_text=True)) == _without_numbers(none.get_data(as_text=True))


def _without_numbers(page: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", page)


def test_the_world_stays_as_it_was(whole: Whole) -> None:
    rule = f"/applications/{whole.names['applications']['application_id']}"
    assert whole.ask("owner", "applications", "POST", f"{rule}/withdraw").status_code == 303
    assert b"Taken back" not in whole.ask("owner", "applications", "GET", rule).data


def test_lines_are_for_all_askers() -> None:
    assert {len(statuses) for statuses in lines().values()} == {len(ASKERS)}


def test_nobody_without_a_role_of_staff_opens_staff_pages() -> None:
    """What the table says is itself held to a rule, so that a hasty line cannot let somebody in."""
    for (_service, method, rule), statuses in lines().items():
        if "/staff" in rule and not rule.startswith("/assets/"):
            assert statuses[:4] == [302 if method == "GET" else 401, 403, 403, 403], rule
