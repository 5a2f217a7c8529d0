"""Running sites for the journeys."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.sites import EmbeddedSite, embedded_site


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedSite]:
    """The embedded mode with 24 applications, for all journeys of this worker."""
    folder: Path = tmp_path_factory.mktemp("demonstration")
    with embedded_site(folder, applications=24) as site:
        yield site
