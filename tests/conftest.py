"""What every test may use: the servers of tests/servers, started only when a test asks for one."""

from hypothesis import settings

pytest_plugins = ["tests.servers.plugin", "tests.servers.browser", "tests.servers.mail", "tests.processes.plugin"]

# How long one example takes says how busy the machine is, and nothing about the code.
settings.register_profile("hearth", deadline=None)
settings.load_profile("hearth")
