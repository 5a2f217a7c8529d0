"""A cursor comes back to its own list as it went out, or is refused."""

import base64
import json

import pytest

from shared.web.api import cursor_of
from tests.shared.web.site import Site


def fill(site: Site, count: int) -> None:
    for number in range(count):
        site.client().post("/toy/api/v1/things", json={"name": f"n{number}"}, headers=site.bearer("x"))


def page(site: Site, query: str = "", path: str = "things") -> tuple[list[str], str | None]:
    answer = site.client().get(f"/toy/api/v1/{path}?{query}")
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json["items"]], answer.json["next"]


def test_pages_follow_each_other_and_end(site: Site) -> None:
    fill(site, 5)
    first, cursor = page(site, "limit=2")
    second, further = page(site, f"limit=2&cursor={cursor}")
    third, end = page(site, f"limit=2&cursor={further}")
    assert (first, second, third, end) == (["n0", "n1"], ["n2", "n3"], ["n4"], None)


def test_rows_added_meanwhile_are_neither_lost_nor_doubled(site: Site) -> None:
    fill(site, 3)
    first, cursor = page(site, "limit=2")
    fill(site, 1)
    assert first + page(site, f"cursor={cursor}")[0] == ["n0", "n1", "n2", "n0"]


def test_an_empty_list_and_an_empty_cursor(site: Site) -> None:
    assert page(site, "cursor=") == ([], None)


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", "1e3", "9" * 5000, "%00"])
def test_the_size_of_a_page_is_bounded(site: Site, limit: str) -> None:
    answer = site.client().get(f"/toy/api/v1/things?limit={limit}")
    assert answer.status_code == 422 and set(answer.json["errors"]) == {"limit"}


def forged(value: object) -> str:
    return base64.urlsafe_b64encode(b"x" * 12 + json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", "é", "%00", "A", "====", "x" * 3000, *map(forged, ([1], [{"a": 1}], 7, None, [10**40], [[[[]]]]))],
)
def test_a_cursor_that_is_not_ours_is_refused(site: Site, cursor: str) -> None:
    answer = site.client().get(f"/toy/api/v1/things?cursor={cursor}")
    assert answer.status_code == 422 and set(answer.json["errors"]) == {"cursor"}


def test_a_cursor_cannot_be_changed_or_taken_to_another_list(site: Site) -> None:
    fill(site, 3)
    cursor = page(site, "limit=1")[1]
    assert cursor is not None
    for place in (0, len(cursor) - 1):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        assert site.client().get(f"/toy/api/v1/things?cursor={changed}").status_code == 422
    assert site.client().get(f"/toy/api/v1/others?cursor={cursor}").status_code == 422
    with site.service.web.test_request_context("/toy/api/v1/things"):
        two_keys = cursor_of(1, 2)
    assert site.client().get(f"/toy/api/v1/things?cursor={two_keys}").status_code == 422
