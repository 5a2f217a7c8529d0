"""Where an application stands, in plain words: what it is called, what comes next."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from services.applications.storage.tables import ApplicationRow, StatusRow
from services.applications.use_cases.start_application import may_begin_again


@dataclass(frozen=True)
class Stage:
    """A stage's name, its colour, what it means and what comes next."""

    code: str
    label: str
    tone: str
    meaning: str
    next: str


STAGES = {
    "draft": Stage(
        "draft",
        _("Draft"),
        "quiet",
        _("You have not sent this yet. Only you can see it, and whom you ask to help."),
        _("Finish it and send it."),
    ),
    "submitted": Stage(
        "submitted",
        _("Received"),
        "info",
        _("We have your application. There is nothing you need to do."),
        _("After the closing date, people from a panel read every application that goes forward."),
    ),
    "under_review": Stage(
        "under_review",
        _("Being read"),
        "info",
        _("Panel members are reading your answers. They do not see your name."),
        _("When all the reading is done, we choose the group and write to everybody on the same day."),
    ),
    "decided": Stage(
        "decided", _("Decided"), "info", _("A decision has been made."), _("We will write to you very soon.")
    ),
    "offered": Stage(
        "offered",
        _("Place offered"),
        "good",
        _("We have offered you a place."),
        _("Use the link in our email to say yes or no."),
    ),
    "waitlisted": Stage(
        "waitlisted",
        _("On the waiting list"),
        "warn",
        _("There is no place for you yet. If somebody says no, one may come free."),
        _("We will write to you either way."),
    ),
    "unsuccessful": Stage(
        "unsuccessful",
        _("Not this time"),
        "neutral",
        _("We could not offer you a place this time. Our email says more."),
        _("You can apply again when a new round opens."),
    ),
    "accepted": Stage(
        "accepted",
        _("You have a place"),
        "good",
        _("You said yes. We look forward to meeting you."),
        _("We will send you calendar invitations for the sessions."),
    ),
    "declined": Stage("declined", _("You said no"), "neutral", _("You turned the place down."), ""),
    "lapsed": Stage(
        "lapsed",
        _("Offer ended"),
        "neutral",
        _("The time to answer passed, so the place went to somebody else."),
        _("If you did not see our email, please write to us."),
    ),
    "withdrawn": Stage(
        "withdrawn",
        _("Taken back"),
        "neutral",
        _("You took this application back. Nobody will read it."),
        _("You can apply again when a new round opens."),
    ),
    "withdrawn_draft": Stage(
        "withdrawn_draft",
        _("Taken back"),
        "neutral",
        _("You took this back before you sent it. Nobody has read it."),
        _("If you think again, you can begin again while the round is open. What you wrote is kept until then."),
    ),
}

_TIMELINE = ("submitted", "under_review", "decided")


def stage_of(row: ApplicationRow, status: StatusRow | None) -> Stage:
    """The stage to show: the applicant's own acts first, then what the cohorts service last said."""
    if may_begin_again(row):
        return STAGES["withdrawn_draft"]
    if row.state != "submitted":
        return STAGES[row.state]
    return STAGES.get(status.stage, STAGES["submitted"]) if status else STAGES["submitted"]


def timeline(stage: Stage) -> list[dict[str, str]]:
    """The way of an application, with where this one is."""
    reached = _TIMELINE.index(stage.code) if stage.code in _TIMELINE else len(_TIMELINE)
    steps = [
        {"title": STAGES[code].label, "text": "", "state": _state(place, reached)}
        for place, code in enumerate(_TIMELINE)
    ]
    if stage.code not in _TIMELINE:
        steps.append({"title": stage.label, "text": stage.meaning, "state": "current"})
    return steps


def _state(place: int, reached: int) -> str:
    if place < reached:
        return "done"
    return "current" if place == reached else "todo"
