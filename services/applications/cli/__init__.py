"""The commands of the applications service: name -> "module:function", imported only when asked for."""

COMMANDS: dict[str, str] = {
    "score": "services.applications.cli.score:score_command",
}
