"""Complete drafts on PostgreSQL, ready to be sent, and the requests that send them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.applications.app import build_from_env
from services.applications.domain.forms import Purpose
from services.applications.domain.samples.files import form_definition, round_definition
from services.applications.domain.samples.generator import SampleApplication, generate
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.draft_reminders import DAYS_BEFORE, REMINDER
from services.applications.use_cases.keep_round import create_round, move_round
from shared.ids import new_id
from shared.messaging.tables import due
from shared.service import Service
from shared.web.identity import Identity, sign
from tests.bench.rounds import rules_of_ten

PEOPLE = 200
"""How many different people write them: their answers come round again after so many."""
_APART = (Purpose.EQUALITY, Purpose.ACCESS)


@dataclass(frozen=True)
class Waiting:
    """A draft that waits to be sent, and whose it is."""

    id: UUID
    person_id: UUID

    def request(self, private_key: str, now: datetime, host: str) -> bytes:
        """The POST that sends it, as a program writes it on the wire, good for five minutes from `now`."""
        token = sign(Identity(self.person_id, "", frozenset({"applicant"}), "bench"), private_key, now)
        return (
            f"POST /applications/api/v1/applications/{self.id}/submission HTTP/1.1\r\nHost: {host}\r\n"
            f"Authorization: Bearer {token}\r\nIdempotency-Key: {uuid4()}\r\n"
            "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        ).encode()


class Round:
    """An open round on a migrated database, and a service that knows it."""

    def __init__(self, env: dict[str, str]) -> None:
        self.service: Service[ApplicationsUnitOfWork] = build_from_env(env)
        now = datetime.now(UTC)
        days = {"opens": (-3, " 09:00"), "deadline": (20, " 23:59"), "decisions_by": (60, "")}
        times = {name: f"{now + timedelta(days=after):%Y-%m-%d}{hour}" for name, (after, hour) in days.items()}
        definition = {**round_definition(), **times, "form": form_definition(), "rules": rules_of_ten()}
        with self.service.units.begin() as uow:
            self.id = move_round(uow, create_round(uow, definition).id, "open").id
            self._form = uow.rounds.form(self.id, 1)
        self._people = generate(PEOPLE, 1, opens_at=now - timedelta(days=3), closes_at=now)
        self._made = 0

    def drafts(self, count: int) -> list[Waiting]:
        """So many more drafts, each complete and of somebody else."""
        tables: dict[str, list[list[Any]]] = {"people": [], "applications": [], "set_apart_answers": [], "due": []}
        made = [self._draft(place, tables) for place in range(self._made, self._made + count)]
        self._made += count
        with self.service.units.begin() as uow:
            cursor: Any = uow.session.connection().connection.cursor()
            for table, rows in tables.items():
                with cursor.copy(f"COPY {table} ({_COLUMNS[table]}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
        with self.service.units.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        return made

    def _draft(self, place: int, tables: dict[str, list[list[Any]]]) -> Waiting:
        sample, now = self._people[place % PEOPLE], datetime.now(UTC)
        waiting = Waiting(new_id(), new_id())
        tables["people"].append(
            [
                waiting.person_id,
                f"p{place}@example.org",
                sample.name,
                sample.language,
                json.dumps(["applicant"]),
                now,
                1,
                0,
            ]
        )
        apart = self._apart(sample)
        hidden = {key for answers in apart.values() for key in answers}
        answers = {key: value for key, value in sample.answers.items() if key not in hidden}
        tables["applications"].append([
            waiting.id, self.id, waiting.person_id, f"B-{place:06}", "draft", 1, sample.language, json.dumps(answers),
            json.dumps([section.id for section in self._form.sections]), "{}", "[]", f"n{place}", now, now, 1,
        ])  # fmt: skip
        with self.service.units.begin(write=False) as uow:
            sealer = uow.context.sealer
        for purpose, kept in apart.items():
            sealed = sealer.seal(kept, f"{purpose}/{waiting.id}")
            tables["set_apart_answers"].append([waiting.id, purpose, sealed, now])
        for days in DAYS_BEFORE:
            at = now + timedelta(days=20 - days)
            payload = json.dumps({"application_id": str(waiting.id), "days_left": days})
            tables[due.name].append([new_id(), REMINDER, f"{waiting.id}:{days}", at, at, payload, 0])
        return waiting

    def _apart(self, sample: SampleApplication) -> dict[str, dict[str, Any]]:
        found = {}
        for section in self._form.sections:
            if section.purpose in _APART:
                ids = [question.id for question in section.questions if question.id in sample.answers]
                found[section.purpose.value] = {key: sample.answers[key] for key in ids}
        return found


_COLUMNS = {
    "people": "id, email, name, language, roles, created_at, revision, totp_failures",
    "applications": "id, round_id, person_id, reference, state, form_version, language, answers, visited, attributes, "
    "breakdown, resume_nonce, started_at, updated_at, revision",
    "set_apart_answers": "application_id, purpose, sealed, updated_at",
    "due": "id, kind, key, due_at, next_at, payload, attempts",
}
