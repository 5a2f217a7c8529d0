"""What moves events and keeps the clock: threads of a worker process, or of the one process of the embedded mode."""

from shared.worker.embedded import EmbeddedBroker
from shared.worker.process import run_worker

__all__ = ["EmbeddedBroker", "run_worker"]
