"""The envelope: CloudEvents 1.0, structured JSON, with tracing, causation and a sequence number per subject."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.base import Event, Malformed, decode, encode

CONTENT_TYPE = "application/cloudevents+json"
_SCHEMA_PREFIX = "urn:hearth:contract:"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event on its way. `sequence` counts from 1 for each (source, subject)."""

    id: UUID
    source: str
    type: str
    version: int
    subject: str
    time: datetime
    data: dict[str, Any]
    sequence: int
    correlationid: str
    causationid: str | None = None
    traceparent: str | None = None

    def event(self) -> Event:
        """The typed event (newest version); raises UnknownContract or Malformed."""
        return decode(self.type, self.version, self.data)

    def numbered(self, sequence: int) -> "Envelope":
        """The same with its place in its subject's order."""
        return replace(self, sequence=sequence)


def wrap(event: Event, *, id: UUID, source: str, time: datetime, **trace: str | None) -> Envelope:
    """Put an event into an envelope; the sequence number is given when it is stored."""
    return Envelope(
        id=id,
        source=source,
        type=event.NAME,
        version=event.VERSION,
        subject=event.subject,
        time=time,
        data=encode(event),
        sequence=0,
        correlationid=trace.get("correlationid") or str(id),
        causationid=trace.get("causationid"),
        traceparent=trace.get("traceparent"),
    )


def to_json(envelope: Envelope) -> str:
    """The wire format."""
    document: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(envelope.id),
        "source": f"/{envelope.source}",
        "type": envelope.type,
        "subject": envelope.subject,
        "time": envelope.time.isoformat(),
        "datacontenttype": "application/json",
        "dataschema": f"{_SCHEMA_PREFIX}{envelope.type}:{envelope.version}",
        "sequence": str(envelope.sequence),
        "correlationid": envelope.correlationid,
        "data": envelope.data,
    }
    for name in ("causationid", "traceparent"):
        if (value := getattr(envelope, name)) is not None:
            document[name] = value
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def from_json(body: str | bytes) -> Envelope:
    """Read the wire format; raises Malformed when it is no envelope of ours."""
    try:
        document = json.loads(body)
        return Envelope(
            id=UUID(document["id"]),
            source=document["source"].removeprefix("/"),
            type=str(document["type"]),
            version=_version(document["dataschema"]),
            subject=str(document["subject"]),
            time=datetime.fromisoformat(document["time"]),
            data=dict(document["data"]),
            sequence=int(document["sequence"]),
            correlationid=str(document["correlationid"]),
            causationid=document.get("causationid"),
            traceparent=document.get("traceparent"),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed(f"not an envelope: {type(error).__name__}") from None


def _version(dataschema: str) -> int:
    prefix, _, version = dataschema.rpartition(":")
    if not prefix.startswith(_SCHEMA_PREFIX):
        raise ValueError("foreign schema")
    return int(version)
