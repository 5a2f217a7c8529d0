"""Adverse impact: selection rates by group at every stage, told so that nobody can be picked out of the numbers."""
