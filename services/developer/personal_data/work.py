"""The services that a command about somebody's data works on, and waiting for what the others have to say."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.embedded.assembly import Assembly
from shared.service import Service
from shared.unit_of_work import Units

_PAUSE = 0.5


@dataclass(frozen=True)
class Work:
    """Services by name; how they are put together where they are all in this process."""

    services: dict[str, Service[Any]]
    assembly: Assembly | None

    @property
    def units(self) -> Units[ApplicationsUnitOfWork]:
        """Units of work of the service that owns people."""
        return self.services["applications"].units

    @contextmanager
    def speaking(self, language: str) -> Iterator[None]:
        """Texts are in this language within: they come out of the catalogues of the pages."""
        with self.services["applications"].web.test_request_context(f"/?language={language}"):
            yield

    def wait_until(self, done: Callable[[ApplicationsUnitOfWork], bool], seconds: float) -> bool:
        """Wait until the workers have brought it about; without workers, in the embedded mode, do their work here."""
        deadline = time.monotonic() + seconds
        while not self._is(done):
            if self.assembly is not None:
                self.assembly.broker.run_until_idle(max(seconds, 1))
                return self._is(done)
            if time.monotonic() >= deadline:
                return False
            time.sleep(_PAUSE)
        return True

    def _is(self, done: Callable[[ApplicationsUnitOfWork], bool]) -> bool:
        with self.units.begin(write=False) as uow:
            return done(uow)
