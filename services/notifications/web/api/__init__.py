"""The JSON API of this service, version 1."""

from services.notifications.web.api import choices, messages, previews, sending, templates

BLUEPRINTS = (messages.blueprint, previews.blueprint, sending.blueprint, choices.blueprint, templates.blueprint)
