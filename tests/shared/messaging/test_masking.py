"""Masking is by default: what is not plainly harmless does not show."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.messaging.masking import masked

_SECRET = "zoe-secret"
_anything = st.recursive(
    st.integers() | st.booleans() | st.none() | st.text(max_size=20).map(lambda text: text + _SECRET),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None)
@given(_anything)
def test_no_text_under_data_ever_shows(value: object) -> None:
    assert _SECRET not in json.dumps(masked({"type": "x.y", "data": value}))


def test_what_helps_an_operator_stays() -> None:
    shown = masked(
        {
            "id": "019580f0-7c00-7000-8000-000000000001",
            "subject": "thing/019580f0-7c00-7000-8000-000000000001",
            "time": "2026-03-02T09:30:00+00:00",
            "data": {"count": 3, "late": True, "on": "2026-03-02", "who": None, "subject": "Zoë", "Zoë's": 1},
        }
    )
    assert shown["id"].endswith("0001") and shown["subject"].startswith("thing/") and shown["time"].startswith("2026")
    assert shown["data"] == {
        "count": 3,
        "late": True,
        "on": "2026-03-02",
        "who": None,
        "subject": "[3 characters]",
        "[name]": 1,
    }


def test_an_address_in_the_envelope_is_masked_too() -> None:
    assert masked({"subject": "zoe@example.org"}) == {"subject": "[15 characters]"}
