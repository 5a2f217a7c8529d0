"""Bodies that are larger than anything here takes: read to their end, forgotten as they come, answered by a page.

A browser reads no answer before it has sent everything, and shows an error of its own when the connection is closed on
it. So the rest is taken in and forgotten, without memory or disk, and the application is asked as for any other
request: it sees how long the body would have been, and refuses it in its own words, with the way back. It is the same
for a body that comes in chunks, and does not say beforehand how long it is.
"""

import io
from typing import Any

import waitress
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver
from waitress.server import BaseWSGIServer

MOST_FORGOTTEN = 1024 * 1024 * 1024
"""However patient: of a longer body nothing is read, and the connection ends after the answer."""


class _Forgetting:
    """Takes a body of a known length, and keeps nothing of it; looks like waitress's own receivers."""

    completed = False
    error = None

    def __init__(self, length: int) -> None:
        self._left = length

    def __len__(self) -> int:
        return 0

    def received(self, data: bytes) -> int:
        taken = min(len(data), self._left)
        self._left -= taken
        self.completed = self._left == 0
        return taken

    def getfile(self) -> io.BytesIO:
        return io.BytesIO()

    getbuf = getfile


class _Counting:
    """What a body in chunks goes into, as waitress's own buffer; once it is over a limit, only its length is kept."""

    def __init__(self, inner: OverflowableBuffer, limit: int) -> None:
        self._inner: OverflowableBuffer | None = inner
        self._limit, self._length = limit, 0

    def __len__(self) -> int:
        return self._length

    def append(self, data: bytes) -> None:
        self._length += len(data)
        if self._inner is not None and self._length < self._limit:
            self._inner.append(data)
        else:
            self.close()

    def getfile(self) -> Any:
        return io.BytesIO() if self._inner is None else self._inner.getfile()

    def close(self) -> None:
        """Let go of what was kept."""
        if self._inner is not None:
            self._inner.close()
        self._inner = None


class PatientParser(HTTPRequestParser):  # type: ignore[misc]
    """Waitress's parser; a body over its limit is not an error of the server's own any more."""

    content_length: int
    completed: bool
    _taken = 0

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, and decide what becomes of the body."""
        super().parse_header(header_plus)
        if self.chunked:
            limit = self.adj.max_request_body_size
            self.body_rcv = ChunkedReceiver(_Counting(OverflowableBuffer(self.adj.inbuf_overflow), limit))
        if self.chunked or self.content_length < self.adj.max_request_body_size:
            return
        waits = self.headers.get("EXPECT", "").lower() == "100-continue"
        if waits or self.content_length > MOST_FORGOTTEN:
            # Nothing of it has come yet, or far too much would: answer at once.
            self.expect_continue, self.connection_close, self.body_rcv = False, True, None
            self.headers["CONNECTION"] = "close"
        else:
            self.body_rcv = _Forgetting(self.content_length)
        self.content_length = 0  # the header itself still tells the application

    def received(self, data: bytes) -> int:
        """Take in some of the request; how much of it."""
        taken: int = super().received(data)
        if isinstance(self.body_rcv, _Forgetting):
            self.body_bytes_received = 0  # it holds nothing, so it cannot hold too much
        elif isinstance(self.body_rcv, ChunkedReceiver) and self.body_bytes_received:
            self._taken += taken
            self._in_chunks(len(self.body_rcv))
        return taken

    def _in_chunks(self, length: int) -> None:
        """Only what stands between the chunks counts against the server's own limit: of the body nothing is kept."""
        self.body_bytes_received = self._taken - length
        if length > MOST_FORGOTTEN and not self.completed:
            self.completed = self.connection_close = True
            self.headers.update(CONTENT_LENGTH=str(length), CONNECTION="close")


class PatientChannel(HTTPChannel):  # type: ignore[misc]
    """A connection that reads too large a body to its end."""

    parser_class = PatientParser


def create_server(app: Any, **settings: Any) -> Any:
    """A waitress server on all its sockets; `settings` are waitress's. Raises OSError and ValueError as it does."""
    sockets: dict[int, Any] = {}
    server = waitress.create_server(app, map=sockets, **settings)
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class = PatientChannel
    return server
