"""Invite a whole panel from a list: looked at first; bad lines are told with their reasons, and the rest is kept."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.panel import LEFT
from services.cohorts.domain.panel_csv import BadRow, PanelRow, read_panel
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.invite_reviewer import Invitation, checked_invitation, invite_reviewer
from shared.errors import Invalid

USUAL = 40


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a list would do: whom it invites, who is on the panel already, which lines cannot be used."""

    invited: list[tuple[int, Invitation]]
    known: list[tuple[int, str]]
    bad: list[BadRow]


def preview_import(uow: CohortsUnit, round_id: UUID, text: str, written: Collection[str]) -> ImportPreview:
    """Read a list of reviewers. `written` are the languages that we can write to people in."""
    uow.rounds.get(round_id)
    rows, bad = read_panel(text)
    here = {member.email: member for member in uow.panels.of_round(round_id)}
    invited: list[tuple[int, Invitation]] = []
    known: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    for row in rows:
        wanted = _invitation(row, written)
        try:
            email = checked_invitation(wanted)
        except Invalid as error:
            bad.append(BadRow(row.line, f"{row.name}, {row.email}", " ".join(error.sentences)))
            continue
        if email in seen:
            bad.append(BadRow(row.line, f"{row.name}, {row.email}", f"The same address is on line {seen[email]}."))
            continue
        seen[email] = row.line
        if email in here and here[email].state != LEFT:
            known.append((row.line, here[email].name))
        else:
            invited.append((row.line, wanted))
    return ImportPreview(invited, known, sorted(bad, key=lambda one: one.line))


def _invitation(row: PanelRow, written: Collection[str]) -> Invitation:
    return Invitation(
        name=row.name,
        email=row.email,
        language=next((language for language in row.languages if language in written), "en"),
        languages=row.languages,
        capacity=USUAL if row.capacity is None else row.capacity,
        expertise=row.expertise,
        organisation=row.organisation,
    )


def import_panel(uow: CohortsUnit, actor: Actor, round_id: UUID, text: str, written: Collection[str]) -> ImportPreview:
    """Invite everybody whom the list names and who is not on the panel. The same list again invites nobody twice.

    Raises:
        Invalid: there is nobody to invite in it.
    """
    found = preview_import(uow, round_id, text, written)
    if not found.invited:
        raise Invalid({"text": ["There is nobody in this list who can be invited."]})
    for _line, wanted in found.invited:
        invite_reviewer(uow, actor, round_id, wanted)
    return found
