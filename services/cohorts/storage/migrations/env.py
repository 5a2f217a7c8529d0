"""Run by alembic for every migration command."""

from services.cohorts.storage.tables import metadata
from shared.migrations import run_environment

run_environment(metadata)
