"""Build a round's form: change it step by step, copy it, bring it in from a file, publish it as a version."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.applications.domain.building.comparing import Change, compare
from services.applications.domain.building.editing import Definition, problems_of
from services.applications.domain.building.files import storable
from services.applications.domain.forms import dump_form, parse_form
from services.applications.domain.priority import parse_rules
from services.applications.domain.text import tidy
from services.applications.storage.tables import RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_round import tell
from shared.errors import Conflict, Invalid, Stale

LONGEST_NOTE = 1000
RULES = "rules"
_STALE = "Somebody else changed the form meanwhile. Look at it as it is now, then make your change again."


@dataclass(frozen=True)
class FormInHand:
    """A round's form as it is being built.

    `revision` is 0 while nobody has changed the published one. `published` is the newest version's definition.
    """

    round: RoundRow
    definition: Definition
    published: Definition
    version: int
    revision: int
    changed_by: str = ""
    changed_at: datetime | None = None

    @property
    def changed(self) -> bool:
        """Whether it differs from the newest version."""
        return self.definition != self.published

    @property
    def changes(self) -> list[Change]:
        """What publishing would change."""
        return compare(self.published, self.definition)


def open_form(uow: ApplicationsUnitOfWork, round_id: UUID, *, lock: bool = False) -> FormInHand:
    """The form being built, or the published one while nobody has changed it. Raises NotFound."""
    round_ = uow.rounds.get(round_id, lock=lock)
    version = uow.forms.newest(round_id)
    published = uow.forms.version(round_id, version).definition
    draft = uow.forms.draft(round_id, lock=lock)
    if draft is None:
        return FormInHand(round_, published, published, version, 0)
    return FormInHand(round_, draft.definition, published, version, draft.revision, draft.changed_by, draft.changed_at)


def form_problems(uow: ApplicationsUnitOfWork, form: FormInHand) -> dict[str, list[str]]:
    """What stands between the form and its publication, by path; `rules`: what the priority rules would miss."""
    problems = problems_of(form.definition)
    if problems:
        return problems
    try:
        parse_rules(uow.forms.rules(form.round.id, form.round.rules_version), parse_form(form.definition))
    except Invalid as invalid:
        return {RULES: [f"The priority rules need this: {text}" for text in dict.fromkeys(invalid.sentences)]}
    return {}


def change_form(
    uow: ApplicationsUnitOfWork,
    round_id: UUID,
    change: Callable[[Definition], Definition],
    by: str,
    *,
    revision: int | None = None,
) -> FormInHand:
    """Make one change to the form. With `revision`, only if nobody has changed it since.

    Raises:
        NotFound: no such round, or what `change` is about is not there any more.
        Stale: somebody has changed it since.
        Conflict: the round is archived.
        Invalid: it holds what cannot be kept.
    """
    form = open_form(uow, round_id, lock=True)
    if revision is not None and revision != form.revision:
        raise Stale(_STALE)
    if form.round.state == "archived":
        raise Conflict("This round is archived: its form cannot change any more.")
    changed = change(form.definition)
    if changed == form.definition:
        return form
    if not storable(changed):
        raise Invalid({"form": ["This holds a sign or a number that cannot be kept."]})
    uow.forms.keep_draft(round_id, changed, by, uow.now)
    return open_form(uow, round_id)


def replace_form(
    uow: ApplicationsUnitOfWork, round_id: UUID, definition: Definition, by: str, *, revision: int | None
) -> FormInHand:
    """Put another definition, finished or not, in place of the form being built. Raises as `change_form`."""
    return change_form(uow, round_id, lambda _: definition, by, revision=revision)


def copy_form(
    uow: ApplicationsUnitOfWork, round_id: UUID, source_id: UUID, by: str, *, revision: int | None
) -> FormInHand:
    """Put a copy of another round's published form in place of the form being built. Raises as `change_form`."""
    source = open_form(uow, source_id)
    return change_form(uow, round_id, lambda _: source.published, by, revision=revision)


def discard_changes(uow: ApplicationsUnitOfWork, round_id: UUID, by: str, *, revision: int | None) -> FormInHand:
    """Go back to the published form. Raises as `change_form`."""
    published = open_form(uow, round_id).published
    return change_form(uow, round_id, lambda _: published, by, revision=revision)


def publish_form(
    uow: ApplicationsUnitOfWork, round_id: UUID, note: str, by: str, *, revision: int | None = None
) -> FormInHand:
    """Freeze the form as the next version: whoever begins from now on gets it, everybody else keeps theirs.

    Raises:
        Invalid: something in the form is not right yet (by path), or there is no note.
        Stale: somebody has changed it since.
        Conflict: nothing has changed, or the round is archived.
    """
    form = open_form(uow, round_id, lock=True)
    if revision is not None and revision != form.revision:
        raise Stale(_STALE)
    if form.round.state == "archived":
        raise Conflict("This round is archived: its form cannot change any more.")
    if not form.changed:
        raise Conflict("Nothing has changed since the newest version.")
    _check(uow, form, note)
    definition = dump_form(parse_form(form.definition))
    version = form.version + 1
    uow.rounds.add_form(round_id, version, definition, uow.now, note=tidy(note), by=by[:200])
    uow.forms.keep_draft(round_id, definition, by, uow.now)
    form.round.form_version = version
    tell(uow, form.round)
    return open_form(uow, round_id)


def _check(uow: ApplicationsUnitOfWork, form: FormInHand, note: str) -> None:
    problems: Mapping[str, list[str]] = form_problems(uow, form)
    if problems:
        raise Invalid(problems, "The form needs some attention before it can be published.")
    if not tidy(note):
        raise Invalid({"note": ["Say in a few words what is different, for those who look at this later."]})
    if len(note) > LONGEST_NOTE:
        raise Invalid({"note": [f"Use {LONGEST_NOTE} letters at most."]})
