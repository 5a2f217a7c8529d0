"""The fixture `site`: a whole Hearth of six processes for one test. Its logs are in the report of a test that fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.site import Processes, running
from tests.servers.mail import MailCatcher
from tests.servers.postgres import Postgres

_SITES = pytest.StashKey[list[Processes]]()


@pytest.fixture
def site(
    request: pytest.FixtureRequest, postgres_server: Postgres, rabbit: str, mail_catcher: MailCatcher, tmp_path: Path
) -> Iterator[Processes]:
    """Six processes on PostgreSQL and RabbitMQ, ready."""
    with running(postgres_server, rabbit, tmp_path, mail=mail_catcher) as started:
        watch(request.node, started)
        yield started


def watch(node: pytest.Item, site: Processes) -> None:
    """Put the ends of the site's logs into the report if this test fails."""
    node.stash.setdefault(_SITES, []).append(site)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Add the logs."""
    report = yield
    if report.when == "call" and report.failed:
        for site in item.stash.get(_SITES, []):
            report.sections.extend((f"log of {name}", text) for name, text in site.tails().items())
    return report
