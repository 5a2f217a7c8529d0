import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.applications.domain.conditions import Fact, Refused, Variable
from services.applications.domain.formulas import parse_formula

SCOPE = {
    "income": Variable(Fact.NUMBER),
    "staff": Variable(Fact.NUMBER),
    "role": Variable(Fact.CHOICE, frozenset({"leader"})),
}


@pytest.mark.parametrize(
    ("source", "facts", "decimals", "result"),
    [
        ("income / staff", {"income": 100, "staff": 3}, 2, 33.33),
        ("income / staff", {"income": 100, "staff": 0}, 2, None),
        ("income / staff", {"income": 100}, 2, None),
        ("-(income - 1) * 2", {"income": 4}, 0, -6),
        ("min(income, staff, 5)", {"income": 9, "staff": 7}, 0, 5),
        ("max(income, 0)", {"income": -2}, 0, 0),
        ("income * income * income", {"income": 1e9}, 0, None),
        ("income + staff", {"income": 1, "staff": "2"}, 0, None),
    ],
)
def test_what_comes_out(source, facts, decimals, result):
    assert parse_formula(source, SCOPE).work_out(facts, decimals) == result


@pytest.mark.parametrize(
    ("source", "because"),
    [
        ("incom / staff", "no earlier question called “incom” that a calculation can use. Look at letter 1."),
        ("income / role", "“role” is not a number: only numbers can be calculated with. Look at letter 10."),
        ("income ** staff", "may only use + - * /"),
        ("income // 2", "may only use + - * /"),
        ("__import__('os')", "may only use"),
        ("income.real", "may only use"),
        ("min(income)", "may only use"),
        ("max(*income, 1)", "may only use"),
        ("[income][0]", "may only use"),
        ("income if staff else 1", "may only use"),
        ("'a' * 99", "may only use"),
        ("income + 1e99", "at most 1,000,000,000,000"),
        ("income +", "This is not a calculation."),
        ("", "This is not a calculation."),
        ("1+" * 200 + "1", "too long or too deeply nested"),
    ],
)
def test_what_is_refused_and_why(source, because):
    with pytest.raises(Refused) as refused:
        parse_formula(source, SCOPE)
    assert because in " ".join(refused.value.problems)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="income staffrole+-*/().,0123456789'\"[]=<>_m\n", max_size=40), st.floats(), st.integers())
def test_nothing_that_is_typed_breaks_it(source, income, staff):
    try:
        found = parse_formula(source, SCOPE)
    except Refused as refused:
        assert refused.problems
    else:
        result = found.work_out({"income": income, "staff": staff}, 2)
        assert result is None or abs(result) <= 1e12
