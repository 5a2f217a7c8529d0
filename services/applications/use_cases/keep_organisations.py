"""The register of organisations: names that come with applications, and what staff do with them."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.applications.domain.forms import Form, Kind, Submission
from services.applications.domain.organisations import (
    LONGEST,
    Likeness,
    likely_same,
    nearest,
    organisation_key,
    parse_organisation,
)
from services.applications.storage.tables import OrganisationRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.contracts.applications import OrganisationsMerged
from shared.errors import Conflict, Invalid, Stale

_MERGED = "This organisation was merged into another one: change that one."


@dataclass(frozen=True)
class Suggestion:
    """Two organisations that may be one."""

    one: UUID
    other: UUID
    one_name: str
    other_name: str
    score: float


def canonical_name(uow: ApplicationsUnitOfWork, typed: str) -> str:
    """What the register calls the organisation that somebody typed; a name that is new is taken into the register."""
    key = organisation_key(typed)
    if not key:
        return typed
    row = uow.organisations.by_key(key)
    if row is None:
        row = uow.organisations.add_or_find(parse_organisation(typed[:LONGEST]), key, uow.now)
        uow.organisations.note(row.id, "added", {"name": row.name}, "an application", uow.now)
    return row.name


def with_register(uow: ApplicationsUnitOfWork, form: Form, submission: Submission) -> Submission:
    """The submission with organisations called as the register calls them; what was typed stays as the answer."""
    names = [one.attribute for one in form.questions.values() if one.kind is Kind.ORGANISATION and one.attribute]
    attributes = dict(submission.parts.attributes)
    for name in names:
        typed = attributes.get(name)
        if isinstance(typed, str):
            attributes[name] = canonical_name(uow, typed)
    return replace(submission, parts=replace(submission.parts, attributes=attributes))


def known_names(uow: ApplicationsUnitOfWork, name: str) -> list[str]:
    """Every name that an organisation goes by, itself among them."""
    return uow.organisations.names_beside(organisation_key(name))


def add_organisation(uow: ApplicationsUnitOfWork, name: str, by: str, *, offered: bool = True) -> OrganisationRow:
    """Put an organisation into the register. Raises Invalid: no name, or a name that the register has."""
    name = parse_organisation(name)
    _check_free(uow, name)
    row = uow.organisations.add(name, organisation_key(name), uow.now)
    row.offered = offered
    uow.organisations.note(row.id, "added", {"name": name}, by, uow.now)
    return row


def _check_free(uow: ApplicationsUnitOfWork, name: str, but: UUID | None = None) -> bool:
    """Whether the name is new to the register; raises Invalid if it is another organisation's."""
    row = uow.organisations.by_key(organisation_key(name))
    if row is not None and row.id != but:
        raise Invalid({"name": [f"“{row.name}” goes by this name already. Merge the two, if they are one."]})
    return row is None


def rename_organisation(
    uow: ApplicationsUnitOfWork, organisation_id: UUID, name: str, by: str, *, revision: int
) -> OrganisationRow:
    """Give it another canonical name; the old one stays as a name that it goes by.

    Raises:
        Invalid: no name, or another organisation's.
        Stale: somebody changed it first.
        Conflict: it was merged into another.
    """
    row = _open(uow, organisation_id, revision)
    name, before = parse_organisation(name), row.name
    if name == before:
        return row
    if _check_free(uow, name, row.id):
        uow.organisations.name(row.id, name, organisation_key(name), uow.now)
    row.name = name
    uow.organisations.note(row.id, "renamed", {"before": before, "after": name}, by, uow.now)
    _tell(uow, row, [before])
    return row


def _open(uow: ApplicationsUnitOfWork, organisation_id: UUID, revision: int | None) -> OrganisationRow:
    row = uow.organisations.get(organisation_id, lock=True)
    if row.merged_into is not None:
        raise Conflict(_MERGED)
    if revision is not None and row.revision != revision:
        raise Stale("Somebody else changed this organisation first. Look at it again before you change it.")
    return row


def add_name(uow: ApplicationsUnitOfWork, organisation_id: UUID, name: str, by: str) -> None:
    """Let it go by one name more. Raises as `rename_organisation`."""
    row = _open(uow, organisation_id, None)
    name = parse_organisation(name)
    if not _check_free(uow, name, row.id):
        raise Invalid({"alias": ["It goes by this name already."]})
    uow.organisations.name(row.id, name, organisation_key(name), uow.now)
    uow.organisations.note(row.id, "known_as", {"name": name}, by, uow.now)
    _tell(uow, row, [])


