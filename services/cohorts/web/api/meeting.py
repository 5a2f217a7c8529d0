"""What belongs to sessions, by API: groups, places, attendance, materials, a private calendar address."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import EXCLUDE, Schema, fields

from services.cohorts.domain.material import LARGEST
from services.cohorts.storage.tables import Material
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.keep_attendance import attendance_list, check_in, mark_attendance, open_check_in
from services.cohorts.use_cases.keep_groups import keep_group, remove_group
from services.cohorts.use_cases.share_materials import remove_material, share_material
from services.cohorts.use_cases.subscribe_calendar import end_feed, make_feed
from services.cohorts.use_cases.take_in_attendance import take_in_list
from services.cohorts.use_cases.take_places import give_up_place, take_place
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.errors import Conflict
from shared.web import access, intake
from shared.web.api import ApiSchema, Page, once, page_schema, require_match, tagged
from shared.web.identity import known

blueprint = Blueprint("api_meeting", __name__, url_prefix="/cohorts/api/v1", description="Taking part in sessions")


class NewGroupSchema(ApiSchema):
    """A group's name and its members."""

    name = fields.String(required=True)
    people = fields.List(fields.UUID(), load_default=list)


class GroupSchema(Schema):
    """A group."""

    id = fields.UUID()
    cohort_id = fields.UUID()
    name = fields.String()
    revision = fields.Integer()


class AttendanceSchema(Schema):
    """One person at one session."""

    person_id = fields.UUID()
    state = fields.String()
    minutes = fields.Integer(allow_none=True)
    source = fields.String()


class StatesSchema(ApiSchema):
    """Person id to present, part, absent, excused, or "" to forget."""

    states = fields.Dict(keys=fields.UUID(), values=fields.String(), required=True)


class ListSchema(ApiSchema):
    """A meeting program's list as CSV."""

    csv = fields.String(required=True)


class CodeSchema(ApiSchema):
    """The code of a session."""

    code = fields.String(required=True)


class NewMaterialSchema(ApiSchema):
    """A link. A file goes to `/materials/files`."""

    title = fields.String(required=True)
    link = fields.String(required=True)
    release_at = fields.AwareDateTime(load_default=None, allow_none=True)


class FileSchema(ApiSchema):
    """A file, as multipart."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class FileAboutSchema(ApiSchema):
    """The fields beside the file, in the same multipart body."""

    class Meta:
        """A browser's token may come along."""

        unknown = EXCLUDE

    title = fields.String(required=True)
    release_at = fields.AwareDateTime(load_default=None, allow_none=True)


class MaterialSchema(Schema):
    """A material."""

    id = fields.UUID()
    session_id = fields.UUID()
    title = fields.String()
    link = fields.String()
    filename = fields.String()
    size = fields.Integer()
    release_at = fields.AwareDateTime(allow_none=True)


@blueprint.route("/rounds/<uuid:round_id>/groups", methods=["GET"])
@blueprint.response(200, page_schema(GroupSchema))
@staff_only
def groups(round_id: UUID) -> Page:
    """The cohort's groups."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        cohort = uow.cohorts.of_round(round_id)
        return Page(uow.groups.of_cohort(cohort.id) if cohort else [])


@blueprint.route("/rounds/<uuid:round_id>/groups", methods=["POST"])
@blueprint.arguments(NewGroupSchema)
@blueprint.response(201, GroupSchema)
@staff_only
def add_group(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Make a group. Takes an Idempotency-Key."""
    who = actor()

    def work(uow: CohortsUnit) -> Any:
        uow.rounds.get(round_id)
        cohort = uow.cohorts.of_round(round_id)
        if cohort is None:
            raise Conflict("There is a cohort once the round’s decisions are released.")
        return keep_group(uow, who, cohort.id, wanted["name"], set(wanted["people"]))

    return once(units(), work, GroupSchema())


@blueprint.route("/groups/<uuid:group_id>", methods=["PUT"])
@blueprint.arguments(NewGroupSchema)
@blueprint.response(200, GroupSchema)
@staff_only
def change_group(wanted: dict[str, Any], group_id: UUID) -> Response:
    """Rename it, or change who is in it. Needs If-Match."""
    with units().begin() as uow:
        group = uow.groups.get(group_id, lock=True)
        require_match(group.revision)
        row = keep_group(uow, actor(), group.cohort_id, wanted["name"], set(wanted["people"]), group_id)
    return tagged(jsonify(GroupSchema().dump(row)), row.revision)


