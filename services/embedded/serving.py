"""Start an embedded Hearth: load the sample at the first start, then serve pages until it is stopped."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import waitress

from services.embedded.assembly import Assembly, assemble
from services.embedded.command import Stopwatch, now, show_progress
from services.embedded.home import Home, open_home
from services.embedded.sample import STAFF, load_sample
from services.embedded.sample_panel import PANEL
from services.embedded.site import site
from shared import logs
from shared.timekeeping import MovableClock, system_clock


def serve(folder: Path, host: str, port: int, count: int, seed: int, threads: int) -> None:
    """Everything, until SIGTERM or Ctrl-C. Raises Unusable."""
    watch = Stopwatch()
    home, url = open_home(folder), f"http://{host}:{port}"
    with (home.folder / "hearth.log").open("a", encoding="utf-8") as log_file:
        logs.configure("demo", "INFO", log_file)
        prepare(home, url, count, seed)
        with running(home, url) as assembly:
            server = waitress.create_server(site(assembly), host=host, port=port, threads=threads, ident=None)
            signal.signal(signal.SIGTERM, _stop)
            click.echo(_welcome(url, home, watch))
            try:
                server.run()
            except (KeyboardInterrupt, SystemExit):
                click.echo("\nStopped. Your data is kept.")


def prepare(home: Home, url: str, count: int, seed: int) -> None:
    """Load the sample, unless an earlier start did; one that was cut off is begun again."""
    if home.database("applications").exists() and not home.unfinished.exists():
        return
    home.forget()
    home.unfinished.write_text("")
    clock = MovableClock(now())
    assembly = assemble(home, url, clock, demo=True, durable=False)
    load_sample(assembly, clock, now(), count, seed, show_progress)
    assembly.dispose()
    home.unfinished.unlink()


@contextmanager
def running(home: Home, url: str) -> Iterator[Assembly]:
    """The services at work, their broker in threads."""
    assembly = assemble(home, url, system_clock, demo=True)
    assembly.broker.start()
    try:
        yield assembly
    finally:
        assembly.broker.stop()
        assembly.dispose()


def _stop(*_: Any) -> None:
    raise SystemExit(0)


def _welcome(url: str, home: Home, watch: Stopwatch) -> str:
    panel = ", ".join(name for name, _, _ in PANEL)
    return "\n".join(
        (
            f"Hearth is ready at {url}  (after {watch})",
            "",
            f"  Apply yourself      {url}/rounds/leading-together-2027",
            f"  Programme staff     {STAFF[0]}: one click on the front page",
            f"  Panel               {panel}: one click each",
            f"  All mail it sends   {url}/outbox",
            "",
            f"Data is kept in {home.folder}. Stop with Ctrl-C.",
        )
    )
