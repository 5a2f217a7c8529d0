"""What every test may use: the servers of tests/servers, started only when a test asks for one."""

pytest_plugins = ["tests.servers.plugin", "tests.servers.browser", "tests.servers.mail", "tests.processes.plugin"]
