"""A program that applies through the JSON API and, when the line breaks, asks again with the same Idempotency-Key."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from tests.faults.round import ELIGIBILITY, SECTIONS

API = "/applications/api/v1"
PATIENCE = 90.0
_BROKEN = {502, 503, 504}
"""What a gateway says when it does not know: everything else is the service's own word and final."""


class Refused(Exception):
    """The service answered, and not as it should."""


@dataclass(frozen=True)
class Promise:
    """What an applicant was told: this application was received."""

    application_id: UUID
    reference: str


@dataclass
class Figures:
    """Counts over all clients of a run."""

    counts: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str) -> None:
        """One more."""
        with self._lock:
            self.counts[what] += 1


class Client:
    """One person's program, on one thread. `token()` gives a fresh identity for each request."""

    def __init__(self, url: str, token: Callable[[], str], figures: Figures) -> None:
        self._place = urlsplit(url).netloc
        self._token = token
        self._figures = figures

    def apply(self, slug: str, key: str) -> Promise:
        """Start, fill in and send; what the service promised. Raises Refused, or TimeoutError when nobody answers."""
        started = {"eligibility": ELIGIBILITY, "language": "en"}
        draft = self.ask("POST", f"{API}/rounds/{slug}/applications", started, {"Idempotency-Key": f"{key}-start"})
        address = f"{API}/applications/{draft['id']}"
        for section, answers in SECTIONS.items():
            self._save(address, section, answers)
        sent = self.ask("POST", f"{address}/submission", {}, {"Idempotency-Key": f"{key}-send"})
        # Once more, as by somebody who did not hear the answer: it must be the same, and nothing may happen again.
        if self.ask("POST", f"{address}/submission", {}, {"Idempotency-Key": f"{key}-send"}) != sent:
            raise Refused(f"{sent['id']}: another answer to the same request")
        if sent["state"] != "submitted":
            raise Refused(f"{sent['id']} is {sent['state']} after it was sent")
        return Promise(UUID(sent["id"]), sent["reference"])

    def _save(self, address: str, section: str, answers: dict[str, Any]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            revision = self.ask("GET", address)["revision"]
            place = f"{address}/sections/{section}"
            status, _ = self._once("PUT", place, {"answers": answers}, {"If-Match": f'"{revision}"'})
            if status == 200:
                return
            # 412: our first try had arrived after all, and only its answer was lost.
            if status not in _BROKEN | {0, 412}:
                raise Refused(f"PUT {section}: {status}")
        raise TimeoutError(section)

    def ask(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """Ask until somebody answers. Raises Refused for an answer that is not a success, TimeoutError."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            status, content = self._once(method, path, body, headers or {})
            if 200 <= status < 300:
                return dict(json.loads(content))
            if status not in _BROKEN | {0}:
                raise Refused(f"{method} {path}: {status} {content[:300]!r}")
        raise TimeoutError(f"{method} {path}")

    def _once(self, method: str, path: str, body: object, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self._place, timeout=30)
        content = None if body is None else json.dumps(body).encode()
        all_headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token()}", **headers}
        try:
            connection.request(method, path, content, all_headers)
            answer = connection.getresponse()
            status, said = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            status, said = 0, b""
        finally:
            connection.close()
        if status in _BROKEN | {0}:
            self._figures.add("broken requests")
            time.sleep(0.1)  # as a well-behaved program does
        elif "Idempotency-Replayed" in dict(answer.getheaders()):
            self._figures.add("repeated answers")
        return status, said
