"""Seal everything anew with the newest key, in batches, while the site runs; and say which keys are still needed."""

from collections.abc import Callable

from sqlalchemy.exc import OperationalError, ProgrammingError

from services.applications.storage.sealed_columns import file_keys, keys_in_use, left, reseal, reseal_files
from services.applications.storage.sealing import Sealer
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.config import ConfigError
from shared.unit_of_work import Units

BATCH = 200
FILES = 10


def rotate_keys(
    units: Units[ApplicationsUnitOfWork], sealer: Sealer, progress: Callable[[int, int], None], batch: int = BATCH
) -> int:
    """Reseal until nothing is left that an older key sealed; how many values that were.

    Each batch commits on its own: stopped at any moment, the next call goes on where this one was. Raises Sealed for a
    value that no configured key opens.
    """
    with units.begin(write=False) as uow:
        total = left(uow.session, sealer)
    done = 0
    while True:
        with units.begin() as uow:
            found = reseal(uow.session, sealer, batch)
        if not found:
            break
        done += found
        progress(done, max(total, done))
    return _files(units, sealer, done, progress)


def _files(
    units: Units[ApplicationsUnitOfWork], sealer: Sealer, done: int, progress: Callable[[int, int], None]
) -> int:
    """The same for files, a few at a time: they may be large."""
    after = None
    while True:
        with units.begin() as uow:
            found, after = reseal_files(uow.session, sealer, uow.files, FILES, after)
        done += found
        if after is None:
            return done
        if found:
            progress(done, done)


def keys_needed(uow: ApplicationsUnitOfWork) -> dict[str, int]:
    """Key id -> how many values and files it sealed."""
    return dict(keys_in_use(uow.session) + file_keys(uow.session, uow.files))


def require_keys(units: Units[ApplicationsUnitOfWork], sealer: Sealer) -> None:
    """Raise ConfigError when a key is not configured that values still need: without it they could not be read."""
    try:
        with units.begin(write=False) as uow:
            needed = keys_needed(uow)
    except (OperationalError, ProgrammingError):
        return  # away, or not migrated yet: others say so
    missing = {key: count for key, count in needed.items() if not sealer.knows(key)}
    if missing:
        said = ", ".join(f"{key!r} ({count} values)" for key, count in sorted(missing.items()))
        raise ConfigError(
            "APPLICATIONS_FIELD_KEYS",
            f"lacks keys that sealed values still need: {said}. Put them back behind the new one, "
            "run `hearth rotate-keys`, and then take them out.",
        )
