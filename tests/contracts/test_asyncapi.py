"""docs/asyncapi.yaml says what the contracts say."""

from pathlib import Path

import pytest
import yaml

from shared import asyncapi
from shared.contracts.registry import PUBLISHERS, events_of


def test_the_document_in_docs_is_current() -> None:
    assert asyncapi.main(["--check"]) == 0, "run: python -m shared.asyncapi --write"


def test_a_document_that_is_not_current_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(asyncapi, "PLACE", tmp_path / "asyncapi.yaml")
    assert asyncapi.main(["--check"]) == 1
    assert "--write" in capsys.readouterr().err
    assert asyncapi.main(["--write"]) == 0
    assert asyncapi.main(["--check"]) == 0
    assert yaml.safe_load(asyncapi.PLACE.read_text())["asyncapi"] == "3.0.0"
    asyncapi.PLACE.write_text("asyncapi: 3.0.0\n")
    assert asyncapi.main(["--check"]) == 1


def test_every_event_has_its_channel_message_and_schema() -> None:
    document = asyncapi.document()
    names = {event.NAME for publisher in PUBLISHERS for event in events_of(publisher)}
    assert set(document["channels"]) == names
    exchange = document["channels"]["cohorts.offer_lapsed"]["bindings"]["amqp"]["exchange"]
    assert exchange == {"name": "hearth.cohorts", "type": "topic", "durable": True}
    for reference in _references(document):
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def test_schemas_tell_types_and_what_is_required() -> None:
    schema = asyncapi.document()["components"]["schemas"]["DecisionReleased"]
    assert schema["properties"]["offer_id"] == {"type": ["string", "null"], "format": "uuid"}
    assert schema["properties"]["outcome"] == {"type": "string"}
    assert "outcome" in schema["required"] and "offer_id" not in schema["required"]


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for inner in value.values() for found in _references(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in _references(inner)]
    return []
