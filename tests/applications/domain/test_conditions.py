import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.applications.domain.conditions import Fact, Refused, Variable, parse_condition

SCOPE = {
    "role": Variable(Fact.CHOICE, frozenset({"leader", "staff"})),
    "areas": Variable(Fact.MANY, frozenset({"advice", "arts"})),
    "income": Variable(Fact.NUMBER),
    "spending": Variable(Fact.NUMBER),
    "start": Variable(Fact.DATE),
    "agreed": Variable(Fact.ANSWERED),
}


@pytest.mark.parametrize(
    ("source", "facts", "holds"),
    [
        ('role == "leader" and income < 100000', {"role": "leader", "income": 99_999}, True),
        ('role == "leader" and income < 100000', {"role": "leader", "income": 100_000}, False),
        ('role in ["leader", "staff"]', {"role": "staff"}, True),
        ('not (role == "leader" or agreed)', {"role": "staff", "agreed": True}, False),
        ('"arts" in areas', {"areas": ["advice", "arts"]}, True),
        ('"arts" not in areas', {"areas": ["advice"]}, True),
        ("0 <= income < 10", {"income": 0}, True),
        ("0 <= income < 10", {"income": 10}, False),
        ("income > spending", {"income": 2, "spending": 1.5}, True),
        ("income > -5", {"income": -4}, True),
        ('start >= "2027-04-01"', {"start": "2027-04-01"}, True),
        ("agreed", {"agreed": True}, True),
    ],
)
def test_conditions_hold_as_they_read(source: str, facts: dict[str, object], holds: bool) -> None:
    assert parse_condition(source, SCOPE).holds(facts) is holds


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ('role == "leader"', False),
        ('role != "leader"', True),
        ('role in ["leader"]', False),
        ('role not in ["leader"]', True),
        ('"arts" in areas', False),
        ('"arts" not in areas', True),
        ("income < 10", False),
        ("income >= 10", False),
        ("income == spending", False),
        ("agreed", False),
        ("not agreed", True),
    ],
)
def test_an_unanswered_question_equals_nothing(source: str, holds: bool) -> None:
    assert parse_condition(source, SCOPE).holds({}) is holds


@pytest.mark.parametrize(
    ("source", "because"),
    [
        ('later == "yes"', "no earlier question called “later”"),
        ('role == "boss"', "“boss” is not one of the choices"),
        ('role in ["leader", "boss"]', "“boss” is not one of the choices"),
        ('"music" in areas', "“music” is not one of the choices"),
        ('role < "leader"', "is a choice"),
        ("role == 3", "compare it with one of its values"),
        ('income == "many"', "is a number"),
        ('start < "tomorrow"', "is a date"),
        ("role", "should be compared"),
        ('areas == "arts"', "has many answers"),
        ('agreed == "yes"', "whether it was answered"),
        ("role == areas", "cannot be compared"),
        ("1 < 2", "name of a question"),
        ("True", "in quotes or with a number"),
        ("role == True", "for yes or no"),
        ("income < 1e300", "at most"),
        ("", "not a condition"),
        ("role ==", "not a condition"),
        ('role = "leader"', "not a condition"),
        ("role == 'a'; role", "not a condition"),
        ("len(role) == 3", "cannot call functions"),
        ("role.__class__", "with a dot"),
        ("role[0] == 'l'", "square brackets"),
        ("[x for x in areas] == 1", "may only use"),
        ("(lambda: 1)() == 1", "cannot call functions"),
        ("f'{role}' == 'leader'", "may only use"),
        ("income + 1 < 3", "may only use"),
        ("9 ** 9 ** 9 < income", "may only use"),
        ("role == ('leader' if agreed else 'staff')", "may only use"),
        ("(agreed := 1) == 1", "may only use"),
        ("role is 'leader'", "may only use"),
        ("*areas == 1", "not a condition"),
        ("role == b'leader'", "Compare with text"),
        ("not " * 60 + "agreed", "too deeply nested"),
        ("income" + " < 1" * 100, "too long or too deeply"),
        ("(" * 240 + "agreed" + ")" * 240, "not a condition"),
        ("agreed or " * 60 + "agreed", "at most 500 characters"),
        ("role == '\x00'", "not a condition"),
        ("role in areas", "compare it with one of its values"),
        ("income in [1, 2]", "cannot be looked up"),
        ("-income < 5 and (role == 'leader') == 'staff'", "name of a question"),
    ],
)
def test_whatever_else_is_refused_with_a_reason(source: str, because: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_condition(source, SCOPE)
    assert because in " ".join(refused.value.problems)


WORDS = st.sampled_from(
    ["role", "areas", "income", "agreed", "__import__", "('os')", ".system", "('id')", "eval", "and", "or", "not", "in",
     "==", "<", "'leader'", '"arts"', "1", "[", "]", "(", ")", "lambda", ":", "for", ".__class__", "open", "{", "}",
     ",", "if", "else", "exec", "globals()", "**", "%", "import os", "\n", ";", ":=", "yield", "await"]
)  # fmt: skip


@settings(max_examples=60)
@given(st.one_of(st.lists(WORDS, max_size=12).map(" ".join), st.text(max_size=60)))
def test_no_text_gets_further_than_a_refusal_or_a_plain_truth(source: str) -> None:
    try:
        condition = parse_condition(source, SCOPE)
    except Refused as refused:
        assert refused.problems
        return
    assert condition.names <= SCOPE.keys()
    assert condition.holds({"role": "leader", "areas": ["arts"], "income": 1, "agreed": True}) in (True, False)
    assert condition.holds({}) in (True, False)
