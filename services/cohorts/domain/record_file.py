"""The decision record as a file that anyone can check without Hearth's database: one JSON object a line.

An entry that is shown has all that its seal covers; of an entry of another round only the seal is there, so that the
chain can still be walked. The last line is the head: how many there are, and the last seal.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.cohorts.domain.record import Entry, Link, Verdict, verify

FORMAT = "hearth-decision-record-1"


class Unreadable(ValueError):
    """A line of the file is not what it should be; the message names it."""


def write(links: Iterable[Link], head: tuple[int, str], round_id: UUID | None) -> Iterator[str]:
    """The file's lines; with `round_id`, other rounds' entries are their seals alone."""
    yield _line({"format": FORMAT, "round": str(round_id) if round_id else None})
    for link in links:
        shown = round_id is None or (link.entry is not None and link.entry.round_id == round_id)
        yield _line({**_seal(link), **(_content(link.entry) if shown and link.entry else {})})
    yield _line({"head": {"position": head[0], "hash": head[1]}})


def _line(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True) + "\n"


def _seal(link: Link) -> dict[str, Any]:
    return {"position": link.position, "previous": link.previous, "hash": link.hash}


def _content(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": str(entry.actor_id) if entry.actor_id else None,
        "actor": entry.actor,
        "action": entry.action,
        "round_id": str(entry.round_id) if entry.round_id else None,
        "detail": entry.detail,
    }


def check(lines: Iterable[str]) -> Verdict:
    """Walk a file's chain.

    Raises:
        Unreadable: it is not such a file, or a line cannot be read.
    """
    documents = [_read(number, line) for number, line in enumerate(lines, start=1)]
    if not documents or documents[0].get("format") != FORMAT:
        raise Unreadable("Line 1: this is not a decision record that Hearth exported.")
    head = documents[-1].get("head")
    if not isinstance(head, dict) or not {"position", "hash"} <= head.keys():
        raise Unreadable(f"Line {len(documents)}: the file ends before its last line.")
    links = [_link(number, each) for number, each in enumerate(documents[1:-1], start=2)]
    return verify(links, (head["position"], head["hash"]))


def _read(number: int, line: str) -> dict[str, Any]:
    try:
        document = json.loads(line)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Unreadable(f"Line {number}: this is not an entry.")
    return document


def _link(number: int, document: dict[str, Any]) -> Link:
    try:
        position, previous, stored = document["position"], document["previous"], document["hash"]
        return Link(position, previous, stored, _entry(document) if "action" in document else None)
    except (KeyError, TypeError, ValueError):
        raise Unreadable(f"Line {number}: this entry lacks something, or holds what cannot be read.") from None


def _entry(document: dict[str, Any]) -> Entry:
    return Entry(
        position=document["position"],
        at=datetime.fromisoformat(document["at"]),
        actor_id=UUID(document["actor_id"]) if document["actor_id"] else None,
        actor=document["actor"],
        action=document["action"],
        round_id=UUID(document["round_id"]) if document["round_id"] else None,
        detail=document["detail"],
        previous=document["previous"],
    )
