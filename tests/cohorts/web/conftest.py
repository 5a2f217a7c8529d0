"""Web tests run on SQLite alone: the use cases below them run on both."""

from collections.abc import Iterator

import pytest

from tests.cohorts.browser import Browser
from tests.cohorts.programme import STAFF, Programme


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    source, target = request.getfixturevalue("empty_sqlite"), request.getfixturevalue("tmp_path") / "cohorts.db"
    target.write_bytes(source.read_bytes())
    return f"sqlite:///{target}"


@pytest.fixture
def staff(programme: Programme) -> Iterator[Browser]:
    """A member of staff's browser."""
    with programme.client(STAFF.name, "staff") as client:
        yield Browser(client)
