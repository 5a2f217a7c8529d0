"""Staff: who is on a round's panel, what they may not read, and how far they are."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.declare_conflicts import add_conflict, remove_conflict
from services.cohorts.use_cases.invite_reviewer import (
    Description,
    Invitation,
    describe_member,
    invite_again,
    invite_reviewer,
    release_member,
)
from services.cohorts.use_cases.remind_reviewers import remind_now
from services.cohorts.use_cases.see_round import see_panel
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Conflict, Invalid
from shared.web.i18n import LANGUAGES

pages = Blueprint("staff_panel", __name__, url_prefix="/cohorts/staff")
_NEW = {
    "name": "",
    "email": "",
    "language": "en",
    "capacity": "40",
    "languages": "",
    "expertise": "",
    "organisation": "",
}


@pages.get("/rounds/<uuid:round_id>/panel")
@staff_only
def members(round_id: UUID) -> ResponseReturnValue:
    """The panel with everybody's progress, and the form to invite."""
    return _members(round_id, _NEW, {})


def _members(round_id: UUID, values: dict[str, str], errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        return show(
            "panel.html",
            uow,
            round_id,
            "staff_panel.members",
            members=see_panel(uow, round_id),
            phases=uow.rounds.phases(round_id),
            phase=uow.rounds.phases(round_id).at(uow.now),
            values=values,
            errors=errors,
            spoken=list(LANGUAGES.items()),
        )


@pages.post("/rounds/<uuid:round_id>/panel")
@staff_only
def invite(round_id: UUID) -> ResponseReturnValue:
    """Ask somebody to join."""
    values = {name: fields.text(request.form, name) for name in _NEW}
    problems: dict[str, list[str]] = {}
    capacity = fields.number(request.form, "capacity", problems)
    try:
        fields.checked(problems)
        with units().begin() as uow:
            language = values["language"] if values["language"] in LANGUAGES else "en"
            wanted = Invitation(
                name=values["name"], email=values["email"], language=language, capacity=capacity, **_described(values)
            )
            member = invite_reviewer(uow, actor(), round_id, wanted)
    except Invalid as error:
        return _members(round_id, values, error.problems), 422
    except Conflict as error:
        return _members(round_id, values, {"email": [error.message]}), 409
    flash(f"{member.name} is invited. The email is on its way.", "success")
    return redirect(url_for("staff_panel.members", round_id=round_id))


def _described(values: Mapping[str, str]) -> dict[str, Any]:
    """Languages, expertise and organisation, as they were typed."""
    return {
        "languages": _several(values["languages"]),
        "expertise": _several(values["expertise"]),
        "organisation": values["organisation"],
    }


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace(";", ",").replace("\n", ",").split(",") if part.strip())


@pages.post("/rounds/<uuid:round_id>/panel/remind")
@staff_only
def remind_all(round_id: UUID) -> ResponseReturnValue:
    """Remind everybody who has something left to do."""
    return _remind(round_id, None)


def _remind(round_id: UUID, member_id: UUID | None) -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            sent = remind_now(uow, actor(), round_id, member_id)
        flash("One reviewer is reminded." if sent == 1 else f"{sent} reviewers are reminded.", "success")
    except Conflict as error:
        flash(error.message, "warning")
    return redirect(url_for("staff_panel.members", round_id=round_id))


@pages.post("/members/<uuid:member_id>/remind")
@staff_only
def remind_one(member_id: UUID) -> ResponseReturnValue:
    """Remind one reviewer now."""
    with units().begin(write=False) as uow:
        round_id = uow.panels.get(member_id).round_id
    return _remind(round_id, member_id)


@pages.post("/members/<uuid:member_id>/invite-again")
@staff_only
def again(member_id: UUID) -> ResponseReturnValue:
    """Send the invitation once more."""
    try:
        with units().begin() as uow:
            row = invite_again(uow, actor(), member_id)
        flash(f"The invitation to {row.name} is on its way again.", "success")
    except Conflict as error:
        flash(error.message, "warning")
    return redirect(url_for("staff_panel.member", member_id=member_id))


@pages.get("/members/<uuid:member_id>")
@staff_only
def member(member_id: UUID) -> ResponseReturnValue:
    """One member: capacity and conflicts."""
    return _member(member_id, {}, {})


def _member(member_id: UUID, values: dict[str, str], errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        round_id = uow.panels.get(member_id).round_id
        seen = next(m for m in see_panel(uow, round_id) if m.member.id == member_id)
        return show(
            "member.html",
            uow,
            round_id,
            "staff_panel.members",
            seen=seen,
            accepted=uow.terms.accepted([member_id])[member_id],
            values=values,
            errors=errors,
        )


@pages.post("/members/<uuid:member_id>")
@staff_only
def capacity(member_id: UUID) -> ResponseReturnValue:
    """Change how many they read, and what is known of them."""
    values = {name: fields.text(request.form, name) for name in ("capacity", "languages", "expertise", "organisation")}
    problems: dict[str, list[str]] = {}
    wanted = fields.number(request.form, "capacity", problems)
    try:
        fields.checked(problems)
        with units().begin() as uow:
            description = Description(capacity=wanted, **_described(values))
            describe_member(uow, actor(), member_id, description, fields.revision(request.form))
    except Invalid as error:
        return _member(member_id, values, error.problems), 422
    flash("Kept.", "success")
    return redirect(url_for("staff_panel.member", member_id=member_id))


@pages.post("/members/<uuid:member_id>/conflicts")
@staff_only
def conflict(member_id: UUID) -> ResponseReturnValue:
    """Enter a conflict of interest."""
    values = {name: fields.text(request.form, name) for name in ("kind", "value")}
    try:
        with units().begin() as uow:
            dropped = add_conflict(uow, actor(), member_id, values["kind"], values["value"])
            round_id = uow.panels.get(member_id).round_id
    except Invalid as error:
        return _member(member_id, values, error.problems), 422
    if dropped:
        left = "One application has" if dropped == 1 else f"{dropped} applications have"
        flash(f"The conflict counts. {left} left their list; this is who could read instead.", "warning")
        return redirect(url_for("staff_assignment.preview", round_id=round_id))
    flash("The conflict counts from now on.", "success")
    return redirect(url_for("staff_panel.member", member_id=member_id))


@pages.post("/members/<uuid:member_id>/conflicts/<uuid:conflict_id>/remove")
@staff_only
def no_conflict(member_id: UUID, conflict_id: UUID) -> ResponseReturnValue:
    """Take a conflict away that staff entered."""
    with units().begin() as uow:
        remove_conflict(uow, actor(), member_id, conflict_id)
    flash("The conflict is taken away.", "success")
    return redirect(url_for("staff_panel.member", member_id=member_id))


@pages.post("/members/<uuid:member_id>/leave")
@staff_only
def leave(member_id: UUID) -> ResponseReturnValue:
    """Let a member go."""
    with units().begin() as uow:
        row = release_member(uow, actor(), member_id, fields.revision(request.form))
    flash(f"{row.name} has left the panel. This is how their unread applications could be given out.", "info")
    return redirect(url_for("staff_assignment.preview", round_id=row.round_id, mode="rebalance"))
