"""A small site for the tests of the shared pages and API."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.shared.web.site import Site, build

MakeSite = Callable[..., Site]


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    """Sites that were built already: building one takes longer than most tests of it."""
    made: dict[str, Site] = {}
    yield made
    for site in made.values():
        site.service.units.engine.dispose()


@pytest.fixture
def make_site(tmp_path_factory: pytest.TempPathFactory, sites: dict[str, Site]) -> MakeSite:
    """Builds sites as a test wants them: with the clock at its start and nothing in the database."""

    def make(url: str = "", **settings: Any) -> Site:
        wanted = repr((url, sorted(settings.items())))
        if wanted not in sites:
            sites[wanted] = build(Path(tmp_path_factory.mktemp("site")), url, **settings)
        sites[wanted].begin_again()
        return sites[wanted]

    return make


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """The usual one: http on this machine, SQLite."""
    return make_site()


@pytest.fixture
def https_site(make_site: MakeSite) -> Site:
    """One as the public sees it."""
    return make_site(public_url="https://apply.example.org")
