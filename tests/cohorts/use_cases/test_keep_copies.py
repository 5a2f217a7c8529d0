"""Copies of rounds, people, applications and scores: the newest state wins, whatever the order of arrival."""

from dataclasses import replace

import pytest

from services.cohorts.use_cases.keep_application import keep_application
from shared.contracts.applications import (
    ApplicationReadyForReview,
    ApplicationScored,
    PersonChanged,
    ScoreEntry,
    ScoresPublished,
)
from shared.contracts.cohorts import ReviewsAssigned
from shared.errors import NotYet
from shared.ids import new_id
from tests.cohorts.programme import Programme


def test_an_older_state_of_a_round_changes_nothing(programme: Programme) -> None:
    programme.open_round(title="First")
    programme.open_round(title="Third")
    with programme.units.begin() as uow:
        stored = uow.rounds.get(programme.round_id)
        assert (stored.title, stored.sequence) == ("Third", 2)
    programme._sequences[f"round/{programme.round_id}"] = 0
    programme.open_round(title="Second, come late")
    with programme.units.begin(write=False) as uow:
        assert uow.rounds.get(programme.round_id).title == "Third"


def test_an_older_state_of_a_person_changes_nothing(programme: Programme) -> None:
    id = programme.person("Amal")
    change = PersonChanged(person_id=id, name="Amal H", email="AMAL@new.example", language="ar", roles=["applicant"])
    programme.hear(change, sequence=5)
    programme.hear(replace(change, name="Old"), sequence=3)
    with programme.units.begin(write=False) as uow:
        person = uow.people.find(id)
        assert person is not None
        assert (person.name, person.email, person.language) == ("Amal H", "amal@new.example", "ar")


def test_an_application_waits_for_its_round(programme: Programme) -> None:
    event = ApplicationReadyForReview(
        application_id=new_id(),
        round_id=new_id(),
        person_id=new_id(),
        reference="APP-9",
        submitted_at=programme.clock(),
        language="en",
        visible={},
        attributes={},
    )
    with pytest.raises(NotYet):
        programme.do(keep_application, event)


def test_a_score_waits_for_its_application(programme: Programme) -> None:
    programme.open_round()
    score = ApplicationScored(
        application_id=new_id(), round_id=programme.round_id, rules_version=1, score=1.0, breakdown=[]
    )
    with pytest.raises(NotYet):
        programme.hear(score)


def test_identifying_answers_and_the_organisation_are_kept_apart(programme: Programme) -> None:
    programme.open_round()
    id = programme.apply(
        1, organisation="Harbour & Home Ltd", identifying={"name": "Amal", "email_domain": "h.example"}
    )
    with programme.units.begin(write=False) as uow:
        application, identity = uow.applications.get(id), uow.applications.identity(id)
        assert "organisation" not in application.attributes
        assert identity is not None
        assert (identity.organisation, identity.organisation_key) == ("Harbour & Home Ltd", "harbour and home")
        assert identity.email_domain == "h.example"


def test_the_highest_priority_score_of_the_round_counts_as_a_hundred(programme: Programme) -> None:
    programme.open_round()
    programme.settle(priority_weight=100, review_weight=0)
    low, high = programme.apply(1, score=20.0), programme.apply(2, score=80.0)
    with programme.units.begin(write=False) as uow:
        assert uow.applications.get(high).blended == 100.0
        assert uow.applications.get(low).blended == 25.0


def test_scores_of_older_rules_never_replace_newer_ones(programme: Programme) -> None:
    programme.open_round()
    id = programme.apply(1, score=50.0)
    programme.hear(
        ScoresPublished(
            round_id=programme.round_id,
            rules_version=3,
            batch=1,
            batches=1,
            scores=[ScoreEntry(application_id=id, score=70.0, breakdown=[])],
        ),
        sequence=9,
    )
    programme.score(id, 10.0, rules_version=2)
    with programme.units.begin(write=False) as uow:
        application = uow.applications.get(id)
        assert (application.priority_score, application.rules_version) == (70.0, 3)


def test_a_reviewer_invited_before_having_an_account_is_told_when_they_join(programme: Programme) -> None:
    from services.cohorts.use_cases.invite_reviewer import Invitation, invite_reviewer
    from tests.cohorts.programme import STAFF

    programme.fill(2)
    programme.settle()
    invitation = Invitation(name="Late Joiner", email="Late.Joiner@mail.example")
    programme.do(invite_reviewer, STAFF, programme.round_id, invitation)
    assert programme.assign() == 2
    assert programme.published(ReviewsAssigned) == []
    id = programme.person("Late Joiner")
    told = programme.published(ReviewsAssigned)
    assert [(event["person_id"], event["count"]) for event in told] == [(str(id), 2)]