def drop_name(uow: ApplicationsUnitOfWork, organisation_id: UUID, name: str, by: str) -> None:
    """Let it no longer go by a name. Raises Conflict for its canonical one; a name it has not got is no matter."""
    row = _open(uow, organisation_id, None)
    key = organisation_key(name)
    if key == organisation_key(row.name):
        raise Conflict("This is its name in the register. Give it another one first.")
    if key in {each.key for each in uow.organisations.names(row.id)}:
        uow.organisations.drop_name(key)
        uow.organisations.note(row.id, "not_known_as", {"name": name}, by, uow.now)


def offer(uow: ApplicationsUnitOfWork, organisation_id: UUID, offered: bool, by: str) -> None:
    """Show it to applicants among the names they can pick, or no longer."""
    row = _open(uow, organisation_id, None)
    if row.offered != offered:
        row.offered = offered
        uow.organisations.note(row.id, "offered" if offered else "not_offered", {}, by, uow.now)


def merge_organisations(
    uow: ApplicationsUnitOfWork, kept_id: UUID, merged_id: UUID, by: str, *, reason: str = ""
) -> OrganisationRow:
    """Two are one: `merged` is called as `kept` from now on, everywhere. Both stay to be read.

    Raises:
        Conflict: they are one already, or one of them was merged into another.
    """
    if kept_id == merged_id:
        raise Conflict("These are one already.")
    # Locked in one order, so that two people who merge the same two never wait for each other.
    first, second = (_open(uow, each, None) for each in sorted((kept_id, merged_id), key=str))
    kept, merged = (first, second) if first.id == kept_id else (second, first)
    names = [each.name for each in uow.organisations.names(merged.id)]
    uow.organisations.move_names(merged.id, kept.id)
    merged.merged_into, kept.offered = kept.id, kept.offered or merged.offered
    detail = {"kept": kept.name, "merged": merged.name, "names": names, "reason": reason.strip()[:1000]}
    for row in (kept, merged):
        uow.organisations.note(row.id, "merged", detail, by, uow.now)
    uow.session.flush()
    _tell(uow, kept, [merged.name, *names])
    return kept


def _tell(uow: ApplicationsUnitOfWork, row: OrganisationRow, before: list[str]) -> None:
    """Sent applications and the other services call it by its name in the register."""
    for name in dict.fromkeys(before):
        for application in uow.organisations.sent_under(name) if name != row.name else []:
            application.attributes = {**application.attributes, "organisation": row.name}
    uow.session.flush()
    names = sorted({row.name, *before, *(each.name for each in uow.organisations.names(row.id))})
    uow.publish(OrganisationsMerged(organisation_id=row.id, name=row.name, names=names))


def tell_apart(uow: ApplicationsUnitOfWork, one: UUID, other: UUID, by: str) -> None:
    """They are not one, however alike their names are: they are not suggested again."""
    rows = [uow.organisations.get(each) for each in (one, other)]
    if one == other:
        raise Conflict("These are one.")
    uow.organisations.tell_apart(one, other)
    for row, than in zip(rows, reversed(rows), strict=True):
        uow.organisations.note(row.id, "different", {"than": than.name}, by, uow.now)


def suggestions(uow: ApplicationsUnitOfWork, limit: int = 50) -> list[Suggestion]:
    """Organisations that may be one, the likeliest first, without those that somebody has told apart."""
    names, apart = uow.organisations.current(), uow.organisations.different()
    found = [pair for pair in likely_same(names) if tuple(sorted((pair.one, pair.other))) not in apart]
    return [_suggestion(pair, names) for pair in found[:limit]]


def _suggestion(pair: Likeness, names: dict[str, str]) -> Suggestion:
    return Suggestion(UUID(pair.one), UUID(pair.other), names[pair.one], names[pair.other], pair.score)


OFFERED_AT_MOST = 300


def offered_names(uow: ApplicationsUnitOfWork) -> list[str]:
    """The names that an applicant can pick from. Only those that staff have looked at: others tell who applied."""
    return uow.organisations.offered(OFFERED_AT_MOST)


def alike(uow: ApplicationsUnitOfWork, row: OrganisationRow) -> list[tuple[UUID, str]]:
    """Other organisations that may be this one: id and name."""
    names = {id: name for id, name in uow.organisations.current().items() if id != str(row.id)}
    apart = uow.organisations.different()
    found = [pair.other for pair in nearest(row.name, names)]
    return [(UUID(id), names[id]) for id in found[:10] if tuple(sorted((id, str(row.id)))) not in apart]
