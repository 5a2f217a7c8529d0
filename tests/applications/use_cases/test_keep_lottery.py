"""A promised lottery is linked from the round's page, until it is given up."""

import pytest
from flask.testing import FlaskClient

from services.applications.storage.tables import RoundRow
from services.applications.use_cases.keep_lottery import keep_lottery
from shared.contracts.cohorts import LotteryPublished
from shared.contracts.envelope import wrap
from shared.ids import new_id
from tests.applications.parts import Applications


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database: nothing here is special to the other."""
    return sqlite_url


def test_the_rounds_page_leads_to_the_lottery(service: Applications, client: FlaskClient, open_round: RoundRow) -> None:
    lottery, link = new_id(), "http://localhost/cohorts/lotteries/1"

    def hear(state: str, sequence: int) -> str:
        event = LotteryPublished(
            lottery_id=lottery, round_id=open_round.id, title="The last ten", state=state, link=link
        )
        cause = wrap(event, id=new_id(), source="cohorts", time=open_round.opens_at).numbered(sequence)
        with service.units.begin(cause=cause) as uow:
            keep_lottery(uow, event)
        return client.get(f"/rounds/{open_round.slug}").get_data(as_text=True)

    assert link in hear("promised", 1)
    assert link in hear("drawn", 3)
    assert "The last ten" in hear("worked_out", 2)
    assert link not in hear("ended", 4)
