"""What the benchmarks of whole rounds share: a round of many applications on PostgreSQL, and timing two in turn."""

import json
import math
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from services.applications.app import build
from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.use_cases.keep_round import create_round, move_round
from shared.ids import new_id
from shared.timekeeping import MovableClock
from tests.applications.parts import Applications, config_for, migrate

NOW = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)
SENT = NOW - timedelta(days=3)
TEXT = "I began with a kettle and two chairs, and people told me what they needed. " * 12
POSTCODES = ("LS1", "SE1", "CF10", "G1", "BT1", "M1", "N1", "EH1")
TRAINING = ("never", "short", "long")


def rules_of_ten() -> dict[str, Any]:
    """The sample's four rules and six more over the same answers."""
    definition = rules_definition()
    more: list[dict[str, Any]] = [
        {"kind": "condition", "when": 'organisation_income < 500000 and role == "founder"', "points": 6},
        {"kind": "list", "question": "organisation_postcode_region", "any_of": ["wales", "north_east"], "points": 5},
        {"kind": "choice", "question": "role", "points": {"founder": 4, "volunteer": 2}},
        {"kind": "bands", "question": "organisation_income", "bands": [{"below": 5_000, "points": 3}]},
        {"kind": "condition", "when": 'lived_experience_direct == "yes" or role == "volunteer"', "points": 2},
        {"kind": "choice", "question": "lived_experience_direct", "points": {"yes": 1}},
    ]
    for number, rule in enumerate(more, start=5):
        definition["rules"].append({"id": f"rule_{number}", "label": f"Rule {number}", **rule})
    return definition


def answers(count: int) -> dict[str, Any]:
    """The answers that count, as arrays: everybody's choices at random, the same every time."""
    random = np.random.default_rng(1)
    return {
        "direct": random.integers(0, 2, count).astype(bool),
        "activated": random.integers(0, 2, count).astype(bool),
        "income": random.integers(0, 2_000_000, count),
        "postcode": random.integers(0, len(POSTCODES), count),
        "training": random.integers(0, len(TRAINING), count),
        "role": random.integers(0, 3, count),
    }


ROLES = ("founder", "staff", "volunteer")
_REGIONS = ("yorkshire", "london", "wales", "scotland", "northern_ireland", "north_west", "london", "scotland")


def applications(url: str, count: int) -> tuple[Applications, UUID]:
    """A service on a migrated database, and its open round with that many applications, sent three days ago."""
    migrate(url)
    service = build(config_for(url), MovableClock(NOW))
    with service.units.begin() as uow:
        definition = {**round_definition(), "form": form_definition(), "rules": rules_of_ten()}
        round_id = move_round(uow, create_round(uow, definition).id, "open").id
        given = answers(count)
        people, rows = [], []
        for place in range(count):
            person, application = new_id(), new_id()
            people.append(f'{person}\tp{place}@example.org\tPerson {place}\ten\t["applicant"]\t{SENT}\t1\t0\n')
            rows.append(_row(application, round_id, person, place, given))
        cursor: Any = uow.session.connection().connection.cursor()
        names = "id, email, name, language, roles, created_at, revision, totp_failures"
        with cursor.copy(f"COPY people ({names}) FROM STDIN") as copy:
            copy.write("".join(people))
        names = (
            "id, round_id, person_id, reference, state, form_version, language, answers, visited, attributes, "
            "resume_nonce, started_at, updated_at, submitted_at, revision"
        )
        with cursor.copy(f"COPY applications ({names}) FROM STDIN") as copy:
            copy.write("".join(rows))
        cursor.execute(
            "INSERT INTO scores (application_id, rules_version, made_by, round_id, score, breakdown, scored_at) "
            "SELECT id, 1, 1, round_id, right(reference, 2)::int, '[]', submitted_at FROM applications"
        )
    with service.units.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    return service, round_id


def _row(application: UUID, round_id: UUID, person: UUID, place: int, given: Mapping[str, Any]) -> str:
    said = {
        "full_name": f"Person {place}",
        "lived_experience_direct": "yes" if given["direct"][place] else "no",
        "lived_experience_activated": "yes" if given["activated"][place] else "no",
        "organisation_income": int(given["income"][place]),
        "organisation_postcode": POSTCODES[given["postcode"][place]],
        "leadership_training": TRAINING[given["training"][place]],
        "role": ROLES[given["role"][place]],
        "motivation": TEXT,
    }
    attributes = {"organisation": f"Organisation {place % 3000}", "region": _REGIONS[given["postcode"][place]]}
    cells = [
        application, round_id, person, f"B-{place:06}", "submitted", 1, "en", json.dumps(said), "[]",
        json.dumps(attributes), "n", SENT, SENT, SENT + timedelta(seconds=place), 1,
    ]  # fmt: skip
    return "\t".join(map(str, cells)) + "\n"


def in_turn(works: Mapping[str, Callable[[], object]], repeats: int = 5) -> dict[str, float]:
    """The median seconds of each, run one after the other in turn: A B A B."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - began)
    return {name: statistics.median(taken) for name, taken in times.items()}


def processor(work: Callable[[], object], repeats: int = 10) -> float:
    """The seconds of this process's own processor time: what a machine busy with other things does not lengthen."""
    began = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - began) / repeats


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """The power of the size that the cost grows by, from the smallest to the largest."""
    return math.log(seconds[-1] / seconds[0]) / math.log(sizes[-1] / sizes[0])
