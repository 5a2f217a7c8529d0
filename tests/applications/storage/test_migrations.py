"""The migrations make what the tables say, on both databases."""

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select, text

from services.applications.storage.tables import ApplicationRow, metadata
from services.applications.use_cases.publish_rules import publish_again
from services.applications.use_cases.submit_application import withdraw_application
from shared.database import open_engine
from shared.schedule import Schedule
from tests.applications.parts import Applications, migrate
from tests.applications.sent import send


def test_migrations_agree_with_the_tables(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def test_scores_are_found_again_after_the_way_back_and_forth(
    service: Applications, open_round: Any, database_url: str
) -> None:
    stays, leaves = send(service, "a@example.org"), send(service, "b@example.org", organisation_postcode="SE1")
    with service.units.begin() as uow:
        withdraw_application(uow, leaves, uow.applications.get(leaves).person_id)
        publish_again(uow, open_round.id, "Once more.", "R")
    clock = Schedule(service.units, service.due_handlers)
    while clock.run_next():
        pass
    _back(service, "0007")
    with service.units.engine.connect() as connection:
        rows = connection.execute(text("SELECT state, score, rules_version, breakdown FROM applications"))
        before = {row[0]: (row[1], row[2], "lived_experience" in str(row[3])) for row in rows}
    assert before == {"submitted": (100.0, 2, True), "withdrawn": (80.0, 1, True)}
    migrate(database_url)
    with service.units.begin(write=False) as uow:
        kept = {row.id: uow.scores.in_force(row.id) for row in uow.session.scalars(select(ApplicationRow))}
    assert {id: (row.score, row.rules_version, row.made_by, len(row.breakdown)) for id, row in kept.items() if row} == {
        stays: (100.0, 2, 2, 4),
        leaves: (80.0, 2, 1, 4),
    }


def _back(service: Applications, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", "services.applications.storage.migrations".replace(".", "/"))
    with service.units.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
