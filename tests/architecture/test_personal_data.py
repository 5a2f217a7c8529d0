"""The register of personal data is whole: export and erasure reach every table, and name only what is there."""

import pytest

from services.applications.storage.personal_data import REGISTER as APPLICATIONS
from services.cohorts.storage.personal_data import REGISTER as COHORTS
from services.notifications.storage.personal_data import REGISTER as NOTIFICATIONS
from shared.messaging import tables as messaging
from shared.personal_data import ADDRESS, PERSON, Register, unlisted

REGISTERS = {"applications": APPLICATIONS, "cohorts": COHORTS, "notifications": NOTIFICATIONS}
EVERYWHERE = ("outbox", "outbox_sequences", "inbox", "dead_letters", "due", "embedded_marks", "embedded_retries")


@pytest.mark.parametrize("service", REGISTERS)
def test_every_table_has_a_line_in_the_register_or_holds_nothing_personal(service: str) -> None:
    assert unlisted(REGISTERS[service], [*EVERYWHERE, messaging.idempotency_keys.name]) == [], (
        f"Say in services/{service}/storage/personal_data.py whose rows a new table holds, what a person is given of "
        "them and what erasure does; or add it to IMPERSONAL."
    )


@pytest.mark.parametrize("service", REGISTERS)
def test_every_line_names_columns_that_exist(service: str) -> None:
    register = REGISTERS[service]
    for holding in register.holdings:
        columns = register.metadata.tables[holding.table].columns
        assert {*holding.by, *holding.blank, *holding.hidden} <= set(columns.keys()), holding.table
        for source in holding.by.values():
            if source not in (PERSON, ADDRESS):
                table, _, column = source.partition(".")
                assert table in register.tables
                assert column in register.metadata.tables[table].columns


@pytest.mark.parametrize("service", REGISTERS)
def test_what_stays_has_a_reason_and_what_is_blanked_says_how(service: str) -> None:
    for holding in REGISTERS[service].holdings:
        assert holding.erase != "blank" or holding.blank, holding.table
        assert holding.kind


def test_the_register_notices_a_table_that_nobody_speaks_of() -> None:
    smaller = Register(COHORTS.metadata, COHORTS.holdings, COHORTS.impersonal - {"cohorts"})
    assert unlisted(smaller, [*EVERYWHERE, "idempotency_keys"]) == ["cohorts"]
