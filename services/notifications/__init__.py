"""Owns templates, messages, deliveries, suppressions and preferences: everything sent to a person.

Publishes `notifications.*` events; listens to `applications.*` and `cohorts.*`.
"""
