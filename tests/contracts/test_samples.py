"""Every event ever published must still decode: the samples are frozen, and each contract has one."""

import json
from pathlib import Path

import pytest

from shared.contracts.base import UnknownContract, decode, encode
from shared.contracts.envelope import from_json, to_json
from shared.contracts.registry import PUBLISHERS, events_of

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_frozen_sample_still_decodes_with_everything_in_it(path: Path) -> None:
    body = path.read_text(encoding="utf-8")
    envelope = from_json(body)
    assert f"{envelope.type}.v{envelope.version}" == path.stem
    assert json.loads(to_json(envelope)) == json.loads(body)
    event = envelope.event()
    assert event.subject == envelope.subject
    if envelope.version == event.VERSION:
        assert holds(encode(event), envelope.data)


def holds(whole: object, part: object) -> bool:
    """Whether `part` is all in `whole`, which may have more fields at any depth: they were added later."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and holds(whole[name], part[name]) for name in part)
    if isinstance(part, list):
        return isinstance(whole, list) and len(whole) == len(part) and all(map(holds, whole, part))
    return whole == part


def test_every_contract_has_a_sample() -> None:
    names = {path.stem for path in SAMPLES}
    assert names >= {f"{event.NAME}.v{event.VERSION}" for name in PUBLISHERS for event in events_of(name)}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_unknown_fields_are_ignored_so_that_publishers_may_add(path: Path) -> None:
    envelope = from_json(path.read_text(encoding="utf-8"))
    assert decode(envelope.type, envelope.version, {**envelope.data, "added_later": 1}) == envelope.event()


def test_a_version_from_the_future_is_unknown_and_not_guessed_at() -> None:
    envelope = from_json(SAMPLES[0].read_text(encoding="utf-8"))
    with pytest.raises(UnknownContract, match="version 99"):
        decode(envelope.type, 99, envelope.data)
