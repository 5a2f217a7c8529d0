"""The directory of places to turn to, for everybody."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from services.cohorts.web.context import units
from shared.web import access

pages = Blueprint("directory", __name__, url_prefix="/cohorts/directory")


@pages.get("")
@access.public
def directory() -> ResponseReturnValue:
    """Every entry, or those about one topic."""
    topic = request.args.get("topic", "")
    with units().begin(write=False) as uow:
        rows = uow.signposts.all()
    topics = sorted({row.topic for row in rows})
    shown = [row for row in rows if topic not in topics or row.topic == topic]
    return render_template("cohorts/directory.html", rows=shown, topics=topics, topic=topic if topic in topics else "")
