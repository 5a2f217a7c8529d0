"""Back to a draft by the link in an email."""

from uuid import UUID

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from services.applications.use_cases import keep_session, sign_in
from services.applications.use_cases.resume_draft import claim_resume
from services.applications.web.context import units
from services.applications.web.pages.sign_in import wish
from services.applications.web.sessions import signed_in
from shared.errors import Gone, NotFound
from shared.web import access

pages = Blueprint("resume", __name__, url_prefix="/resume/<uuid:application_id>")


@pages.get("/<token>")
@access.public
def show(application_id: UUID, token: str) -> ResponseReturnValue:
    """A button only: programs that scan mail open links, and must not use them up."""
    return render_template("applications/apply/resume.html", application_id=application_id, token=token)


@pages.post("/<token>")
@access.public
def claim(application_id: UUID, token: str) -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            row = claim_resume(uow, application_id, token)
            session = keep_session.begin_session(uow, row.person_id, ["link"])
            identity = keep_session.renew(uow, session)
    except Gone:
        return render_template("applications/apply/resume_used.html", application_id=application_id), 410
    return signed_in(redirect(f"/applications/{application_id}", 303), session, identity)


@pages.post("/again")
@access.public
def again(application_id: UUID) -> ResponseReturnValue:
    """A new sign-in email to the address that the draft belongs to; whoever asks learns nothing, not even if it is."""
    with units().begin() as uow:
        try:
            email = uow.people.get(uow.applications.get(application_id).person_id).email
        except NotFound:
            return redirect("/sign-in/code", 303)
        sign_in.request_sign_in(uow, wish(email, next_path=f"/applications/{application_id}"))
    return redirect("/sign-in/code", 303)
