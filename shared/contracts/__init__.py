"""The events that the services publish to each other."""
