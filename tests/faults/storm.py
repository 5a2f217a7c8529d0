"""Submissions while things break: the driving of it, for the tests and for `hearth bench faults`."""

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from services.applications.app import build
from services.applications.storage.tables import ApplicationRow
from services.applications.use_cases.keep_person import register_person
from services.developer.invariants.checks import Finding, examine
from services.developer.invariants.command import look
from services.developer.invariants.evidence import SERVICES, read
from services.notifications.storage.tables import MessageRow
from shared.database import open_engine
from shared.timekeeping import system_clock
from shared.web.identity import Identity, sign
from tests.faults.client import API, PATIENCE, Client, Figures, Promise
from tests.faults.pace import CLIENTS, Pace
from tests.faults.round import definition
from tests.faults.targets import Target

SETTLE = 180.0
"""Longer than a sender's lease on a message that it could not send."""
Trouble = Callable[[], None]


@dataclass
class Outcome:
    """What a storm came to."""

    submissions: int = 0
    kills: list[str] = field(default_factory=list)
    senders_killed: int = 0
    seconds: float = 0.0
    figures: Figures = field(default_factory=Figures)
    promises: list[Promise] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    broken_promises: list[str] = field(default_factory=list)

    @property
    def problems(self) -> dict[str, Sequence[str]]:
        """Everything that is wrong, by the name of the check."""
        found: dict[str, Sequence[str]] = {each.name: each.problems for each in self.findings if each.problems}
        return {**found, "promises": self.broken_promises} if self.broken_promises else found

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in sorted(self.figures.counts.items()))
        return (
            f"{self.submissions} submissions, {len(self.kills)} kills, {self.seconds:.0f} s; {counts or 'no trouble'}"
        )


class Storm:
    """Drives one Hearth. The clients speak HTTP alone; people's accounts are made beside it, as they have no API."""

    def __init__(self, target: Target, seed: int = 1) -> None:
        self._target = target
        self._random = random.Random(seed)
        self._config = target.config()
        self._engines = {service: open_engine(target.database(service)) for service in SERVICES}
        self._applications = build(self._config)
        self.outcome = Outcome()

    def __enter__(self) -> "Storm":
        return self

    def __exit__(self, *_: object) -> None:
        for engine in (*self._engines.values(), self._applications.units.engine):
            engine.dispose()

    def run(self, submissions: int, troubles: Sequence[Trouble]) -> None:
        """Send `submissions` applications, with each of `troubles` in turn at even distances among them."""
        began, slug = time.monotonic(), self._open_round()
        pace = Pace(submissions, len(troubles))
        with ThreadPoolExecutor(CLIENTS) as pool:
            jobs = [pool.submit(self._apply, slug, place, pace) for place in range(submissions)]
            try:
                for trouble in troubles:
                    pace.before_the_next(jobs)
                    trouble()
                    pace.after_it()
            except BaseException:
                pace.let_go()
                pool.shutdown(cancel_futures=True)
                raise
            self.outcome.promises += [job.result() for job in jobs]
        self.outcome.submissions += submissions
        self.outcome.seconds += time.monotonic() - began

    def all_killed(self) -> list[Trouble]:
        """Each process killed once, in a random order."""
        names = self._random.sample(list(self._target.names), len(self._target.names))
        return [self.killing(name) for name in names]

    def killing(self, name: str) -> Trouble:
        """kill -9 of a process, which is then started again."""

        def kill() -> None:
            time.sleep(self._random.uniform(0, 0.1))  # not always at the same step of a request
            self._target.kill(name)
            self.outcome.kills.append(name)
            if self._target.sends(name):
                self.let_leases_end()
            self._target.revive(name)

        return kill

    def let_leases_end(self) -> None:
        """A quarter of an hour in a moment: to be called when a sender was killed, and before another lives."""
        self.outcome.senders_killed += 1
        # One that a server took is held too, until the other services have been told of it.
        held = update(MessageRow).where(MessageRow.lease.is_not(None))
        with self._engines["notifications"].begin() as connection:
            let_go = connection.execute(held.values(lease_until=datetime.now(UTC) - timedelta(seconds=1))).rowcount
        self.outcome.figures.counts["messages in a dead sender's hands"] += let_go

    def _apply(self, slug: str, place: int, pace: Pace) -> Promise:
        pace.wait_for_turn(place)
        person = self._person()
        client = Client(self._target.url, lambda: self._token(person, "applicant"), self.outcome.figures)
        promise = client.apply(slug, uuid4().hex)
        pace.one_more()
        return promise

    def _open_round(self) -> str:
        staff = self._person()
        client = Client(self._target.url, lambda: self._token(staff, "staff"), self.outcome.figures)
        slug = f"storm-{uuid4().hex[:8]}"
        made = client.ask("POST", f"{API}/rounds", definition(slug), {"Idempotency-Key": uuid4().hex})
        match = {"If-Match": f'"{made["revision"]}"'}
        client.ask("PUT", f"{API}/rounds/{made['id']}/state", {"state": "open"}, match)
        return slug

    def _person(self) -> UUID:
        name, email = f"Person {uuid4().hex[:6]}", f"{uuid4().hex}@applicants.example"
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with self._applications.units.begin() as uow:
                    return register_person(uow, email=email, name=name, language="en", roles=["applicant"]).id
            except OperationalError:  # the database is what is broken just now
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _token(self, person: UUID, *roles: str) -> str:
        identity = Identity(person, "Somebody", frozenset(roles), "storm", frozenset({"totp"}))
        return sign(identity, self._config.identity_private_key, system_clock())

    def check(self) -> dict[str, Sequence[str]]:
        """Wait until everything has settled; then all that is wrong, what was promised to applicants included."""
        unknown = self.outcome.senders_killed
        self.outcome.findings = look(lambda: examine(read(self._engines, self._target.letters()), unknown), SETTLE)
        self.outcome.broken_promises = list(self._broken_promises())
        return self.outcome.problems

    def _broken_promises(self) -> list[str]:
        query = select(ApplicationRow.id, ApplicationRow.reference).where(ApplicationRow.state == "submitted")
        with self._engines["applications"].connect() as connection:
            kept = {row.id: row.reference for row in connection.execute(query)}
        promised = {promise.application_id: promise.reference for promise in self.outcome.promises}
        missing = [f"{id} was promised and is not there" for id in promised if kept.get(id) != promised[id]]
        return missing + [f"{id} is there and was never promised" for id in kept if id not in promised]

    def figures(self) -> str:
        """What it came to, with the messages by state and the letters that arrived."""
        query = select(MessageRow.state, func.count()).group_by(MessageRow.state).order_by(MessageRow.state)
        with self._engines["notifications"].connect() as connection:
            states = ", ".join(f"{count} {state}" for state, count in connection.execute(query))
        return f"{self.outcome}; messages: {states}; letters: {len(self._target.letters())}"