@blueprint.route("/groups/<uuid:group_id>", methods=["DELETE"])
@blueprint.response(204)
@staff_only
def drop_group(group_id: UUID) -> None:
    """Take a group away. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.groups.get(group_id, lock=True).revision)
        remove_group(uow, actor(), group_id)


@blueprint.route("/sessions/<uuid:session_id>/attendance", methods=["GET"])
@blueprint.response(200, page_schema(AttendanceSchema))
@staff_only
def attendance(session_id: UUID) -> Page:
    """Who was there, as far as it is known."""
    with units().begin(write=False) as uow:
        lines = attendance_list(uow, uow.sessions.get(session_id))
    return Page([line.attendance for line in lines if line.attendance])


@blueprint.route("/sessions/<uuid:session_id>/attendance", methods=["PUT"])
@blueprint.arguments(StatesSchema)
@blueprint.response(200)
@staff_only
def mark(wanted: dict[str, Any], session_id: UUID) -> Response:
    """Say who was there."""
    with units().begin() as uow:
        return jsonify(changed=mark_attendance(uow, actor(), session_id, wanted["states"]))


@blueprint.route("/sessions/<uuid:session_id>/attendance/list", methods=["POST"])
@blueprint.arguments(ListSchema)
@blueprint.response(200)
@staff_only
def take_in(wanted: dict[str, Any], session_id: UUID) -> Response:
    """Take in a meeting's list: who is on it was there. Rows that cannot be used are named."""
    with units().begin() as uow:
        found = take_in_list(uow, actor(), session_id, wanted["csv"])
    problems = [{"line": problem.line, "reason": problem.reason} for problem in found.problems]
    return jsonify(found=len(found.minutes), problems=problems)


@blueprint.route("/sessions/<uuid:session_id>/code", methods=["PUT"])
@blueprint.response(200)
@staff_only
def new_code(session_id: UUID) -> Response:
    """A new code for people to say that they are there."""
    with units().begin() as uow:
        return jsonify(code=open_check_in(uow, session_id))


@blueprint.route("/sessions/<uuid:session_id>/materials", methods=["GET"])
@blueprint.response(200, page_schema(MaterialSchema))
@staff_only
def materials(session_id: UUID) -> Page:
    """What the session has."""
    with units().begin(write=False) as uow:
        return Page(uow.materials.of_session(uow.sessions.get(session_id).id))


@blueprint.route("/sessions/<uuid:session_id>/materials", methods=["POST"])
@blueprint.arguments(NewMaterialSchema)
@blueprint.response(201, MaterialSchema)
@staff_only
def share(wanted: dict[str, Any], session_id: UUID) -> Response:
    """Share a link. Takes an Idempotency-Key."""
    who = actor()
    return once(units(), lambda uow: share_material(uow, who, session_id, **wanted), MaterialSchema())


@blueprint.route("/sessions/<uuid:session_id>/materials/files", methods=["POST"])
@blueprint.arguments(FileSchema, location="files")
@blueprint.arguments(FileAboutSchema, location="form")
@blueprint.response(201, MaterialSchema)
@staff_only
@intake.takes(LARGEST + 1024 * 1024)
def share_file(sent: dict[str, Any], about: dict[str, Any], session_id: UUID) -> Material:
    """Share a file of up to 10 MB (multipart: `file`, `title`, `release_at`). Its content says what it is."""
    file = (sent["file"].filename or "", sent["file"].read())
    with units().begin() as uow:
        return share_material(uow, actor(), session_id, file=file, **about)


@blueprint.route("/materials/<uuid:material_id>", methods=["DELETE"])
@blueprint.response(204)
@staff_only
def drop_material(material_id: UUID) -> None:
    """Take it away."""
    with units().begin() as uow:
        remove_material(uow, material_id)


@blueprint.route("/my/sessions/<uuid:session_id>/place", methods=["PUT"])
@blueprint.response(200)
@access.signed_in
def sign_up(session_id: UUID) -> Response:
    """Take a place, or wait for one: `state` says which."""
    with units().begin() as uow:
        return jsonify(state=take_place(uow, known().person_id, session_id).state)


@blueprint.route("/my/sessions/<uuid:session_id>/place", methods=["DELETE"])
@blueprint.response(204)
@access.signed_in
def give_up(session_id: UUID) -> None:
    """Give the place up, or stop waiting."""
    with units().begin() as uow:
        give_up_place(uow, known().person_id, session_id)


@blueprint.route("/my/sessions/<uuid:session_id>/attendance", methods=["PUT"])
@blueprint.arguments(CodeSchema)
@blueprint.response(204)
@access.signed_in
def here(wanted: dict[str, Any], session_id: UUID) -> None:
    """Say that one is there, with the code."""
    with units().begin() as uow:
        check_in(uow, known().person_id, session_id, wanted["code"])


@blueprint.route("/my/calendar-address", methods=["POST"])
@blueprint.response(201)
@access.signed_in
def address() -> Response:
    """A private calendar address; the one before stops working."""
    with units().begin() as uow:
        return jsonify(address=make_feed(uow, known().person_id))


@blueprint.route("/my/calendar-address", methods=["DELETE"])
@blueprint.response(204)
@access.signed_in
def end_address() -> None:
    """The private address stops working."""
    with units().begin() as uow:
        end_feed(uow, known().person_id)
