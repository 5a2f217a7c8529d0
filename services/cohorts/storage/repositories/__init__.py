"""Rows of the cohorts service, found and kept: one module per noun."""
