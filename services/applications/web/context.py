"""What views share: the service's units of work, and its config where signing needs it."""

from dataclasses import dataclass

from flask import Flask, current_app

from services.applications.config import Config
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.timekeeping import Clock
from shared.unit_of_work import Units
from shared.web.i18n import chosen_language

_EXTENSION = "hearth.applications"


@dataclass(frozen=True)
class WebContext:
    """Handed to the views by `app.build`."""

    units: Units[ApplicationsUnitOfWork]
    config: Config
    clock: Clock


def attach(app: Flask, context: WebContext) -> None:
    """Let the views of `app` find their context."""
    app.extensions[_EXTENSION] = context


def here() -> WebContext:
    """The context of the application that answers this request."""
    context: WebContext = current_app.extensions[_EXTENSION]
    return context


def units() -> Units[ApplicationsUnitOfWork]:
    """The units of work of the application that answers this request."""
    return here().units


def language() -> str:
    """The tag of the reader's language."""
    return chosen_language() or "en"
