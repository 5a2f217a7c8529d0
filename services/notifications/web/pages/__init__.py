"""The pages: messages and templates for staff, the local outbox on a demonstration."""
