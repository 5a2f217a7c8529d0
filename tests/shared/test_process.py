"""The three processes of a service, as far as one test can see them without starting them for good."""

import os
import signal
import socket
import threading
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import waitress

from shared import config, logs, process
from shared.service import Service
from tests.shared.web.site import Site, build


@pytest.fixture
def proxied(tmp_path: Path) -> Site:
    """A site behind one proxy."""
    return build(tmp_path, proxies=1)


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HEARTH_WEB") or name == "HEARTH_BROKER_URL"]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(logs, "configure", lambda *_: None)


def unbuildable(_: object) -> Service[Any]:
    raise config.ConfigError("COHORTS_SECRET_KEY", "is not set.")


@pytest.mark.parametrize("arguments", [[], ["serve"], ["web", "worker"], ["--help"]])
def test_only_three_words_are_known(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert process.main("cohorts", unbuildable, arguments) == 64
    assert "services.cohorts web | worker | migrate" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["web", "worker", "migrate"])
def test_what_is_missing_is_one_line(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert process.main("cohorts", unbuildable, [word]) == 78
    assert capsys.readouterr().err == f"hearth: cannot start cohorts {word}: COHORTS_SECRET_KEY: is not set.\n"


def test_a_worker_needs_its_broker(proxied: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert process.main("toy", lambda _: proxied.service, ["worker"]) == 78
    assert "HEARTH_BROKER_URL" in capsys.readouterr().err


def test_a_port_that_is_taken_is_one_line(
    proxied: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("HEARTH_WEB_PORT", str(taken.getsockname()[1]))
        monkeypatch.setitem(process.DEFAULT_PORTS, "toy", 8004)
        assert process.main("toy", lambda _: proxied.service, ["web"]) == 78
    assert "HEARTH_WEB_PORT" in capsys.readouterr().err


def test_the_server_hides_itself_and_lets_the_proxys_word_through(proxied: Site) -> None:
    """Without it everybody behind the gateway is one visitor, and shares one limit."""
    server = waitress.create_server(proxied.service.web, host="127.0.0.1", port=0, threads=1, **process.SERVER)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.effective_port}/toy/address",
        headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.4", "X-Forwarded-Proto": "https"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        body, headers = answer.read(), answer.headers
    server.close()
    assert b'"address":"192.0.2.4"' in body and b'"secure":true' in body
    assert "Server" not in headers


def test_migrate_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from services.notifications.app import build as build_notifications
    from services.notifications.config import Config, sender
    from tests.shared.web.site import PUBLIC

    service = build_notifications(
        Config(
            database_url=f"sqlite:///{tmp_path}/n.sqlite3",
            public_url="http://localhost",
            secret_key="x" * 40,
            identity_public_key=PUBLIC,
            mailer=f"folder:{tmp_path}",
            sender=sender("Hearth <a@example.org>"),
            programme="Hearth",
        )
    )
    assert process.main("notifications", lambda _: service, ["migrate"]) == 0
    assert capsys.readouterr().out == "notifications: the database is up to date\n"
    service.units.engine.dispose()


def test_a_database_that_is_away_is_one_line_without_its_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = build(tmp_path)
    site.service.units.engine.dispose()
    from shared.database import open_engine

    site.service.units.engine = open_engine("postgresql+psycopg://noor:verysecret1@127.0.0.1:1/none")
    assert process.main("toy", lambda _: site.service, ["migrate"]) == 75
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "verysecret1" not in said and "Traceback" not in said


def test_sigterm_ends_the_web_process_well(proxied: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM)

    class Server:
        def run(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(waitress, "create_server", lambda *_, **__: Server())
    monkeypatch.setitem(process.DEFAULT_PORTS, "toy", 8004)
    try:
        with pytest.raises(SystemExit) as ended:
            process.main("toy", lambda _: proxied.service, ["web"])
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended.value.code == 0
