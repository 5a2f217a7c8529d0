"""Staff: a round's applications, sorted, filtered and one by one with the breakdown of each score."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.forms import Purpose
from services.applications.storage.applications import STATES, ListWish
from services.applications.storage.tables import ApplicationRow, PersonRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.fill_in import Draft
from services.applications.use_cases.score_application import earlier_scores, stored_breakdown
from services.applications.web.answers import answer_rows, in_words
from services.applications.web.attachments import STAFF_NOTES
from services.applications.web.context import here, units
from services.applications.web.listing import next_cursor, read_wish
from services.applications.web.pages.staff_applicants import CHANNEL_NAMES
from services.applications.web.round_view import view_of
from services.applications.web.stages import stage_of
from shared.contracts.applications import NO_ADDRESS
from shared.web import access

pages = Blueprint("staff", __name__, url_prefix="/staff")

_WAYS = [("", "All"), ("site", "On this site"), ("typed", "Typed in by staff")]


@pages.get("/rounds/<uuid:round_id>/applications")
@access.role("staff", "administrator")
def applications(round_id: UUID) -> ResponseReturnValue:
    wish = read_wish(request.args)
    with units().begin(write=False) as uow:
        round_ = uow.rounds.get(round_id)
        found = uow.applications.listed(round_id, wish)
        counts = uow.rounds.counts(round_id)
        channels = uow.helping.channels(each.row.id for each in found)
    further = next_cursor(found, wish)
    return render_template(
        "applications/staff/applications.html",
        round=view_of(round_, here().clock()),
        found=found[: wish.limit],
        counts=counts,
        channels={id: CHANNEL_NAMES[channel] for id, channel in channels.items()},
        ways=_WAYS,
        states=STATES,
        wish=wish,
        next_href=_address(cursor=further) if further else None,
        first_href=_address(cursor=None) if wish.after else None,
        sort_href=lambda key: _address(sort=key, order=_turned(wish, key), cursor=None),
        state_href=lambda state: _address(state=state, cursor=None),
    )


def _turned(wish: ListWish, key: str) -> str:
    return "asc" if wish.sort == key and wish.descending else "desc"


def _address(**changes: str | None) -> str:
    arguments = {**request.args.to_dict(), **changes}
    kept = {name: value for name, value in arguments.items() if value}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


@pages.get("/applications/<uuid:application_id>")
@access.role("staff", "administrator")
def application(application_id: UUID) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        row = uow.applications.get(application_id)
        round_ = uow.rounds.get(row.round_id)
        form = uow.rounds.form(row.round_id, row.form_version)
        person = uow.people.get(row.person_id)
        status = uow.applications.status(row.id)
        subjects = [f"application/{row.id}", f"person/{row.person_id}"]
        deliveries = uow.applications.deliveries(subjects)
        parts = applicant_parts(uow, row, person)
        score = uow.scores.in_force(row.id)
        breakdown = stored_breakdown(uow, round_, score) if score else None
        earlier = earlier_scores(uow, row)
    return render_template(
        "applications/staff/application.html",
        breakdown=breakdown,
        score=score,
        earlier=earlier,
        row=row,
        round=view_of(round_, here().clock()),
        person=person,
        stage=stage_of(row, status),
        sections=answer_rows(Draft(row, form, row.answers), "en", {str(each.id): each.name for each in parts["files"]}),
        deliveries=deliveries,
        **parts,
    )


def applicant_parts(uow: ApplicationsUnitOfWork, row: ApplicationRow, person: PersonRow) -> dict[str, Any]:
    """How it came to us, its files, its owner's own deadline."""
    entry = uow.helping.entry(row.id)
    return {
        "entry": entry,
        "typist": uow.people.find(entry.typed_by) if entry else None,
        "files": uow.uploads.of_application(row.id),
        "file_notes": STAFF_NOTES,
        "channel_names": CHANNEL_NAMES,
        "extension": uow.extensions.of(row.round_id, person.id),
        "no_address": person.email.endswith(f"@{NO_ADDRESS}"),
    }


@pages.get("/applications/<uuid:application_id>/access")
@access.role("staff", "administrator")
def access_needs(application_id: UUID) -> ResponseReturnValue:
    """What somebody needs to take part: on a page of its own, away from the score and the answers."""
    with units().begin(write=False) as uow:
        row = uow.applications.get(application_id)
        form = uow.rounds.form(row.round_id, row.form_version)
        person = uow.people.get(row.person_id)
        needs = uow.applications.access_needs(application_id) if row.state == "submitted" else {}
    sections = [section for section in form.sections if section.purpose is Purpose.ACCESS]
    rows = [
        {"key": question.label.say("en"), "value": in_words(question, needs.get(question.id), "en")}
        for section in sections
        for question in section.questions
    ]
    return render_template("applications/staff/access_needs.html", row=row, person=person, rows=rows)
