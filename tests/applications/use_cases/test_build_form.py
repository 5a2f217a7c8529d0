"""A form is built beside the published one, and a later version never changes what was answered."""

import pytest

from services.applications.domain.building import editing
from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.use_cases.build_form import (
    change_form,
    copy_form,
    discard_changes,
    form_problems,
    open_form,
    publish_form,
)
from services.applications.use_cases.keep_round import create_round, move_round
from shared.errors import Conflict, Invalid, Stale
from tests.applications.parts import data_of

BY = "Rhiannon"


def add(form):
    return editing.add_question(form, "leadership", "short_text", "One word?")[0]


def publish(service, round_id, step, note="One question more"):
    with service.units.begin() as uow:
        change_form(uow, round_id, step, BY)
        return publish_form(uow, round_id, note, BY)


def test_nobody_sees_the_form_being_built_until_it_is_published(service, open_round):
    with service.units.begin() as uow:
        form = change_form(uow, open_round.id, add, BY)
        assert (form.changed, form.version, form.revision, form.changed_by) == (True, 1, 1, BY)
        assert "one_word" not in uow.rounds.form(open_round.id, uow.rounds.get(open_round.id).form_version).questions
        form = publish_form(uow, open_round.id, " Why\x00 ", BY)
        assert (form.changed, form.version) == (False, 2)
        assert uow.forms.version(open_round.id, 2).note == "Why"
        assert "one_word" in uow.rounds.form(open_round.id, 2).questions
        assert "one_word" not in uow.rounds.form(open_round.id, 1).questions


def test_the_later_of_two_saves_never_overwrites(service, open_round):
    with service.units.begin() as uow:
        seen = open_form(uow, open_round.id).revision
        change_form(uow, open_round.id, add, BY, revision=seen)
        with pytest.raises(Stale):
            change_form(uow, open_round.id, editing.add_check, BY, revision=seen)
        with pytest.raises(Stale):
            publish_form(uow, open_round.id, "x", BY, revision=seen)
        with pytest.raises(Stale):
            discard_changes(uow, open_round.id, BY, revision=seen)
        assert not discard_changes(uow, open_round.id, BY, revision=seen + 1).changed


def test_what_is_not_right_or_says_nothing_is_not_published(service, open_round):
    with service.units.begin() as uow, pytest.raises(Conflict, match="Nothing has changed"):
        publish_form(uow, open_round.id, "x", BY)
    with service.units.begin() as uow:
        change_form(uow, open_round.id, add, BY)
        with pytest.raises(Invalid) as invalid:
            publish_form(uow, open_round.id, " ", BY)
        assert set(invalid.value.problems) == {"note"}
        change_form(uow, open_round.id, lambda form: editing.add_section(form, "Empty")[0], BY)
        with pytest.raises(Invalid) as invalid:
            publish_form(uow, open_round.id, "x", BY)
        assert any(path.startswith("sections.") for path in invalid.value.problems)


def test_a_question_that_a_rule_needs_cannot_go(service, open_round):
    with service.units.begin() as uow:
        without = lambda form: {  # noqa: E731
            **editing.remove_question(form, "leadership_training"),
        }
        form = change_form(uow, open_round.id, without, BY)
        [said] = form_problems(uow, form)["rules"]
        assert "leadership_training" in said
        with pytest.raises(Invalid):
            publish_form(uow, open_round.id, "x", BY)


def test_the_panel_can_read_answers_to_questions_that_are_gone_but_not_hidden_ones(service, open_round):
    publish(service, open_round.id, lambda form: editing.remove_question(form, "sharing"))
    publish(service, open_round.id, lambda form: editing.change_question(form, "learning", {"panel_may_see": None}))
    ids = [one["id"] for one in data_of(service, "round_published")[-1]["questions"]]
    assert "sharing" in ids and "learning" not in ids and "motivation" in ids


def test_a_form_is_copied_from_another_round_as_a_draft(service, open_round):
    publish(service, open_round.id, add)
    again = {**round_definition(), "id": "another", "form": form_definition(), "rules": rules_definition()}
    with service.units.begin() as uow:
        other = create_round(uow, again)
        form = copy_form(uow, other.id, open_round.id, BY, revision=0)
        assert form.changed and "one_word" in editing.ids_in(form.definition) and form.version == 1


def test_an_archived_round_keeps_its_form(service, open_round):
    with service.units.begin() as uow:
        move_round(uow, open_round.id, "closed")
        move_round(uow, open_round.id, "archived")
        with pytest.raises(Conflict):
            change_form(uow, open_round.id, add, BY)
