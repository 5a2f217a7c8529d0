"""The OpenAPI document, and one shape for all errors."""

from tests.shared.web.site import Site


def test_the_document_tells_of_addresses_and_errors(site: Site) -> None:
    answer = site.client().get("/toy/api/openapi.json")
    document = answer.json
    assert answer.status_code == 200 and document["openapi"] == "3.1.0"
    assert set(document["paths"]["/toy/api/v1/things"]) >= {"get", "post"}
    error = document["components"]["schemas"]["Problem"]["properties"]
    assert set(error) == {"type", "title", "status", "detail", "errors"}


def test_pages_are_not_in_it(site: Site) -> None:
    paths = site.client().get("/toy/api/openapi.json").json["paths"]
    assert all(path.startswith("/toy/api/v1/") for path in paths)


def test_what_is_only_shown_cannot_be_sent(site: Site) -> None:
    answer = site.client().post("/toy/api/v1/things", json={"name": "x", "id": 99}, headers=site.bearer("x"))
    assert answer.status_code == 422 and set(answer.json["errors"]) == {"id"}


def test_a_body_of_another_kind_is_refused(site: Site) -> None:
    for options in ({"data": "name=x"}, {"data": b"name=x", "content_type": "text/plain"}, {}):
        answer = site.client().post("/toy/api/v1/things", headers=site.bearer("x"), **options)
        assert answer.status_code in {415, 422} and answer.content_type == "application/problem+json"
    assert site.names() == []
