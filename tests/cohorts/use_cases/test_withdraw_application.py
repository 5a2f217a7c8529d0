"""Withdrawals: final, whatever the order in which events arrive."""

from services.cohorts.storage.repositories.shortlist import Filters
from services.cohorts.use_cases.list_shortlist import list_shortlist
from shared.contracts.applications import ApplicationReadyForReview, ApplicationWithdrawn
from shared.contracts.notifications import MessageFailed, MessageHandedOver
from shared.ids import new_id
from tests.cohorts.programme import Programme


def test_a_withdrawn_application_leaves_the_pool_and_the_lists(programme: Programme) -> None:
    programme.fill(2)
    programme.settle()
    member = programme.reviewer("Ada")
    programme.assign()
    programme.withdraw(programme.applications[0])
    assert len(programme.list_of(member)) == 1
    with programme.units.begin(write=False) as uow:
        assert uow.applications.figures(programme.round_id).withdrawn == 1
        assert list_shortlist(uow, programme.round_id, Filters()).total == 1


def test_an_application_that_arrives_after_its_withdrawal_stays_out(programme: Programme) -> None:
    programme.open_round()
    id, person = new_id(), programme.person("Amal")
    programme.hear(
        ApplicationWithdrawn(
            application_id=id,
            round_id=programme.round_id,
            round_title="Leading Together",
            person_id=person,
            reference="APP-1",
        ),
        sequence=4,
    )
    programme.hear(
        ApplicationReadyForReview(
            application_id=id,
            round_id=programme.round_id,
            person_id=person,
            reference="APP-1",
            submitted_at=programme.clock(),
            language="en",
            visible={"why": "x"},
            attributes={},
        ),
        sequence=3,
    )
    with programme.units.begin(write=False) as uow:
        row = uow.applications.get(id)
        assert (row.state, row.visible) == ("withdrawn", {})


def test_the_newest_news_of_a_message_is_kept(programme: Programme) -> None:
    programme.open_round()
    id, person = programme.apply(1), programme.person("Applicant 1")
    about, message = f"application/{id}", new_id()
    later = programme.clock()
    handed = MessageHandedOver(message_id=message, person_id=person, kind="decision_offer", about=about, at=later)
    programme.hear(handed)
    programme.hear(
        MessageFailed(
            message_id=message,
            person_id=person,
            kind="decision_offer",
            about=about,
            state="bounced",
            reason="no such mailbox",
            at=later,
        )
    )
    with programme.units.begin(write=False) as uow:
        (news,) = uow.deliveries.about([about])[about, person]
        assert (news.state, news.reason) == ("bounced", "no such mailbox")
