"""The commands of the applications service: name -> "module:function", imported only when asked for."""

COMMANDS: dict[str, str] = {
    "add-person": "services.applications.cli.people:add_person",
    "form": "services.applications.cli.forms:form_command",
    "publish-rules": "services.applications.cli.rules:publish_rules_command",
    "rotate-keys": "services.applications.cli.rotate_keys:rotate",
    "score": "services.applications.cli.score:score_command",
}
