"""What moves events and keeps the clock: threads of a worker process, or of the one process of the embedded mode."""

import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from shared.contracts.registry import PUBLISHERS
from shared.service import Service
from shared.worker.embedded import EmbeddedBroker

__all__ = ["EmbeddedBroker", "run_worker"]


def run_worker(
    service: Service[Any],
    broker_url: str,
    stop: threading.Event,
    *,
    env: Mapping[str, str] = os.environ,
    listeners: Sequence[str] = PUBLISHERS,
) -> None:
    """A service's own worker process: see `shared.worker.process.run`."""
    # Not at the top: the embedded mode has no use for AMQP, and loading it takes a good part of a second.
    from shared.worker import process

    process.run(service, broker_url, stop, env=env, listeners=listeners)
