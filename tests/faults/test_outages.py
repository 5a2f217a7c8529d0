"""The broker or the database goes away under load and comes back: a clear word from health, and nothing lost."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.storm import Storm
from tests.faults.targets import SixProcesses
from tests.processes.plugin import watch
from tests.processes.site import Processes, running
from tests.servers.mail import MailCatcher
from tests.servers.postgres import Postgres, PostgresProcess
from tests.servers.rabbit import RabbitProcess

WEBS = ("applications-web", "cohorts-web", "notifications-web")
WORKERS = ("applications-worker", "cohorts-worker", "notifications-worker")


def until(what: Callable[[], bool], site: Processes, seconds: float = 60) -> None:
    """Wait for an outcome in other processes."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, {name: each.health() for name, each in site.processes.items()}
        time.sleep(0.1)  # other processes: there is nothing to be woken by


def says(site: Processes, name: str, check: str) -> bool:
    """Whether a process says that it is not ready, and that this is why."""
    status, document = site.processes[name].health()
    return status == 503 and document.get("checks", {}).get(check, "ok") != "ok"


def all_live(site: Processes) -> bool:
    """Whether everybody runs and says so: an outage is no reason to start anything again."""
    return all(each.running and each.health("live")[0] == 200 for each in site.processes.values())


@pytest.fixture
def with_own_rabbit(
    request: pytest.FixtureRequest,
    postgres_server: Postgres,
    own_rabbit: RabbitProcess,
    mail_catcher: MailCatcher,
    tmp_path: Path,
) -> Iterator[Processes]:
    """Six processes on a broker that the test may stop."""
    with running(postgres_server, own_rabbit.url, tmp_path, mail=mail_catcher) as site:
        watch(request.node, site)
        yield site


@pytest.mark.postgres
@pytest.mark.rabbit
@pytest.mark.xdist_group("faults")
def test_the_broker_may_go_away_and_be_away_at_a_start(with_own_rabbit: Processes, own_rabbit: RabbitProcess) -> None:
    site = with_own_rabbit
    with Storm(SixProcesses(site)) as storm:

        def killed_under_load() -> None:
            own_rabbit.kill()
            until(lambda: all(says(site, name, "broker") for name in WORKERS), site)
            assert all_live(site)
            assert {site.processes[name].health()[0] for name in WEBS} == {200}, "visitors must not notice"
            own_rabbit.start()
            site.wait_ready()

        def away_when_the_workers_start() -> None:
            own_rabbit.stop()
            site.kill(*WORKERS)
            storm.let_leases_end()
            site.start(*WORKERS)
            until(lambda: all(says(site, name, "broker") for name in WORKERS), site)
            assert all_live(site)
            own_rabbit.start()
            site.wait_ready()

        storm.run(40, [killed_under_load, away_when_the_workers_start])
        assert storm.check() == {}
        assert storm.outcome.figures.counts["broken requests"] == 0, "a submission needs no broker"


@pytest.fixture
def with_own_postgres(
    request: pytest.FixtureRequest,
    own_postgres: PostgresProcess,
    rabbit: str,
    mail_catcher: MailCatcher,
    tmp_path: Path,
) -> Iterator[Processes]:
    """Six processes on a database server that the test may stop."""
    with running(Postgres(own_postgres.url), rabbit, tmp_path, mail=mail_catcher) as site:
        watch(request.node, site)
        yield site


@pytest.mark.postgres
@pytest.mark.rabbit
@pytest.mark.xdist_group("faults")
def test_the_database_may_go_away(with_own_postgres: Processes, own_postgres: PostgresProcess) -> None:
    site = with_own_postgres

    def away(end: Callable[[], None]) -> Callable[[], None]:
        def trouble() -> None:
            end()
            until(lambda: all(says(site, name, "database") for name in (*WEBS, *WORKERS)), site)
            assert all_live(site)
            own_postgres.start()
            site.wait_ready()

        return trouble

    with Storm(SixProcesses(site)) as storm:
        storm.run(40, [away(own_postgres.stop), away(own_postgres.kill)])
        assert storm.check() == {}
        assert storm.outcome.figures.counts["broken requests"] > 0, storm.outcome
