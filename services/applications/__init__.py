"""Owns people and sign-in, rounds, forms, applications and priority scores.

Publishes `applications.*` events; listens to `cohorts.*` (progress, invitations, enrolment) and
`notifications.*` (delivery).
"""
