"""Alembic environment of the applications service."""

from services.applications.storage.tables import metadata
from shared.migrations import run_environment

run_environment(metadata)
