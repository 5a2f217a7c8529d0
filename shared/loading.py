"""Import a whole service without looking for garbage: there is none yet, and looking takes a quarter of the time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Around what a process loads once and keeps for ever. Afterwards none of it is looked through again."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
