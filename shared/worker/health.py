"""A worker has no pages, but somebody wants to know how it is: a small HTTP server for probes and Prometheus."""

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shared import config, probes
from shared.service import Service
from shared.worker.threads import Threads


class HealthServer:
    """Serves /health/live, /health/ready and /metrics of a worker; or nothing, when no port is given."""

    def __init__(
        self, address: tuple[str, int] | None, service: Service[Any], broker_url: str, threads: Threads
    ) -> None:
        self._server: ThreadingHTTPServer | None = None
        if address is not None:
            handler = type("Handler", (_Handler,), {"service": service, "broker_url": broker_url, "threads": threads})
            self._server = ThreadingHTTPServer(address, handler)
            threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    @classmethod
    def of(cls, env: Mapping[str, str], service: Service[Any], broker_url: str, threads: Threads) -> "HealthServer":
        """As the environment says. Raises ConfigError when the port cannot be had."""
        port = config.number(env, "HEARTH_WORKER_PORT", 0, least=0, most=65535)
        host = env.get("HEARTH_WORKER_HOST", "127.0.0.1")
        try:
            return cls((host, port) if port else None, service, broker_url, threads)
        except OSError as error:
            raise config.ConfigError("HEARTH_WORKER_PORT", f"cannot be used on {host}: {error.strerror}.") from None

    def close(self) -> None:
        """Stop serving."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    service: Service[Any]
    broker_url: str
    threads: Threads

    def do_GET(self) -> None:
        """Answer one of the three addresses."""
        if self.path == "/health/live":
            stalled = self.threads.stalled()
            self._json({"status": "stalled" if stalled else "ok", "stalled": stalled}, 503 if stalled else 200)
        elif self.path == "/health/ready":
            readiness = probes.of_worker(self.service, self.broker_url)
            self._json(readiness.document(), 200 if readiness.ready else 503)
        elif self.path == "/metrics":
            self._send(*self.service.metrics.render(), 200)
        else:
            self._json({"status": "not found"}, 404)

    def log_message(self, format: str, *args: Any) -> None:
        """Probes come every few seconds: not worth a line each."""

    def _json(self, document: dict[str, Any], status: int) -> None:
        self._send(json.dumps(document).encode(), "application/json", status)

    def _send(self, body: bytes, kind: str, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
