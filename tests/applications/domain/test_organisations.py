import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.applications.domain.organisations import likely_same, nearest, organisation_key, parse_organisation
from shared.errors import Invalid


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Refugee & Migrant Centre", "The Refugee and Migrant Centre Ltd"),
        ("Women's Aid", "womens  aid"),
        ("Cymorth Ffoaduriaid", "CYMORTH\u200b FFOADURIAID"),
        ("Café Ñuñez", "cafe nunez"),
        ("The Charity", "the charity"),
    ],
)
def test_names_that_are_one_at_sight(one, other):
    assert organisation_key(one) == organisation_key(other)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Refugee and Migrant Centre", "Refugee & Migrants Centre", True),
        ("Refugee and Migrant Centre", "Migrant and Refugee Centre", True),
        ("Leeds Asylum Seekers Support Network", "LASSN", True),
        ("Refugee Action", "Refuge Action", True),
        ("محمد للاجئين", "محمد للاجئين.", True),
        ("Refugee Action", "Refugee Council", False),
        ("Women for Refugee Women", "Asylum Matters", False),
        ("Hull Help for Refugees", "Hope for Justice", False),
    ],
)
def test_names_that_may_be_one(one, other, alike):
    assert bool(likely_same({"a": one, "b": other})) is alike
    assert bool(nearest(one, {"b": other})) is alike


@pytest.mark.parametrize("name", ["", "  \u200b ", "...", "🙂", "x" * 401])
def test_what_is_no_name(name):
    with pytest.raises(Invalid):
        parse_organisation(name)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(alphabet="abc", min_size=1, max_size=3), st.text(max_size=12), max_size=8))
def test_any_names_can_be_compared_and_no_pair_comes_twice(names):
    found = likely_same(names)
    pairs = [tuple(sorted((pair.one, pair.other))) for pair in found]
    assert len(pairs) == len(set(pairs)) and all(87 <= pair.score <= 100 and pair.one != pair.other for pair in found)


def test_thousands_are_compared_at_once():
    names = {str(number): f"Group {number:04} of {number * 7919 % 9973} street" for number in range(2000)}
    names |= {"x": "Refugee & Migrant Centre Walsall", "y": "Refugee and Migrant Centre (Walsal)"}
    assert ("x", "y") in {(pair.one, pair.other) for pair in likely_same(names)}
