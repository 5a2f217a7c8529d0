import copy

import pytest

from services.applications.domain.building import editing
from services.applications.domain.forms import parse_form
from services.applications.domain.samples.files import form_definition
from shared.errors import Conflict, NotFound


@pytest.fixture
def form():
    return form_definition()


def test_every_change_leaves_the_given_form_alone(form):
    before = copy.deepcopy(form)
    editing.add_section(form, "New")
    editing.move_section(form, "contact", "down")
    editing.remove_section(form, "contact")
    editing.add_question(form, "contact", "number", "How many?")
    editing.change_question(form, "email", {"label": "Where?"})
    editing.move_question(form, "email", "organisation")
    editing.remove_question(form, "email")
    assert form == before


@pytest.mark.parametrize(
    ("label", "made"),
    [
        ("Your role?", "your_role"),
        ("O'Brien-Ñuñez", "o_brien_nunez"),
        ("محمد", "question"),
        ("🙂\u200b", "question"),
        ("class", "question"),
        ("2027", "question"),
        ("x" * 400, "x" * 46),
    ],
)
def test_ids_are_made_of_any_words(form, label, made):
    changed, question_id = editing.add_question(form, "contact", "short_text", label)
    again, another = editing.add_question(changed, "organisation", "short_text", label)
    assert (question_id, another) == (made, f"{made}_2")
    assert editing.problems_of(again) == {}


def test_moving_a_question_behind_what_depends_on_it_is_named_where_the_condition_is_written(form):
    assert editing.problems_of(form) == {}
    moved = editing.move_question(form, "lived_experience_direct", "consent")
    problems = editing.problems_of(moved)
    path = editing.path_of_question(moved, "lived_experience_activated")
    assert problems[f"{path}.condition"] == [
        "There is no earlier question called “lived_experience_direct” that a condition can use. Look at letter 1."
    ]


def test_a_question_can_be_moved_to_the_ends_and_no_further(form):
    ids = lambda found: [one["id"] for one in editing.questions_in(editing.find_section(found, "contact"))]  # noqa: E731
    assert ids(editing.move_question(form, "full_name", "up")) == ids(form)
    assert ids(editing.move_question(form, "full_name", "down"))[:2] == ["email", "full_name"]
    with pytest.raises(NotFound):
        editing.move_question(form, "full_name", "nowhere")


def test_a_new_short_name_is_taken_over_by_conditions_but_not_inside_quotes(form):
    form["sections"][2]["questions"].append(
        {
            "id": "extra",
            "kind": "short_text",
            "label": "?",
            "condition": 'role == "leader" or lived_experience_direct == "no"',
        }
    )
    form["sections"][1]["questions"][3]["choices"][0]["value"] = "role"
    form["sections"][2]["questions"][-1]["condition"] = 'role == "role"'
    changed = editing.change_question(form, "role", {"id": "job"})
    assert editing.find_question(changed, "extra")["condition"] == 'job == "role"'
    renamed = editing.change_question(form, "organisation_postcode", {"id": "place"})
    assert renamed["attributes"][2]["values"][1]["when"] == 'place_region == "london"'
    assert editing.problems_of(renamed) == {}


def test_removing_what_an_attribute_needs_is_a_problem_of_the_attribute(form):
    problems = editing.problems_of(editing.remove_question(form, "organisation_income"))
    assert any(path.startswith("attributes.1.values") for path in problems)


def test_lived_experience_comes_ready_made_as_two_facts(form):
    empty, _ = editing.add_section(editing.empty_form("Small"), "Name")
    empty, _ = editing.add_question(empty, "name", "short_text", "Name?")
    made = editing.add_ready_made(empty, form, "lived_experience")
    parsed = parse_form(made)
    assert {"lived_experience_direct", "lived_experience_activated"} <= set(parsed.questions)
    assert [one.name for one in parsed.attributes] == ["lived_experience"]
    with pytest.raises(Conflict):
        editing.add_ready_made(made, form, "lived_experience")


def test_lived_experience_is_never_worked_out_from_nationality(form):
    form["sections"][1]["questions"].append({"id": "nationality", "kind": "yes_no", "label": "British?"})
    form["attributes"][0]["values"][0]["when"] = 'nationality == "no"'
    assert "Lived experience is asked" in str(editing.problems_of(form))


def test_calculations_of_what_is_kept_apart_stay_apart(form):
    access = editing.find_section(form, "access")
    access["questions"].append({"id": "hours", "kind": "number", "label": "Hours of help?"})
    sum_ = {"id": "sum", "kind": "calculation", "label": "Sum", "formula": "hours + organisation_income"}
    editing.find_section(form, "consent")["questions"].append(sum_)
    assert "“hours” is kept apart" in str(editing.problems_of(form))
    sum_["formula"], sum_["panel_may_see"] = "organisation_income * 2", True
    assert "may not see “organisation_income”" in str(editing.problems_of(form))
    del sum_["panel_may_see"]
    assert editing.problems_of(form) == {}
