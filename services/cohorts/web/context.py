"""What views share: the service's units of work, and on whose behalf they act."""

from dataclasses import dataclass

from flask import Flask, current_app

from services.cohorts.config import Config
from services.cohorts.domain.actor import Actor
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.timekeeping import Clock
from shared.unit_of_work import Units
from shared.web.identity import known
from shared.web.navigation import STAFF

_EXTENSION = "hearth.cohorts"


@dataclass(frozen=True)
class WebContext:
    """Handed to the views by `app.build`."""

    units: Units[CohortsUnit]
    config: Config
    clock: Clock


def attach(app: Flask, context: WebContext) -> None:
    """Let the views of `app` find their context."""
    app.extensions[_EXTENSION] = context


def units() -> Units[CohortsUnit]:
    """The units of work of the application that answers this request."""
    context: WebContext = current_app.extensions[_EXTENSION]
    return context.units


def actor() -> Actor:
    """The signed-in person, in a view whose access rule made sure that there is one.

    Only those who answer for the programme are named: the record cannot be changed, and others may ask to be erased.
    """
    who = known()
    return Actor(who.person_id, who.name if who.has(*STAFF) else "a panel member")
