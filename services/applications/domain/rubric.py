"""A round's review rubric as data: criteria with a described score for each step of the scale."""

from typing import Any

from shared.errors import Invalid


def parse_rubric(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Criteria as {id, label, description, weight, anchors, independent}, anchors from the lowest score up.

    Raises:
        Invalid: problems by path.
    """
    problems: dict[str, list[str]] = {}
    criteria = [_criterion(i, each, problems) for i, each in enumerate(data.get("criteria") or [])]
    if not criteria:
        problems["rubric.criteria"] = ["A rubric has at least one criterion."]
    ids = [each["id"] for each in criteria]
    if len(set(ids)) < len(ids):
        problems["rubric.criteria"] = ["Two criteria have the same id."]
    if problems:
        raise Invalid(problems)
    return criteria


def _criterion(index: int, data: dict[str, Any], problems: dict[str, list[str]]) -> dict[str, Any]:
    path = f"rubric.criteria.{index}"
    anchors = data.get("anchors") or {}
    steps = sorted(anchors, key=int) if isinstance(anchors, dict) else []
    label, weight = str(data.get("title") or "").strip(), data.get("weight", 1)
    if not data.get("id") or not label:
        problems[path] = ["A criterion has an id and a title."]
    if [int(step) for step in steps] != [1, 2, 3, 4, 5]:
        problems[f"{path}.anchors"] = ["Describe each score from 1 to 5."]
    if not isinstance(weight, int | float) or not 0 < weight <= 100:
        problems[f"{path}.weight"] = ["A weight is a number above 0 and up to 100."]
    return {
        "id": str(data.get("id") or ""),
        "label": label,
        "description": str(data.get("about") or ""),
        "weight": float(weight) if isinstance(weight, int | float) else 1.0,
        "anchors": [str(anchors[step]) for step in steps],
        "independent": bool(data.get("independent", True)),
    }
