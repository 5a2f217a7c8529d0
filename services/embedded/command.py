"""`hearth demo`: a whole programme to walk around in, on this machine alone."""

import socket
import sys
from pathlib import Path

import click

from shared.loading import loading

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "data" / "demo"
HOST = "127.0.0.1"


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, help="Where to keep everything.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--applications", "count", type=click.IntRange(0, 10_000), default=300, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed invents the same people.")
@click.option("--threads", type=click.IntRange(1, 64), default=8, hidden=True)
def demo(data: Path, port: int, count: int, seed: int, threads: int) -> None:
    """Run all three services here with an invented programme; nothing leaves this machine."""
    _require_free(port)
    with loading():
        # Imported here, so that a mistyped option or a taken port is answered at once.
        from services.embedded.home import Unusable
        from services.embedded.serving import serve

    try:
        serve(data, HOST, port, count, seed, threads)
    except Unusable as error:
        sys.exit(f"hearth: {error}")


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            sys.exit(f"hearth: port {port} is taken by another program. Choose another, such as --port {port + 1}.")
