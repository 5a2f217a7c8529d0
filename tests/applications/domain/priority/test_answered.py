"""Columns straight from answers, and breakdowns as they are stored: as the careful way has it, whatever the answers."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.applications.domain.priority import (
    breakdown_of,
    columns_of_answers,
    counting,
    facts_reader,
    parse_rules,
    score,
    score_columns,
)
from tests.applications.domain.priority.test_scoring import FORM, answers, definitions

junk = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=False), st.text(max_size=3),
    st.lists(st.one_of(st.text(max_size=2), st.integers(0, 2), st.none()), max_size=3),
)  # fmt: skip
people = st.lists(
    st.one_of(answers, st.dictionaries(st.sampled_from(list(FORM.questions)), junk)), min_size=1, max_size=8
)


@settings(max_examples=80, deadline=None)
@given(definition=definitions(), given_answers=people)
def test_question_by_question_is_the_same_as_one_by_one_and_what_is_stored_adds_up(
    definition: dict[str, Any], given_answers: list[dict[str, Any]]
) -> None:
    rules = parse_rules(definition, FORM)
    answered = {name: [one.get(name) for one in given_answers] for name in counting(rules, FORM)}
    quick = score_columns(rules, columns_of_answers(rules, FORM, answered, len(given_answers)))
    read = facts_reader(rules, FORM)
    careful = score(rules, [read(one) for one in given_answers])
    assert quick.points.tolist() == careful.points.tolist()
    assert quick.totals.tolist() == careful.totals.tolist()
    for row in range(len(given_answers)):
        lines = {line.id: line.points for line in quick.breakdown(row).lines}
        assert breakdown_of(rules, lines) == quick.breakdown(row)
        assert sum(lines.values()) == quick.totals[row]


def test_a_question_that_an_older_form_did_not_have_counts_as_unanswered() -> None:
    definition = {"rules": [{"id": "r", "kind": "choice", "label": "R", "question": "one", "points": {"a": 5}}]}
    rules = parse_rules(definition, FORM)
    columns = columns_of_answers(rules, FORM, {"one": [None, "a"]}, 2)
    assert score_columns(rules, columns).totals.tolist() == [0, 5]
