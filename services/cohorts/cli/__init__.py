"""The commands of this service, by name; imported only when asked for, so that the others start quickly."""

COMMANDS: dict[str, str] = {
    "select": "services.cohorts.cli.select:select_command",
    "draw": "services.cohorts.cli.select:draw_command",
    "assign": "services.cohorts.cli.assign:assign_command",
    "calibrate": "services.cohorts.cli.calibrate:calibrate_command",
    "attendance": "services.cohorts.cli.attendance:attendance",
    "groups": "services.cohorts.cli.groups:groups",
    "materials": "services.cohorts.cli.materials:materials",
    "sessions": "services.cohorts.cli.sessions:sessions",
    "signposts": "services.cohorts.cli.signposts:signposts",
    "surveys": "services.cohorts.cli.surveys:surveys",
    "welcome-pack": "services.cohorts.cli.welcome_pack:welcome_pack",
    "verify-record": "services.cohorts.cli.verify_record:verify_record_command",
}
