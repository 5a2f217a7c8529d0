"""Rates by equality answers: once, when nothing can move any more, and nobody's answer can be told from them."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.applications.domain.equality import Standing, count, questions_of, stage_of
from services.applications.domain.forms import parse_form
from services.applications.domain.samples.files import form_definition
from services.applications.domain.samples.generator import generate
from services.applications.storage.tables import ApplicationRow, RoundRow, StatusRow
from services.applications.use_cases.count_equality import count_equality, see_equality_rates
from services.embedded.sample import apply_sample
from shared.errors import Conflict
from shared.timekeeping import MovableClock
from tests.applications.conftest import SignIn
from tests.applications.parts import Applications, press

FORM = parse_form(form_definition())


def test_only_fixed_answers_to_equality_questions_are_counted() -> None:
    asked = {one.id: dict(one.values) for one in questions_of(FORM)}
    assert {"gender", "ethnic_group", "age_band", "disability"} <= set(asked)
    assert all("prefer_not_to_say" not in values for values in asked.values())


@pytest.mark.parametrize(
    ("withdrawn", "told", "stage"),
    [(False, "", 1), (True, "", 0), (False, "unsuccessful", 1), (False, "waitlisted", 2), (False, "declined", 3),
     (True, "offered", 3), (False, "accepted", 4)],
)  # fmt: skip
def test_how_far_an_application_came(withdrawn: bool, told: str, stage: int) -> None:
    assert stage_of(Standing(withdrawn, told, {})) == stage


def test_rates_compare_groups_and_keep_small_ones_back() -> None:
    people = [Standing(False, told, {"disability": said}) for said, told, many in (
        ("yes", "accepted", 6), ("yes", "unsuccessful", 34), ("no", "accepted", 30), ("no", "unsuccessful", 50),
        ("prefer_not_to_say", "accepted", 5), ("prefer_not_to_say", "unsuccessful", 8),
    ) for _ in range(many)]  # fmt: skip
    found = count(people, FORM)
    (table,) = [one for one in found.tables if {group.label for group in one.groups} >= {"Yes", "No"}]
    rates = {rate.label: rate for rate in found.at(table, len(found.stages) - 1, 0)}
    assert (rates["Yes"].count, rates["Yes"].n, rates["No"].n) == (6, 40, 80)
    assert rates["Yes"].below
    assert rates["Not known"].ratio is None
    few = count([*people[:2], *people[40:]], FORM)
    assert all(group.counts[-1] is None for one in few.tables for group in one.groups if group.label == "Yes")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database: nothing here is special to the other."""
    return sqlite_url


def test_a_stage_that_few_stopped_before_is_left_out() -> None:
    people = [Standing(False, told, {"disability": "no"}) for told, many in (("accepted", 20), ("declined", 2),
              ("unsuccessful", 40)) for _ in range(many)]  # fmt: skip
    # Two people declined: next to the offers, the accepted would say what these two had answered.
    assert count(people, FORM).stages == ("Applied", "Offered a place")


def test_they_wait_until_nothing_moves_and_are_worked_out_once(
    service: Applications, clock: MovableClock, open_round: RoundRow, client: FlaskClient, sign_in: SignIn
) -> None:
    round_id, now = open_round.id, clock()
    for sample in generate(24, 3, opens_at=now - timedelta(hours=2), closes_at=now - timedelta(hours=1)):
        apply_sample(service.units, open_round.slug, sample)
    with service.units.begin(write=False) as uow:
        ids = list(uow.session.scalars(select(ApplicationRow.id)))

    def told(stage: str, id: UUID, sequence: int) -> None:
        with service.units.begin() as uow:
            uow.applications.keep_status(
                StatusRow(application_id=id, stage=stage, detail="", sequence=sequence, since=clock())
            )

    def refused(why: str) -> None:
        with service.units.begin() as uow, pytest.raises(Conflict, match=why):
            count_equality(uow, round_id, "Rhiannon")

    refused("still takes applications")
    clock.advance(timedelta(days=60))
    refused("No decision")
    for number, id in enumerate(ids):
        told("offered" if number < 6 else "unsuccessful", id, 1)
    refused("6 offers wait")
    sign_in("staff")
    here = f"/staff/rounds/{round_id}/equality"
    assert "6 offers wait" in client.get(here).get_data(as_text=True)
    assert client.get(f"{here}.csv").status_code == 404
    for id in ids[:6]:
        told("accepted", id, 2)
    assert press(client, here, here).location == here
    assert "Wilson" in client.get(f"{here}?against=first").get_data(as_text=True)
    assert "kept back" in client.get(f"{here}.csv").get_data(as_text=True)
    with service.units.begin(write=False) as uow:
        row = uow.equality.rates(round_id)
    assert row is not None
    kept = row.content
    refused("stay as they are")
    told("declined", ids[0], 3)
    with service.units.begin(write=False) as uow:
        seen = see_equality_rates(uow, round_id)
    assert seen.rates is not None and seen.rates.as_json() == kept
    assert seen.rates.stages == ("Applied", "Accepted the place")
    assert not any(str(id) in repr(kept) for id in ids)
