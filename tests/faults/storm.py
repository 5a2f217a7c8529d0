"""Submissions while processes are killed: the driving of it, for the test and for `hearth bench faults`."""

import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, text

from services.applications.app import build_from_env
from services.applications.use_cases.keep_person import register_person
from services.developer.invariants.checks import Finding, examine
from services.developer.invariants.command import look
from services.developer.invariants.evidence import SERVICES, letter, read
from shared.database import open_engine
from shared.timekeeping import system_clock
from shared.web.identity import Identity, sign
from tests.faults.client import API, Client, Figures, Promise
from tests.faults.round import definition
from tests.processes.site import NAMES, Processes

CLIENTS = 4
SETTLE = 120.0


@dataclass
class Outcome:
    """What a storm came to."""

    submissions: int = 0
    kills: list[str] = field(default_factory=list)
    seconds: float = 0.0
    figures: Figures = field(default_factory=Figures)
    promises: list[Promise] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in sorted(self.figures.counts.items()))
        return (
            f"{self.submissions} submissions, {len(self.kills)} kills, {self.seconds:.0f} s; {counts or 'no trouble'}"
        )


class Storm:
    """Drives one site. The clients speak HTTP alone; people's accounts are made beside it, as they have no API."""

    def __init__(self, site: Processes, seed: int = 1) -> None:
        self._site = site
        self._random = random.Random(seed)
        self._private = site.settings["applications"]["APPLICATIONS_IDENTITY_PRIVATE_KEY"].replace("\\n", "\n")
        self._engines = {service: _engine(site.databases[service].url) for service in SERVICES}
        self._applications = build_from_env(site.settings["applications"])
        self.outcome = Outcome()

    def close(self) -> None:
        """Let go of the databases."""
        for engine in (*self._engines.values(), self._applications.units.engine):
            engine.dispose()

    def run(self, submissions: int, victims: Sequence[str]) -> None:
        """Send `submissions` applications and, evenly among them, kill -9 each of `victims` and start it again."""
        began, slug = time.monotonic(), self._open_round()
        progress = _Progress(submissions)
        with ThreadPoolExecutor(CLIENTS) as pool:
            jobs = [pool.submit(self._apply, slug, progress) for _ in range(submissions)]
            try:
                self._kill(victims, progress, jobs)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
            self.outcome.promises += [job.result() for job in jobs]
        self.outcome.submissions += submissions
        self.outcome.seconds += time.monotonic() - began

    def _apply(self, slug: str, progress: "_Progress") -> Promise:
        person = self._person()
        client = Client(self._site.url, lambda: self._token(person, "applicant"), self.outcome.figures)
        promise = client.apply(slug, uuid4().hex)
        progress.one_more()
        return promise

    def _kill(self, victims: Sequence[str], progress: "_Progress", jobs: Sequence["Future[Promise]"]) -> None:
        for number, name in enumerate(victims, start=1):
            progress.wait_for(number / (len(victims) + 1), jobs)
            time.sleep(self._random.uniform(0, 0.1))  # not always at the same step of a request
            self._site.kill(name)
            if name == "notifications-worker":
                self._let_leases_end()
            self.outcome.kills.append(name)
            self._site.start(name)
            self._site.wait_ready(name)

    def _let_leases_end(self) -> None:
        """A quarter of an hour in a moment: while no sender lives, what it held is let go."""
        with self._engines["notifications"].begin() as connection:
            held = "UPDATE messages SET lease_until = :past WHERE state IN ('sending', 'handed')"
            let_go = connection.execute(text(held), {"past": datetime.now(UTC) - timedelta(seconds=1)}).rowcount
        self.outcome.figures.counts["messages in a dead sender's hands"] += let_go

    def _open_round(self) -> str:
        staff = self._person()
        client = Client(self._site.url, lambda: self._token(staff, "staff"), self.outcome.figures)
        slug = f"storm-{uuid4().hex[:8]}"
        made = client.ask("POST", f"{API}/rounds", definition(slug), {"Idempotency-Key": uuid4().hex})
        match = {"If-Match": f'"{made["revision"]}"'}
        client.ask("PUT", f"{API}/rounds/{made['id']}/state", {"state": "open"}, match)
        return slug

    def _person(self) -> UUID:
        with self._applications.units.begin() as uow:
            name = f"Person {uuid4().hex[:6]}"
            email = f"{uuid4().hex}@applicants.example"
            return register_person(uow, email=email, name=name, language="en", roles=["applicant"]).id

    def _token(self, person: UUID, *roles: str) -> str:
        identity = Identity(person, "Somebody", frozenset(roles), "storm", frozenset({"totp"}))
        return sign(identity, self._private, system_clock())

    def check(self) -> list[Finding]:
        """Wait until everything has settled, then the checker's findings; what was promised is compared as well."""
        unknown = self.outcome.kills.count("notifications-worker")
        self.outcome.findings = look(lambda: examine(read(self._engines, self._letters()), unknown), SETTLE)
        self.outcome.problems = list(self._broken_promises())
        return self.outcome.findings

    def message_states(self) -> dict[str, int]:
        """State -> how many messages are in it."""
        with self._engines["notifications"].connect() as connection:
            rows = connection.execute(text("SELECT state, count(*) FROM messages GROUP BY state ORDER BY state"))
            return {str(state): int(count) for state, count in rows}

    def letters(self) -> int:
        """How many letters have arrived."""
        return len(self._site.mail.messages)

    def _letters(self) -> list[Any]:
        return [letter(message, str(message["X-RcptTo"])) for message in list(self._site.mail.messages)]

    def _broken_promises(self) -> list[str]:
        with self._engines["applications"].connect() as connection:
            query = "SELECT id, reference FROM applications WHERE state = 'submitted'"
            kept = {UUID(str(row.id)): row.reference for row in connection.execute(text(query))}
        promised = {promise.application_id: promise.reference for promise in self.outcome.promises}
        missing = [f"{id} was promised and is not there" for id in promised if kept.get(id) != promised[id]]
        return missing + [f"{id} is there and was never promised" for id in kept if id not in promised]


class _Progress:
    """How many of the submissions are through, for somebody who waits for a share of them."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._changed = threading.Condition()

    def one_more(self) -> None:
        """One is through."""
        with self._changed:
            self._done += 1
            self._changed.notify_all()

    def wait_for(self, share: float, jobs: Sequence["Future[Promise]"]) -> None:
        """Until this share is through. Raises what a client raised, should one have failed."""
        deadline = time.monotonic() + 180
        with self._changed:
            while self._done < share * self._total:
                failed = next((job.exception() for job in jobs if job.done() and job.exception()), None)
                if failed is not None:
                    raise failed
                assert time.monotonic() < deadline, f"{self._done} of {self._total} submissions came through"
                self._changed.wait(1.0)


def _engine(url: str) -> Engine:
    return open_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))


def all_six(rng: random.Random) -> list[str]:
    """Each process once, in a random order."""
    return rng.sample(NAMES, len(NAMES))
