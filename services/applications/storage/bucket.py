"""Files in a bucket of an object store that speaks the S3 protocol, sealed as everywhere."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.applications.storage.files import checked, gone
from shared.errors import NotFound, Unavailable
from shared.files.bucket import SETTINGS, Bucket

if TYPE_CHECKING:
    from obstore.store import S3Store

_PATIENCE = timedelta(seconds=15)
_RETRIES = 3


class BucketFiles:
    """Files in a bucket, each put as a whole.

    A bucket of its own, private and without versions: what is forgotten here has to be gone there too.
    """

    def __init__(self, bucket: Bucket) -> None:
        self._store = _open(bucket)

    def put(self, name: str, body: bytes) -> None:
        """Keep a file: whole, or not at all. Raises Unavailable."""
        import obstore

        try:
            with _answering():
                obstore.put(self._store, _path(name), body, use_multipart=False)
        except NotFound:
            checked(name)
            raise _away() from None  # there is no such bucket

    def get(self, name: str) -> bytes:
        """Its bytes; raises NotFound, Unavailable."""
        import obstore

        with _answering():
            return obstore.get(self._store, _path(name)).bytes().to_bytes()

    def head(self, name: str, length: int) -> bytes:
        """How it begins; raises NotFound, Unavailable."""
        import obstore

        with _answering():
            return obstore.get_range(self._store, _path(name), start=0, length=length).to_bytes()

    def drop(self, name: str) -> None:
        """Forget it; twice is once. Raises Unavailable."""
        import obstore

        try:
            with _answering():
                obstore.delete(self._store, _path(name))
        except NotFound:
            checked(name)  # not there any more; a name that is none of ours stays an error

    def names(self, before: datetime) -> Iterator[str]:
        """The names of files that were put before a moment. Raises Unavailable."""
        import obstore

        with _answering():
            for some in obstore.list(self._store):
                for each in some:
                    if each["last_modified"] < before:
                        yield each["path"].rpartition("/")[2]


def _open(bucket: Bucket) -> "S3Store":
    # Imported where there is a bucket: the library is large, and most installations have none.
    from obstore.store import S3Store

    for name in SETTINGS:
        # The library reads the environment too. To it an empty variable, as compose files pass them on, is a value.
        if os.environ.get(name) == "":
            del os.environ[name]
    settings: Any = dict(bucket.settings)
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        config=settings,
        client_options={
            "timeout": _PATIENCE,
            "connect_timeout": timedelta(seconds=5),
            "allow_http": bucket.settings.get("aws_endpoint", "").startswith("http://"),
        },
        retry_config={"max_retries": _RETRIES, "retry_timeout": _PATIENCE},
    )


@contextmanager
def _answering() -> Iterator[None]:
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise gone() from None
    except (BaseError, OSError) as error:
        raise _away() from error


def _away() -> Unavailable:
    return Unavailable(
        "The place where files are kept does not answer. Nothing was lost. Please try again in a few minutes."
    )


def _path(name: str) -> str:
    return f"{checked(name)[-2:]}/{name}"
