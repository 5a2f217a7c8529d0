"""An edit names the version that it was made on."""

import pytest

from tests.shared.web.site import Site


def put(site: Site, tag: str | None) -> int:
    headers = site.bearer("staff") | ({"If-Match": tag} if tag is not None else {})
    return site.client().put("/toy/api/v1/things/1", json={"name": "x"}, headers=headers).status_code


@pytest.mark.parametrize("tag", ['"5"', "5", 'W/"5"', '"5-gzip"', '"5-zstd"', 'W/"5-br"', '"4", "5"', '"4",W/"5"'])
def test_the_stored_version_is_taken_however_a_proxy_marks_it(site: Site, tag: str) -> None:
    assert put(site, tag) == 200


@pytest.mark.parametrize("tag", ['"4"', '"55"', '"5-"', '"gzip"', '"-gzip"', "", '""', '"5', "5 5"])
def test_another_version_is_stale(site: Site, tag: str) -> None:
    assert put(site, tag) == 412


@pytest.mark.parametrize("tag", [None, "*"])
def test_no_version_is_asked_for(site: Site, tag: str | None) -> None:
    assert put(site, tag) == 428


def test_the_answer_says_the_new_version(site: Site) -> None:
    headers = {**site.bearer("staff"), "If-Match": '"5"'}
    assert site.client().put("/toy/api/v1/things/1", json={"name": "x"}, headers=headers).headers["ETag"] == '"6"'
