"""A copy of somebody's data as files: JSON for programs, and a page that opens without a network, in their language."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any

from services.applications.domain.data_kinds import COLUMNS, kind_name
from services.applications.domain.messages import Message

Say = Callable[[str], str]
PAGE, DATA = "read-me-first.html", "data.json"

_TITLE = Message("Everything we hold about you")
_ABOUT = (
    Message("This is everything that our three services hold about you."),
    Message("Passwords and secret links are left out."),
    Message("The file data.json holds the same for programs."),
)
_MORE = Message("More, as programs write it")
_YES, _NO = Message("Yes"), Message("No")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


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
        f"<p><bdi>{escape(document.name)}</bdi></p>",
        f"<p>{' '.join(escape(say(each)) for each in _ABOUT)}</p>",
        *(_sheet(each, say) for each in document.sheets),
        *_kinds(document.tables, say),
        "</main></body></html>",
    ]
    return "\n".join(parts)


def _sheet(sheet: Sheet, say: Say) -> str:
    rows = "".join(f"<dt>{escape(label)}</dt><dd><bdi>{escape(value) or '–'}</bdi></dd>" for label, value in sheet.rows)
    heading = escape(sheet.title)
    return f"<section><h2><bdi>{heading}</bdi></h2><p><bdi>{escape(sheet.reference)}</bdi></p><dl>{rows}</dl></section>"


def _kinds(tables: Sequence[Table], say: Say) -> list[str]:
    kinds = list(dict.fromkeys(each.kind for each in tables))
    return [_kind(kind, [each for each in tables if each.kind == kind], say) for kind in kinds]


def _kind(kind: str, tables: Sequence[Table], say: Say) -> str:
    inner = "".join(_row(row, say) for each in tables for row in each.rows)
    count = sum(len(each.rows) for each in tables)
    return f"<details><summary><h2>{escape(say(kind_name(kind)))}</h2> <span>{count}</span></summary>{inner}</details>"


def _row(row: Mapping[str, Any], say: Say) -> str:
    """What has a name in words first; numbers and codes after it, folded away."""
    held = {name: value for name, value in row.items() if value not in (None, "", [], {})}
    told = {name: value for name, value in held.items() if name in COLUMNS}
    rest = {name: value for name, value in held.items() if name not in COLUMNS}
    shown = "".join(
        f"<dt>{escape(say(COLUMNS[name]))}</dt><dd>{_cell(value, say)}</dd>" for name, value in told.items()
    )
    raw = "".join(f"<dt>{escape(name)}</dt><dd>{_raw(value)}</dd>" for name, value in rest.items())
    more = f"<details><summary>{escape(say(_MORE))}</summary><dl>{raw}</dl></details>" if raw else ""
    return f'<div class="row"><dl>{shown}</dl>{more}</div>'


def _cell(value: Any, say: Say) -> str:
    """A value for a reader: lists one below the other, moments without the signs that programs need."""
    if isinstance(value, bool):
        return escape(say(_YES if value else _NO))
    if isinstance(value, Mapping):
        parts = "".join(f"<li>{escape(str(name))}: {_cell(each, say)}</li>" for name, each in value.items())
        return f"<ul>{parts}</ul>"
    if isinstance(value, list):
        return f"<ul>{''.join(f'<li>{_item(each, say)}</li>' for each in value)}</ul>"
    text = "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    return f"<bdi>{escape(_moment(text) if _MOMENT.match(text) else text)}</bdi>"


def _item(value: Any, say: Say) -> str:
    """One of a list: several things that are said of it stand in one line."""
    if not isinstance(value, Mapping):
        return _cell(value, say)
    return ", ".join(f"{escape(str(name))}: {_cell(each, say)}" for name, each in value.items())


def _moment(text: str) -> str:
    try:
        return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return text


def _raw(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f'<bdi dir="auto">{escape(text)}</bdi>'


_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:0;background:#fff;color:#1a1a1a}"
    "main{max-width:46rem;margin:auto;padding:1rem}h2{display:inline;font-size:1.25rem;margin:.75rem 0}"
    ".row{border-block-start:1px solid #bbb;padding-block:.75rem}dl{margin:0}dt{font-weight:600}"
    "dd{margin:0 0 .5rem;overflow-wrap:anywhere;white-space:pre-wrap}summary{cursor:pointer}"
    "ul{margin:0;padding-inline-start:1.25rem;white-space:normal}.row details{color:#555;font-size:.875rem}"
)
