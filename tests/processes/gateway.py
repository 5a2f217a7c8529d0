"""One origin in front of three web processes, as deploy/gateway does it: routed by the first part of the path."""

import http.client
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROUTES = {"cohorts": "cohorts", "notifications": "notifications", "outbox": "notifications"}
DEFAULT = "applications"
_OWN_TO_A_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "proxy-connection"}
_SECONDS = 30


class Gateway:
    """Listens on a free loopback port. A service that does not answer is a 502, which says that nothing is known."""

    def __init__(self) -> None:
        self.ports: Mapping[str, int] = {}
        """Service -> the port of its web process."""
        handler = type("Handler", (_Handler,), {"gateway": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="gateway", daemon=True)

    @property
    def url(self) -> str:
        """The one origin that browsers see."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Serve, in threads."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    gateway: Gateway
    protocol_version = "HTTP/1.1"
    timeout = _SECONDS

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        first = self.path.lstrip("/").partition("?")[0].partition("/")[0]
        port = self.gateway.ports[ROUTES.get(first, DEFAULT)]
        upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
        try:
            upstream.request(self.command, self.path, body or None, self._headers())
            answer = upstream.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            return self._answer(502, "Bad Gateway", [("Content-Type", "text/plain")], b"The service does not answer.\n")
        finally:
            upstream.close()
        self._answer(answer.status, answer.reason, answer.getheaders(), content)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _pass_on

    def _headers(self) -> dict[str, str]:
        kept = {name: value for name, value in self.headers.items() if name.lower() not in _OWN_TO_A_CONNECTION}
        host = self.headers.get("Host", "")
        return {
            **{name: value for name, value in kept.items() if not name.lower().startswith("x-forwarded-")},
            "X-Forwarded-For": self.client_address[0],
            "X-Forwarded-Proto": "http",
            "X-Forwarded-Host": host,
        }

    def _answer(self, status: int, reason: str, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status, reason)
        for name, value in headers:  # one by one: several Set-Cookie headers stay several
            if name.lower() not in _OWN_TO_A_CONNECTION | {"content-length"}:
                self.send_header(name, value)
        if self.command != "HEAD" and status not in {204, 304}:
            self.send_header("Content-Length", str(len(content)))
        elif self.command == "HEAD":
            self.send_header("Content-Length", dict(headers).get("Content-Length", "0"))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """The processes have logs of their own."""
