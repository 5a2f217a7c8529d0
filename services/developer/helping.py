"""`hearth help`: what `--help` says, for whoever types it as a word."""

import click


@click.command("help")
@click.argument("words", nargs=-1)
@click.pass_context
def help_command(ctx: click.Context, words: tuple[str, ...]) -> None:
    """List all commands; after a command's name, say what it does."""
    above = ctx.parent
    while words and above is not None and isinstance(above.command, click.Group):
        name, *rest = words
        command = above.command.get_command(above, name)
        if command is None:
            raise click.UsageError(f"There is no command '{name}'. 'hearth help' lists them all.")
        above, words = click.Context(command, info_name=name, parent=above), tuple(rest)
    click.echo((above or ctx).get_help())
