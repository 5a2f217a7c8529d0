"""The JSON API of this service, version 1."""

from services.notifications.web.api import messages, previews

BLUEPRINTS = (messages.blueprint, previews.blueprint)
