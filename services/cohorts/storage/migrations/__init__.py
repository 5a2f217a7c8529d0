"""Migrations of the cohorts service's database."""
