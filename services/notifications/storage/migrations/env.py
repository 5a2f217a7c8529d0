"""Alembic environment of the notifications service."""

from services.notifications.storage.tables import metadata
from shared.migrations import run_environment

run_environment(metadata)
