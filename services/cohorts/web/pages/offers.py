"""The page behind the link in an offer's email: no sign-in beyond the link, and no change on GET."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.answer_offer import answer_offer, open_offer
from services.cohorts.web.context import units
from shared.errors import Conflict, Gone, Invalid
from shared.web import access
from shared.web.spoken import in_own_words, say

pages = Blueprint("offers", __name__, url_prefix="/cohorts/offers")


@pages.get("/<token>")
@access.public
def offer(token: str) -> ResponseReturnValue:
    """The offer, with two buttons while it can be answered."""
    return _page(token, {})


def _page(token: str, errors: dict[str, list[str]], message: str | None = None) -> str:
    with units().begin(write=False) as uow:
        view = open_offer(uow, token)
        sessions = uow.sessions.of_person(view.offer.person_id) if view.offer.state == "accepted" else []
    return render_template(
        "cohorts/offers/offer.html", view=view, token=token, errors=errors, message=message, sessions=sessions
    )


@pages.post("/<token>")
@access.public
def answer(token: str) -> ResponseReturnValue:
    """Accept or decline. Declining asks once more."""
    wanted = request.form.get("answer", "")
    if wanted == "declined" and request.form.get("sure") != "yes":
        with units().begin(write=False) as uow:
            view = open_offer(uow, token)
        return render_template("cohorts/offers/decline.html", view=view, token=token)
    try:
        with units().begin() as uow:
            answer_offer(uow, token, wanted)
    except Invalid as error:
        return _page(token, in_own_words(error.problems)), 422
    except Gone as error:
        return _page(token, {}, say(error.message)), 410
    except Conflict as error:
        return _page(token, {}, say(error.message)), 409
    return redirect(url_for("offers.offer", token=token))
