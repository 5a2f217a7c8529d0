"""Adverse impact: selection rates by group at every stage, told so that nobody can be picked out of the numbers."""

FEW = 5
"""Counts under this are not shown."""
