"""Owns panels, reviews, selections, offers, cohorts and sessions.

Publishes `cohorts.*` events; listens to `applications.*` (rounds, applications, scores, people).
"""
