"""How long from a commit to the handler in another service, whole workers: `python -m tests.bench.latency [count]`."""

import sys
import threading
import time

from shared.timekeeping import system_clock
from shared.worker import run_worker
from tests.bench.messaging import database, events, virtual_host
from tests.shared.messaging.toy import Toy

PER_SECOND = 50


def measure(count: int, **env: str) -> list[float]:
    """Milliseconds for each event, at 50 a second, sorted."""
    with virtual_host() as broker, database() as one, database() as other:
        toy, alpha = Toy("toy", one, system_clock), Toy("alpha", other, system_clock)
        stop, done, ready = threading.Event(), threading.Event(), threading.Event()
        began: dict[int, float] = {}
        took: list[float] = []

        def handled(_unit: object, event: object) -> None:
            if event.number < 0:
                ready.set()
                return
            took.append(1000 * (time.perf_counter() - began[event.number]))
            if len(took) == count:
                done.set()

        alpha.trouble = handled
        options = {"env": env, "listeners": ("alpha",)}
        services = [toy.service(listens=False), alpha.service()]
        threads = [threading.Thread(target=run_worker, args=(s, broker, stop), kwargs=options) for s in services]
        for thread in threads:
            thread.start()
        # Another process would publish: the relay must hear of it from the database alone.
        apart = Toy("toy", one, system_clock)
        apart.publish(*[type(e)(thing_id=e.thing_id, number=-1) for e in events(1)])
        ready.wait(60)
        for event in events(count):
            began[event.number] = time.perf_counter()
            apart.publish(event)
            stop.wait(max(0.0, 1 / PER_SECOND - (time.perf_counter() - began[event.number])))
        done.wait(60)
        stop.set()
        for thread in threads:
            thread.join()
        for each in (toy, alpha, apart):
            each.engine.dispose()
        return sorted(took)


def main(count: int) -> None:
    """With NOTIFY, and with a poll of 100 ms instead."""
    for name, env in (("NOTIFY", {}), ("poll of 100 ms", {"HEARTH_NOTIFY": "off", "HEARTH_RELAY_POLL_MS": "100"})):
        took = measure(count, **env)
        p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
        print(f"commit to handler, {name:<20} p50 {p50:7.1f} ms   p99 {p99:7.1f} ms   ({len(took)} events)", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
