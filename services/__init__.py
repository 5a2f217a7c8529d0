"""The three services of Hearth, and the `hearth` command."""
