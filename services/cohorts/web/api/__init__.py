"""The JSON API."""

from typing import Any

BLUEPRINTS: tuple[Any, ...] = ()
