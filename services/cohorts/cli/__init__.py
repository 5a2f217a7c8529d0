"""The commands of this service, by name; imported only when asked for, so that the others start quickly."""

COMMANDS: dict[str, str] = {
    "assign": "services.cohorts.cli.assign:assign_command",
    "calibrate": "services.cohorts.cli.calibrate:calibrate_command",
}
