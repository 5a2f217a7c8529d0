"""Bodies that are larger than anything here takes: read to their end, forgotten as they come, answered by a page.

A browser reads no answer before it has sent everything, and shows an error of its own when the connection is closed on
it. So the rest is taken in and forgotten, without memory or disk, and the application is asked as for any other
request: it sees how long the body would have been, and refuses it in its own words, with the way back.
"""

import io
from typing import Any

import waitress
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
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


class PatientParser(HTTPRequestParser):  # type: ignore[misc]
    """Waitress's parser; a body over its limit is not an error of the server's own any more."""

    content_length: int

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, and decide what becomes of the body."""
        super().parse_header(header_plus)
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
        return taken


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
