"""The commands for those who work on Hearth or set it up. Not a service: no service imports it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The folder of the checkout."""
