"""The tests. Only this folder is a package, so that `tests.servers` is ours whatever else is installed."""
