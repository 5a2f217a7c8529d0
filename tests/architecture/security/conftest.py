"""The three services as they are built for real, after a whole journey: one world for all the checks of security."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from services.embedded.assembly import assemble
from shared.service import Service
from tests.architecture.security.parts import HTTPS, NAMES
from tests.architecture.world import World, build_world


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Three services with people, applications and mail in them."""
    with build_world(tmp_path_factory.mktemp("world")) as built:
        yield built


@pytest.fixture(params=NAMES)
def service(request: pytest.FixtureRequest, world: World) -> Service[Any]:
    """Each of the three in turn."""
    return next(each for each in world.services if each.name == request.param)


@pytest.fixture(scope="package")
def https(world: World) -> Iterator[Callable[[], Any]]:
    """The applications service as the public sees it, on the same databases."""
    assembly = assemble(world.home, HTTPS, world.clock, demo=False)
    yield lambda: assembly.applications
    assembly.dispose()
