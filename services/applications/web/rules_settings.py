"""What belongs to all the rules together, as the fields of a form: title, caps, and what becomes of equal scores."""

import copy
from collections.abc import Mapping
from typing import Any

from services.applications.web.rules_form import Fields, read_texts

SPARE_CAPS = 2


def read_settings(definition: dict[str, Any], fields: Fields) -> dict[str, Any]:
    """The definition with its title, caps and tie rule as they were filled in."""
    changed = copy.deepcopy(definition)
    changed["title"] = read_texts(fields, "title")
    caps = [_cap(fields, place) for place in range(20) if _given(fields, f"cap-{place}")]
    changed.pop("caps", None)
    changed.pop("cap", None)
    if caps:
        changed["caps"] = caps
    if _given(fields, "whole"):
        changed["cap"] = {**_limit(fields, "whole"), "id": fields.get("whole-id", "").strip() or "most"}
    by = [fields.get(f"by-{place}", "") for place in range(5)]
    changed["tie"] = {"by": [one for one in by if one], "then": fields.get("then", "shared")}
    if fields.get("seed", "").strip():
        changed["tie"]["seed"] = fields["seed"].strip()
    return changed


def _given(fields: Fields, name: str) -> bool:
    return bool(fields.get(f"{name}-label", "").strip() or fields.get(f"{name}-at-most", "").strip())


def _cap(fields: Fields, place: int) -> dict[str, Any]:
    name = f"cap-{place}"
    found = _limit(fields, name)
    return {
        **found,
        "id": fields.get(f"{name}-id", "").strip() or f"cap_{place + 1}",
        "rules": fields.getlist(f"{name}-rules"),
    }


def _limit(fields: Fields, name: str) -> dict[str, Any]:
    most = fields.get(f"{name}-at-most", "").strip()
    return {
        "label": fields.get(f"{name}-label", "").strip(),
        "at_most": int(most) if _is_number(most) else most or None,
    }


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def settings_errors(problems: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The problems of these parts, by the field of the form."""
    found: dict[str, list[str]] = {}
    for path, said in problems.items():
        if not path.startswith("rules"):
            found.setdefault(_field(path), []).extend(said)
    return found


def _field(path: str) -> str:
    parts = path.split(".")
    if parts[0] == "caps" and len(parts) == 3:
        return f"cap-{parts[1]}-{parts[2].replace('_', '-')}"
    if parts[0] == "cap" and len(parts) == 2:
        return f"whole-{parts[1].replace('_', '-')}"
    if parts[0] == "tie":
        return {"by": "by-0", "seed": "seed", "then": "then"}.get(parts[-1], "by-0")
    return "title-en" if parts[0] == "title" else path
