"""The envelope goes over the wire and comes back the same; what is none of ours is refused without its values."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.base import Malformed
from shared.contracts.envelope import Envelope, from_json, to_json

text = st.text(max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)
envelopes = st.builds(
    Envelope,
    id=st.uuids(),
    source=st.sampled_from(["applications", "cohorts"]),
    type=text,
    version=st.integers(1, 99),
    subject=text,
    time=st.datetimes(timezones=st.just(UTC)),
    data=st.dictionaries(text, values, max_size=4),
    sequence=st.integers(1, 2**31),
    correlationid=text,
    causationid=st.none() | text,
    traceparent=st.none() | text,
)


@settings(max_examples=60, deadline=None)
@given(envelopes.filter(lambda envelope: ":" not in envelope.type))
def test_what_is_sent_is_what_is_received(envelope: Envelope) -> None:
    assert from_json(to_json(envelope).encode("utf-8", "surrogatepass")) == envelope


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60) | values.map(repr).map(str.encode))
def test_rubbish_is_malformed_and_nothing_else(body: bytes) -> None:
    with pytest.raises(Malformed):
        from_json(body)


def test_the_refusal_repeats_no_value() -> None:
    with pytest.raises(Malformed) as refused:
        from_json('{"id": "zoe@example.org"}')
    assert "zoe" not in str(refused.value)


def test_a_deep_nest_is_malformed_too() -> None:
    with pytest.raises(Malformed):
        from_json("[" * 100_000)


def test_the_wire_format_is_cloudevents() -> None:
    envelope = Envelope(
        id=UUID(int=7),
        source="applications",
        type="applications.person_changed",
        version=1,
        subject="person/1",
        time=datetime(2026, 3, 1, tzinfo=UTC),
        data={},
        sequence=4,
        correlationid="c",
    )
    assert to_json(envelope) == (
        '{"specversion":"1.0","id":"00000000-0000-0000-0000-000000000007","source":"/applications",'
        '"type":"applications.person_changed","subject":"person/1","time":"2026-03-01T00:00:00+00:00",'
        '"datacontenttype":"application/json","dataschema":"urn:hearth:contract:applications.person_changed:1",'
        '"sequence":"4","correlationid":"c","data":{}}'
    )
