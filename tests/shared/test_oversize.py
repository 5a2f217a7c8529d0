"""A body far over the limit costs no memory and no disk, and its sender reads the application's own answer."""

import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import waitress.buffers
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from shared import oversize

LIMIT = 1024 * 1024
MEGABYTE = bytes(1024 * 1024)


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Takes half a megabyte, and says what it got."""
    request = Request(environ)
    request.max_content_length = LIMIT // 2
    try:
        answer = Response(f"took {len(request.get_data())}")
    except HTTPException as error:
        assert isinstance(error, RequestEntityTooLarge)
        answer = Response("a kind page", 413)
    return answer(environ, start_response)


@contextmanager
def served() -> Iterator[int]:
    """The port of a real server."""
    server = oversize.create_server(
        application, host="127.0.0.1", port=0, threads=1, max_request_body_size=LIMIT, inbuf_overflow=4096
    )

    def run() -> None:
        with suppress(OSError):  # its sockets are closed under it
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield server.effective_port
    finally:
        server.close()
        thread.join(10)


def head(length: int, *more: str) -> bytes:
    lines = ["POST /files HTTP/1.1", "Host: localhost", f"Content-Length: {length}", *more]
    return "\r\n".join([*lines, "", ""]).encode()


def answer(connection: socket.socket) -> str:
    """One answer, to the end of its short body."""
    text = b""
    while b"\r\n\r\n" not in text or not text.endswith((b"page", b"took 3")):
        part = connection.recv(4096)
        if not part:
            break
        text += part
    return text.decode()


def test_300_megabytes_are_refused_by_a_page_and_kept_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_disk(*_: Any, **__: Any) -> Any:
        raise AssertionError("something was written to disk")

    monkeypatch.setattr(waitress.buffers.TempfileBasedBuffer, "newfile", no_disk)
    with served() as port, socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        connection.sendall(head(300 * len(MEGABYTE)))
        for _ in range(300):
            connection.sendall(MEGABYTE)
        assert "413" in (said := answer(connection)).splitlines()[0] and said.endswith("a kind page")
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown < 30 * 1024, f"{grown} KB more"
        # The same connection goes on.
        connection.sendall(head(3) + b"abc")
        assert answer(connection).endswith("took 3")


@pytest.mark.parametrize(
    "sent",
    [head(300 * len(MEGABYTE), "Expect: 100-continue"), head(oversize.MOST_FORGOTTEN + 1)],
    ids=["waits", "huge"],
)
def test_nothing_is_read_of_what_waits_or_is_beyond_all_patience(sent: bytes) -> None:
    with served() as port, socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(sent)
        said = answer(connection)
        assert "413" in said.splitlines()[0] and said.endswith("a kind page") and "Connection: close" in said
        assert connection.recv(10) == b""


CHUNKED = b"POST /files HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNK = b"100000\r\n" + MEGABYTE + b"\r\n"


def test_a_body_in_chunks_is_refused_by_the_same_page_and_kept_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with served() as port, socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        connection.sendall(CHUNKED)
        for _ in range(200):
            connection.sendall(CHUNK)
        connection.sendall(b"0\r\n\r\n")
        assert "413" in (said := answer(connection)).splitlines()[0] and said.endswith("a kind page")
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown < 30 * 1024, f"{grown} KB more"
        connection.sendall(CHUNKED + b"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n")
        assert answer(connection).endswith("took 3")
        # What the application itself finds too much, and what is just under the server's limit.
        connection.sendall(CHUNKED + CHUNK[:8].replace(b"100000", b"0fffff") + MEGABYTE[1:] + b"\r\n0\r\n\r\n")
        assert answer(connection).endswith("a kind page")


def test_chunks_beyond_all_patience_end_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oversize, "MOST_FORGOTTEN", 3 * len(MEGABYTE))
    with served() as port, socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        # No more than the server reads: what is unread when it closes would make the system take the answer back.
        connection.sendall(CHUNKED + 3 * CHUNK + b"1\r\nx\r\n")
        said = answer(connection)
        assert "413" in said.splitlines()[0] and said.endswith("a kind page") and "Connection: close" in said


@pytest.mark.parametrize("endless", [b"0\r\nTrailer: ", b"1;"], ids=["trailer", "size"])
def test_what_stands_between_chunks_has_the_servers_own_limit(endless: bytes) -> None:
    with served() as port, socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(CHUNKED + endless)
        with suppress(OSError):
            for _ in range(3):
                connection.sendall(b"x" * len(MEGABYTE))
        assert b"413" in connection.recv(100).splitlines()[0]


def test_what_fits_the_server_goes_to_the_application_as_before() -> None:
    with served() as port, socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(head(LIMIT - 1) + MEGABYTE[1:])
        assert answer(connection).endswith("a kind page")
        connection.sendall(head(3) + b"abc")
        assert answer(connection).endswith("took 3")
