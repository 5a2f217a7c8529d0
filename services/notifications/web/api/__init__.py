"""The JSON API of this service, version 1."""

from services.notifications.web.api.messages import blueprint

__all__ = ["blueprint"]
