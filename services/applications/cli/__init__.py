"""The commands of the applications service: name -> "module:function", imported only when asked for."""

COMMANDS: dict[str, str] = {
    "add-person": "services.applications.cli.people:add_person",
    "extensions": "services.applications.cli.extensions:extensions",
    "form": "services.applications.cli.forms:form_command",
    "organisations": "services.applications.cli.organisations:organisations",
    "rotate-keys": "services.applications.cli.rotate_keys:rotate",
    "rules": "services.applications.cli.rules:rules",
    "score": "services.applications.cli.score:score_command",
}
