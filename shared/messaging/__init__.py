"""Outbox, inbox, relay and the two brokers (RabbitMQ, in-process)."""
