"""A copy of somebody's data as files: JSON for programs, and a page that opens without a network, in their language."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from services.applications.domain.data_kinds import kind_name
from services.applications.domain.messages import Message

Say = Callable[[str], str]
PAGE, DATA = "read-me-first.html", "data.json"

_TITLE = Message("Everything we hold about you")
_ABOUT = (
    Message("This is everything that our three services hold about you."),
    Message("Passwords and secret links are left out."),
    Message("The file data.json holds the same for programs."),
)
_COLUMNS = {
    "name": Message("Your name"),
    "email": Message("Email address"),
    "language": Message("Your language"),
    "reference": Message("Reference number"),
    "state": Message("Where it stands"),
    "stage": Message("Where it stands"),
    "submitted_at": Message("Sent on"),
    "created_at": Message("Made on"),
    "started_at": Message("Begun on"),
    "updated_at": Message("Changed on"),
    "text": Message("What it says"),
    "subject": Message("What it is about"),
    "reason": Message("The reason given"),
    "feedback": Message("Feedback to you"),
    "outcome": Message("How it ended"),
    "score": Message("Points in all"),
    "roles": Message("What you may do"),
}
"""What some columns are called on the page; the others keep the names that programs know."""


@dataclass(frozen=True)
class Sheet:
    """An application's questions and answers in words."""

    title: str
    reference: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """Rows of one table of one service, and what kind of data they are."""

    service: str
    table: str
    kind: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Document:
    """Everything that goes into the files. `files` are uploads: name -> content."""

    name: str
    made_at: datetime
    language: str
    direction: str
    sheets: Sequence[Sheet]
    tables: Sequence[Table]
    answers: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)


def as_zip(document: Document, say: Say) -> bytes:
    """The whole copy. Equal documents give equal bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(document, say).items():
            moment = document.made_at.timetuple()[:6]
            archive.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _files(document: Document, say: Say) -> dict[str, bytes]:
    uploads = {f"files/{name}": content for name, content in document.files.items()}
    return {PAGE: as_page(document, say).encode(), DATA: as_json(document).encode(), **uploads}


def as_json(document: Document) -> str:
    """Everything as one JSON document, by service and table; answers by application and question."""
    services: dict[str, dict[str, Any]] = {}
    for each in document.tables:
        services.setdefault(each.service, {})[each.table] = list(each.rows)
    whole = {
        "format": "hearth-data/1",
        "made_at": document.made_at.isoformat(),
        "answers": document.answers,
        "services": services,
        "files": sorted(f"files/{name}" for name in document.files),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def as_page(document: Document, say: Say) -> str:
    """The readable page: no script, no picture and no address, so that nobody learns that it is opened."""
    parts = [
        "<!doctype html>",
        f'<html lang="{escape(document.language)}" dir="{document.direction}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(say(_TITLE))}</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>{escape(say(_TITLE))}</h1>",
        f"<p>{escape(document.name)}</p>",
        f"<p>{' '.join(escape(say(each)) for each in _ABOUT)}</p>",
        *(_sheet(each, say) for each in document.sheets),
        *_kinds(document.tables, say),
        "</main></body></html>",
    ]
    return "\n".join(parts)


def _sheet(sheet: Sheet, say: Say) -> str:
    rows = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value) or '–'}</dd>" for label, value in sheet.rows)
    heading = escape(sheet.title)
    return f"<section><h2>{heading}</h2><p><bdi>{escape(sheet.reference)}</bdi></p><dl>{rows}</dl></section>"


def _kinds(tables: Sequence[Table], say: Say) -> list[str]:
    kinds = list(dict.fromkeys(each.kind for each in tables))
    return [_kind(kind, [each for each in tables if each.kind == kind], say) for kind in kinds]


def _kind(kind: str, tables: Sequence[Table], say: Say) -> str:
    inner = "".join(_row(row, say) for each in tables for row in each.rows)
    count = sum(len(each.rows) for each in tables)
    return f"<details><summary><h2>{escape(say(kind_name(kind)))}</h2> <span>{count}</span></summary>{inner}</details>"


def _row(row: Mapping[str, Any], say: Say) -> str:
    cells = "".join(
        f"<dt>{escape(say(_COLUMNS[name]) if name in _COLUMNS else name.replace('_', ' '))}</dt><dd>{_cell(value)}</dd>"
        for name, value in row.items()
        if value not in (None, "", [], {})
    )
    return f"<dl>{cells}</dl>"


def _cell(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f'<bdi class="value">{escape(text)}</bdi>'


_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:0;background:#fff;color:#1a1a1a}"
    "main{max-width:46rem;margin:auto;padding:1rem}h2{display:inline-block;font-size:1.25rem;margin:.75rem 0}"
    "dl{border-block-start:1px solid #bbb;padding-block:.5rem;margin:0}dt{font-weight:600}"
    "dd{margin:0 0 .5rem;overflow-wrap:anywhere;white-space:pre-wrap}summary{cursor:pointer}"
)
