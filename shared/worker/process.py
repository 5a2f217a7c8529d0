"""A service's worker process: relay, listener, clock, loops and housekeeping, until it is told to stop."""

import logging
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from shared import config
from shared.messaging.inbox import Listener
from shared.messaging.rabbit_consumer import RabbitConsumer
from shared.messaging.replay import replay_next
from shared.schedule import Schedule
from shared.service import Service
from shared.worker import housekeeping
from shared.worker.health import HealthServer
from shared.worker.relaying import relay_task
from shared.worker.threads import Task, Threads

log = logging.getLogger(__name__)


def run(
    service: Service[Any],
    broker_url: str,
    stop: threading.Event,
    *,
    env: Mapping[str, str],
    listeners: Sequence[str],
) -> None:
    """Work until `stop` is set, then finish what is in hand.

    `broker_url` may name several hosts, separated by `;`. Nothing is published before the queues of all `listeners`
    stand. From `env`: HEARTH_NOTIFY=off leaves the relay to its poll, HEARTH_RELAY_POLL_MS (1000) is that poll;
    HEARTH_WORKER_PORT (absent: none) and HEARTH_WORKER_HOST (127.0.0.1) serve /health/live, /health/ready and /metrics.
    Raises ConfigError.
    """
    if env.get("HEARTH_NOTIFY", "on") == "off":
        service.units.notify = False
    poll = config.number(env, "HEARTH_RELAY_POLL_MS", 1000, least=10, most=60_000) / 1000
    threads = Threads(stop)
    server = HealthServer.of(env, service, broker_url, threads)
    for task in (relay_task(service, broker_url, poll, listeners), *_tasks(service, broker_url, stop)):
        threads.start(task)
    service.units.on_published = threads.wake_all
    log.info("%s: the worker is at work", service.name)
    try:
        stop.wait()
    finally:
        stop.set()
        late = threads.join(20.0)
        server.close()
        log.info("%s: the worker has stopped%s", service.name, f", but not {late}" if late else "")


def _tasks(service: Service[Any], broker_url: str, stop: threading.Event) -> list[Task]:
    name, units = service.name, service.units
    listener = Listener(name, units, service.handlers, service.metrics)
    schedule = Schedule(units, service.due_handlers, service.metrics)

    def tidy() -> bool:
        housekeeping.purge(units)
        return False

    return [
        _consuming(broker_url, listener, stop),
        Task(f"{name}: clock", schedule.run_next),
        Task(f"{name}: replay", lambda: replay_next(listener), wakeful=False),
        Task(f"{name}: housekeeping", tidy, every=housekeeping.EVERY, wakeful=False),
        *(Task(f"{name}: {loop.name}", loop.step, every=loop.every, close=loop.close) for loop in service.loops),
    ]


def _consuming(broker_url: str, listener: Listener[Any], stop: threading.Event) -> Task:
    def step() -> bool:
        # A fresh consumer each time: whatever made the last one fail may have spoilt its connection.
        RabbitConsumer(broker_url, listener, stop, beat=task.touch).run()
        return False

    task = Task(f"{listener.name}: listener", step)
    return task
