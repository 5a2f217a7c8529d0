"""What the page macros need from Python: normalised options, errors, dates, and charts in the page's language.

`install(app)` puts these into the Jinja environment of a Flask app. The macros themselves are in
`templates/hearth/forms.html`, `components.html` and `charts.html`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

from flask import Flask, g
from flask_babel import format_decimal, format_percent, get_locale
from markupsafe import Markup, escape

from shared.message_kinds import title_of
from shared.web import charts
from shared.web.drawing import Drawing, Pen
from shared.web.tables import table_rows

Option = str | Sequence[Any] | Mapping[str, Any]


def install(app: Flask) -> None:
    """Make the helpers below known to every template of `app`. Needs Flask-Babel on the same app."""
    app.jinja_env.globals.update(
        hearth_options=options,
        hearth_error=error_text,
        hearth_errors=error_links,
        hearth_date=date_parts,
        hearth_id=fresh_id,
        hearth_chart=chart,
        hearth_table_rows=table_rows,
        hearth_rtl=is_rtl,
        histogram_bins=charts.histogram_bins,
    )
    app.jinja_env.filters.update(
        textarea_value=textarea_value,
        slug=slug,
        whole_percent=whole_percent,
        plain_number=plain_number,
        message_title=title_of,
    )


def options(given: Iterable[Option], chosen: Any = None) -> list[dict[str, Any]]:
    """Options of a select, radios or checkboxes as the library's items, the chosen ones marked.

    An option is a text, a (value, text) pair, or a mapping with `value`, `text`, and if wanted `hint`,
    `reveal` (Markup shown while chosen), `divider`, `exclusive`, `disabled`. `chosen` is one value, or a
    list of values for checkboxes; values are compared as texts, as a browser sends them.
    """
    many = isinstance(chosen, list | tuple | set | frozenset)
    picked = {_text(one) for one in (chosen if many else [chosen]) if one is not None}
    return [_item(option, picked) for option in given]


def _item(option: Option, picked: set[str]) -> dict[str, Any]:
    given = _mapping(option)
    if given.get("divider"):
        return {"divider": given["divider"]}
    value = _text(given["value"])
    item: dict[str, Any] = {"value": value, "text": given["text"]}
    item["checked"] = item["selected"] = value in picked
    if given.get("hint"):
        item["hint"] = {"text": given["hint"]}
    if given.get("reveal"):
        item["conditional"] = {"html": Markup(given["reveal"])}  # noqa: S704  fields drawn by our own macros
    if given.get("exclusive"):
        item["behaviour"] = "exclusive"
    return item | {name: given[name] for name in ("disabled", "attributes") if given.get(name)}


def _mapping(option: Option) -> Mapping[str, Any]:
    if isinstance(option, Mapping):
        return option
    if isinstance(option, str):
        return {"value": option, "text": option}
    return {"value": option[0], "text": option[1]}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def error_text(name: str, error: Any = None, errors: Mapping[str, Any] | None = None) -> str | None:
    """The message for one field: `error` if given, else what `errors` holds under `name`, else None."""
    found = error if error else (errors or {}).get(name)
    if not found:
        return None
    return found if isinstance(found, str) else Markup(" ").join(found)


def error_links(
    errors: Mapping[str, Any] | None, ids: Mapping[str, str] | None = None, dates: Sequence[str] = ()
) -> list[dict[str, str]]:
    """One {text, href} for each message of `errors`; an empty name is a message about the whole page.

    `ids` says where a field is if not at its own name; the fields in `dates` begin with a day box.
    """
    links = []
    for name, found in (errors or {}).items():
        target = (ids or {}).get(name) or (f"{name}-day" if name in dates else name)
        for text in [found] if isinstance(found, str) else found:
            links.append({"text": text, "href": f"#{target}"} if name else {"text": text})
    return links


def textarea_value(value: Any) -> Markup:
    """A value safe between <textarea> tags, whatever indents or trims the markup around it.

    Line ends become character references, as the library indents the HTML of nested fields, which would
    add spaces to an answer each time it is saved. A first line end is doubled: HTML drops one.
    """
    if value is None:
        return Markup("")
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("\n"):
        text = "\n" + text
    return Markup(str(escape(text)).replace("\n", "&#10;"))  # noqa: S704  escaped on this line


def date_parts(value: Any) -> dict[str, str]:
    """Day, month and year as typed, from a date, an ISO 8601 text, or what a form sent."""
    if isinstance(value, Mapping):
        return {part: str(value.get(part) or "") for part in ("day", "month", "year")}
    if isinstance(value, str) and value:
        try:
            value = date.fromisoformat(value[:10])
        except ValueError:
            value = None
    if isinstance(value, date):
        return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
    return {"day": "", "month": "", "year": ""}


def slug(text: Any) -> str:
    """Letters and digits of any script joined by hyphens: an id, a file name. Never empty."""
    plain = unicodedata.normalize("NFKC", str(text)).lower()
    return re.sub(r"[\W_]+", "-", plain).strip("-") or "item"


def fresh_id(prefix: Any) -> str:
    """An id that no other part of this page has, beginning with a slug of `prefix`."""
    if "hearth_ids" not in g:
        g.hearth_ids = count(1)
    return f"{slug(prefix)[:40]}-{next(g.hearth_ids)}"


def is_rtl() -> bool:
    """Whether the page's language is written from right to left."""
    locale = get_locale()
    return bool(locale and locale.text_direction == "rtl")


def whole_percent(share: float | None) -> str:
    """0.634 -> "63%" in the page's language; None -> a dash."""
    return "–" if share is None else str(format_percent(share, "#,##0%"))


def plain_number(value: float | None) -> str:
    """1234.5 -> "1,234.5" in the page's language, two decimals at most; None -> a dash."""
    if value is None:
        return "–"
    digits = str(format_decimal(abs(value), "#,##0.##"))
    # A left-to-right mark keeps the minus before the digits inside right-to-left text.
    return f"\u200e\u2212{digits}" if value < 0 and float(f"{value:.2f}") else digits


def chart(kind: str, *arguments: Any, **settings: Any) -> Drawing:
    """Draw the chart `kind` (a function of `shared.web.charts`) for the page's language and direction."""
    pen = Pen(rtl=is_rtl(), number=plain_number, percent=whole_percent)
    return charts.KINDS[kind](pen, *arguments, **settings)
