"""The commands of this service, by name; imported only when asked for, so that the others start quickly."""

COMMANDS: dict[str, str] = {
    "bounce": "services.notifications.cli.bounce:bounce",
    "held": "services.notifications.cli.held:held",
    "messages": "services.notifications.cli.messages:messages",
    "suppressions": "services.notifications.cli.suppressions:suppressions",
    "templates": "services.notifications.cli.templates:templates",
}
