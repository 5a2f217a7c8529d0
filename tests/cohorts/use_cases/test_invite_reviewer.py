"""Invitations one by one and from a list, terms, leaving, and what is known without being told."""

from datetime import timedelta

import pytest

from services.cohorts.use_cases.declare_conflicts import declare
from services.cohorts.use_cases.import_panel import import_panel, preview_import
from services.cohorts.use_cases.invite_reviewer import (
    Description,
    Invitation,
    describe_member,
    invite_again,
    invite_reviewer,
    leave_panel,
)
from services.cohorts.use_cases.publish_terms import publish_terms
from services.cohorts.use_cases.read_reviews import my_panels
from services.cohorts.use_cases.see_conflicts import see_conflicts
from shared.contracts.cohorts import PanelTermsChanged, ReviewerInvited
from shared.errors import Conflict, NotFound
from tests.cohorts.programme import STAFF, Programme

CSV = """name,email,language,organisation
Ada,ada@panel.example,ar,
Ben,ben@panel.example,en,Harbour Trust
Ben again,BEN@panel.example,en,
Nobody,no address,en,
"""


def test_a_list_is_looked_at_first_and_then_everybody_in_it_is_invited_once(programme: Programme) -> None:
    programme.open_round()
    programme.do(invite_reviewer, STAFF, programme.round_id, Invitation(name="Ada", email="ada@panel.example"))
    with programme.units.begin(write=False) as uow:
        found = preview_import(uow, programme.round_id, CSV, ("en", "ar"))
    assert [wanted.name for _, wanted in found.invited] == ["Ben"]
    assert found.known == [(2, "Ada")]
    assert [row.line for row in found.bad] == [4, 5]
    assert "line 3" in found.bad[0].reason
    programme.do(import_panel, STAFF, programme.round_id, CSV, ("en", "ar"))
    assert [event["name"] for event in programme.published(ReviewerInvited)] == ["Ada", "Ben"]


def test_their_own_organisation_address_and_application_are_conflicts_without_being_told(programme: Programme) -> None:
    programme.open_round()
    programme.apply(1, organisation="The Harbour Trust Ltd")
    programme.apply(2, identifying={"email_domain": "west.panel.example"})
    programme.apply(3)
    with programme.units.begin(write=False) as uow:
        applicant = uow.people.find(programme.people["Applicant 3"])
        address = applicant.email if applicant else ""
    wanted = [
        Invitation(name="Ada", email="ada@panel.example", organisation="Harbour Trust"),
        Invitation(name="Applicant 3", email=address),
    ]
    for one in wanted:
        programme.do(invite_reviewer, STAFF, programme.round_id, one)
    with programme.units.begin(write=False) as uow:
        rows = see_conflicts(uow, programme.round_id)
    assert sorted((row.member.name, row.source, row.applications) for row in rows) == [
        ("Ada", "email", 1),
        ("Ada", "register", 1),
        ("Applicant 3", "email", 0),
        ("Applicant 3", "own", 1),
    ]


def test_a_new_organisation_takes_its_applications_off_the_list(programme: Programme) -> None:
    programme.open_round()
    programme.settle()
    programme.apply(1, organisation="Harbour Trust")
    member = programme.reviewer("Ada")
    programme.assign()
    assert len(programme.list_of(member)) == 1
    programme.do(describe_member, STAFF, member.id, Description(capacity=5, organisation="The harbour trust"), None)
    assert programme.list_of(member) == []


def test_an_invitation_can_be_sent_again_but_not_at_once(programme: Programme) -> None:
    programme.open_round()
    wanted = Invitation(name="Ada", email="ada@panel.example")
    member = programme.do(invite_reviewer, STAFF, programme.round_id, wanted)
    with pytest.raises(Conflict):
        programme.do(invite_again, STAFF, member.id)
    programme.clock.advance(timedelta(hours=2))
    programme.do(invite_again, STAFF, member.id)
    assert len(programme.published(ReviewerInvited)) == 2


def test_new_terms_are_agreed_to_before_reading_on_and_both_agreements_are_kept(programme: Programme) -> None:
    programme.fill(1)
    programme.settle()
    member = programme.reviewer("Ada")
    programme.assign()
    programme.do(publish_terms, STAFF, programme.round_id, "Be kind.", over=0, ask_again=True)
    assert [event["version"] for event in programme.published(PanelTermsChanged)] == [1]
    ada = programme.actor("Ada")
    with programme.units.begin(write=False) as uow:
        assert my_panels(uow, ada)[0].reviews == []
    nothing = {"organisations": "", "domains": "", "agreed": True}
    with pytest.raises(Conflict, match="terms have changed"):
        programme.do(declare, ada, member.id, **nothing, terms_version=0)
    programme.do(declare, ada, member.id, **nothing, terms_version=1)
    with programme.units.begin(write=False) as uow:
        assert len(my_panels(uow, ada)[0].reviews) == 1
        assert [one.version for one in uow.terms.accepted([member.id])[member.id]] == [1, 0]


def test_a_reviewer_can_leave_and_their_unread_applications_go_to_others(programme: Programme) -> None:
    programme.fill(2)
    programme.settle()
    member = programme.reviewer("Ada")
    programme.assign()
    ben = programme.reviewer("Ben")
    with pytest.raises(NotFound):
        programme.do(leave_panel, programme.actor("Ben"), member.id)
    programme.do(leave_panel, programme.actor("Ada"), member.id)
    assert programme.assign() == 2
    assert len(programme.list_of(ben)) == 2
