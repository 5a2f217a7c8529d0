"""The fixtures for PostgreSQL and RabbitMQ. Nothing starts before a test asks; a run's workers share one server."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.servers import finding
from tests.servers.postgres import Postgres, PostgresProcess
from tests.servers.processes import CannotStart
from tests.servers.rabbit import Rabbit, RabbitProcess
from tests.servers.shared_run import SharedRun
from tests.servers.spares import Spares

_RUN = pytest.StashKey[SharedRun]()


def pytest_configure(config: pytest.Config) -> None:
    """The controller makes the run's folder; workers are told of it."""
    worker = getattr(config, "workerinput", None)
    if worker is None:
        config.stash[_RUN] = SharedRun.begin()
    else:
        config.stash[_RUN] = SharedRun(Path(worker["hearth_folder"]), worker["hearth_owner"])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """pytest-xdist's hook: what a new worker needs to know."""
    run = node.config.stash[_RUN]
    node.workerinput["hearth_folder"] = str(run.folder)
    node.workerinput["hearth_owner"] = run._owner


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what this run started; the controller alone does that."""
    if _RUN in config.stash and not hasattr(config, "workerinput"):
        config.stash[_RUN].end()


def pytest_report_header() -> list[str]:
    """Where servers would come from, should a test ask for one."""
    return [f"{finding.NAMES[kind]}: {finding.plan(kind)}" for kind in finding.ADDRESSES]


def pytest_terminal_summary(terminalreporter: object, config: pytest.Config) -> None:
    """What this run did use."""
    run = config.stash[_RUN]
    used = [f"{finding.NAMES[kind]}: {record['origin']}" for kind, record in run.started().items()]
    used += [f"{finding.NAMES[kind]}: servers of single tests' own" for kind in sorted(run.own())]
    terminalreporter.write_line("Ran against " + ("; ".join(used) if used else "no server") + ".")


class MakeDatabase(Protocol):
    """The `postgres` fixture: the SQLAlchemy address of a fresh database.

    With `prepare`, the database looks like one that `prepare(url)` filled, once in the whole run for each `key`.
    """

    def __call__(self, key: str = "", prepare: Callable[[str], object] | None = None) -> str: ...


def server_of(config: pytest.Config, kind: str) -> dict[str, str]:
    """The run's server; the test fails with advice when there is none to be had."""
    try:
        return config.stash[_RUN].server(kind)
    except CannotStart as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> Postgres:
    """The run's PostgreSQL, as its administrator."""
    return Postgres(server_of(pytestconfig, "postgres")["url"])


@pytest.fixture(scope="session")
def _spares(postgres_server: Postgres) -> Iterator[Spares]:
    spares = Spares(postgres_server)
    yield spares
    spares.end()


@pytest.fixture
def postgres(postgres_server: Postgres, _spares: Spares, pytestconfig: pytest.Config) -> Iterator[MakeDatabase]:
    """A function that makes a fresh database and gives its SQLAlchemy address."""
    bare: list[str] = []
    taken: list[tuple[str, str]] = []

    def make(key: str = "", prepare: Callable[[str], object] | None = None) -> str:
        if prepare is None:
            bare.append(postgres_server.create())
            return bare[-1]
        template = pytestconfig.stash[_RUN].template(postgres_server, key, prepare)
        taken.append((key, _spares.take(key, lambda: postgres_server.create(template))))
        return taken[-1][1]

    yield make
    for key, url in taken:
        _spares.give_back(key, url)
    for url in bare:
        postgres_server.drop(url)


@pytest.fixture(scope="session")
def rabbit_server(pytestconfig: pytest.Config) -> Rabbit:
    """The run's RabbitMQ, as its administrator."""
    record = server_of(pytestconfig, "rabbit")
    return Rabbit(record["url"], record.get("management"))


@pytest.fixture
def rabbit(rabbit_server: Rabbit) -> Iterator[str]:
    """The AMQP address of a virtual host of this test's own."""
    url = rabbit_server.create()
    yield url
    rabbit_server.drop(url)


@pytest.fixture
def own_postgres(pytestconfig: pytest.Config) -> Iterator[PostgresProcess]:
    """A durable PostgreSQL of this test's own, running, for tests that stop, kill and start it."""
    yield from _own(pytestconfig, "postgres")


@pytest.fixture
def own_rabbit(pytestconfig: pytest.Config) -> Iterator[RabbitProcess]:
    """A RabbitMQ of this test's own, running, for tests that stop, kill and start it."""
    yield from _own(pytestconfig, "rabbit")


def _own(config: pytest.Config, kind: str) -> Iterator[PostgresProcess | RabbitProcess]:
    folder = config.stash[_RUN].folder
    number = len(list(folder.glob(f"own-{kind}-*")))
    place = folder / f"own-{kind}-{getattr(config, 'workerinput', {}).get('workerid', 'alone')}-{number}"
    try:
        process = finding.private(kind, place, durable=True)
        process.create()
        process.start()
    except CannotStart as error:
        pytest.fail(str(error), pytrace=False)
    yield process
    process.discard()
