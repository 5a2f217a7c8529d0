"""What views share: the service's units of work, and its config where signing needs it."""

from dataclasses import dataclass

from flask import Flask, current_app

from services.notifications.config import Config
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from shared.timekeeping import Clock
from shared.unit_of_work import Units

_EXTENSION = "hearth.notifications"


@dataclass(frozen=True)
class WebContext:
    """Handed to the views by `app.build`."""

    units: Units[NotificationsUnitOfWork]
    config: Config
    clock: Clock


def attach(app: Flask, context: WebContext) -> None:
    """Let the views of `app` find their context."""
    app.extensions[_EXTENSION] = context


def here() -> WebContext:
    """The context of the application that answers this request."""
    context: WebContext = current_app.extensions[_EXTENSION]
    return context


def units() -> Units[NotificationsUnitOfWork]:
    """The units of work of the application that answers this request."""
    return here().units
