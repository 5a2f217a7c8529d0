"""Servers in containers, where a Docker engine answers and has, or can get, the images."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

IMAGES = {
    "postgres": os.environ.get("HEARTH_TEST_POSTGRES_IMAGE", "postgres:16"),
    "rabbit": os.environ.get("HEARTH_TEST_RABBIT_IMAGE", "rabbitmq:4-management"),
}
_PULL_SECONDS = 300


class Stoppable(Protocol):
    """What is left to do with a running container."""

    def stop(self) -> None: ...


def engine_answers() -> bool:
    """Whether there is a Docker engine; asks for at most three seconds, and nobody when no socket is there."""
    address = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if address.startswith("unix://") and not Path(address.removeprefix("unix://")).exists():
        return False
    try:
        return _docker("version", seconds=3)
    except FileNotFoundError:
        return False


def has_image(kind: str) -> bool:
    """Whether the image is here, or could be fetched."""
    return _docker("image", "inspect", IMAGES[kind], seconds=10) or _docker(
        "pull", "-q", IMAGES[kind], seconds=_PULL_SECONDS
    )


def start(kind: str) -> tuple[Stoppable, dict[str, str]]:
    """Start a container; it, and the addresses as the run's record holds them."""
    # The keeper process ends the container; a second watcher container would need one more image.
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    starters: dict[str, Callable[[], tuple[Stoppable, dict[str, str]]]] = {
        "postgres": _start_postgres,
        "rabbit": _start_rabbit,
    }
    return starters[kind]()


def _start_postgres() -> tuple[Stoppable, dict[str, str]]:
    from testcontainers.postgres import PostgresContainer

    container = PostgresContainer(IMAGES["postgres"], driver="psycopg")
    container.with_command("postgres -c fsync=off -c max_connections=200").start()
    return container, {"url": container.get_connection_url()}


def _start_rabbit() -> tuple[Stoppable, dict[str, str]]:
    from testcontainers.rabbitmq import RabbitMqContainer

    container = RabbitMqContainer(IMAGES["rabbit"])
    container.with_exposed_ports(5672, 15672).start()
    host = container.get_container_host_ip()
    account = "guest:guest"
    return container, {
        "url": f"amqp://{account}@{host}:{container.get_exposed_port(5672)}/%2F",
        "management": f"http://{account}@{host}:{container.get_exposed_port(15672)}",
    }


def _docker(*arguments: str, seconds: float) -> bool:
    try:
        done = subprocess.run(["docker", *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
