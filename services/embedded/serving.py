"""Start an embedded Hearth: serve pages at once, and bring the sample in beside them at the first start."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from services.embedded.assembly import Assembly, assemble
from services.embedded.console import Stopwatch, now, show_progress
from services.embedded.home import Home, open_home
from services.embedded.sample import STAFF, Wish, load_sample
from services.embedded.sample_panel import PANEL
from services.embedded.site import site
from shared import logs
from shared.oversize import create_server
from shared.process import SERVER
from shared.timekeeping import system_clock

# Nobody stands in front of a demonstration, so forwarded headers are nobody's to send.
_SERVER = {**SERVER, "clear_untrusted_proxy_headers": True}


def serve(folder: Path, host: str, port: int, count: int, seed: int, threads: int) -> None:
    """Everything, until SIGTERM or Ctrl-C. Raises Unusable."""
    watch = Stopwatch()
    home, url = open_home(folder), f"http://{host}:{port}"
    with (home.folder / "hearth.log").open("a", encoding="utf-8") as log_file:
        logs.configure("demo", "INFO", log_file)
        with running(home, url) as assembly:
            server = create_server(site(assembly), host=host, port=port, threads=threads, **_SERVER)
            signal.signal(signal.SIGTERM, _stop)
            click.echo(_welcome(url, home, watch))
            loading = Loading(assembly, home, Wish(count, seed, now()))
            loading.start()
            try:
                server.run()
            except (KeyboardInterrupt, SystemExit):
                click.echo("\nStopped. Your data is kept.")
            loading.stop()


class Loading:
    """Brings the sample in beside the running site, so that nobody waits for it; a later start goes on with it."""

    def __init__(self, assembly: Assembly, home: Home, wish: Wish) -> None:
        self._assembly = assembly
        self._home = home
        self._wish = wish
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._load, name="sample", daemon=True)

    def start(self) -> None:
        """Begin, unless everything is there from an earlier start."""
        if not self._home.loaded.exists():
            self._thread.start()

    def stop(self) -> None:
        """End after the step in hand."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _load(self) -> None:
        try:
            load_sample(self._assembly, self._wish, self._settle, self._progress)
        except _Stopped:
            return
        except Exception:
            logging.getLogger(__name__).exception("the sample could not be loaded")
            click.echo("The sample programme could not be loaded to its end: see hearth.log in the data directory.")
            return
        self._home.loaded.write_text("")
        click.echo("The sample programme is complete.")

    def _settle(self, done: Callable[[], bool]) -> None:
        while not done():
            if self._stopped.wait(0.1):
                raise _Stopped

    def _progress(self, done: int, total: int) -> None:
        show_progress(done, total)
        if self._stopped.is_set():
            raise _Stopped


class _Stopped(Exception):
    """The site is stopping."""


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
