"""Each event makes exactly the message expected, in the person's language, once."""

import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.notifications.consumers import HANDLERS
from shared.contracts import applications, cohorts
from shared.contracts.base import Event, decode
from tests.notifications.postbox import Postbox, offered, registered, session, submitted

SAMPLES = Path(__file__).resolve().parents[1] / "contracts" / "samples"
DRAFT: dict[str, Any] = {
    "application_id": UUID(int=5), "round_id": UUID(int=6), "round_title": "Spring 2027",
    "resume_link": "http://localhost/resume/secret-4f9c2a7be1", "zone": "Europe/London",
}  # fmt: skip
OFFER: dict[str, Any] = {
    "offer_id": UUID(int=4), "application_id": UUID(int=5), "round_title": "Spring 2027", "reference": "K7QM-2RT4",
}  # fmt: skip


def events(person: UUID, postbox: Postbox) -> dict[str, Event]:
    """For every kind of message that an event makes: such an event."""
    now = postbox.clock()
    later = now + timedelta(days=20)
    draft = {**DRAFT, "person_id": person, "closes_at": later}
    offer = {**OFFER, "person_id": person}
    decision = offered(person, now)
    told = {"offer_id": None, "offer_link": None, "respond_by": None}
    return {
        "draft_saved": applications.ApplicationStarted(**draft),
        "draft_reminder": applications.DraftReminderDue(**draft, days_left=3),
        "application_received": submitted(person, now),
        "application_withdrawn": applications.ApplicationWithdrawn(
            application_id=UUID(int=5), round_id=UUID(int=6), round_title="Spring 2027", person_id=person,
            reference="K7QM-2RT4",
        ),
        "deadline_extended": applications.DeadlineExtended(
            person_id=person, round_id=UUID(int=6), round_title="Spring 2027", closes_at=later, zone="Asia/Kabul",
            reason="You were in hospital.", link="http://localhost/apply/spring",
        ),
        "decision_offer": decision,
        "decision_waitlist": cohorts.DecisionReleased(**{**vars(decision), **told, "outcome": "waitlisted"}),
        "decision_unsuccessful": cohorts.DecisionReleased(**{**vars(decision), **told, "outcome": "unsuccessful"}),
        "offer_reminder": cohorts.OfferReminderDue(
            **offer, offer_link="http://localhost/cohorts/offers/x", respond_by=later, zone="Europe/London"
        ),
        "offer_accepted": cohorts.OfferAnswered(**offer, round_id=UUID(int=6), answer="accepted", answered_at=now),
        "offer_declined": cohorts.OfferAnswered(**offer, round_id=UUID(int=6), answer="declined", answered_at=now),
        "offer_lapsed": cohorts.OfferLapsed(**offer, round_id=UUID(int=6), respond_by=now, zone="Europe/London"),
        "session_invitation": session([person], later),
        "survey_invited": cohorts.SurveyInvited(
            survey_id=UUID(int=8), person_id=person, title="How is it going?", link="http://localhost/cohorts/surveys/x",
            minutes=5, closes_at=later, anonymous=True, anonymous_note="Nobody can see who wrote what.",
        ),
        "survey_reminder": cohorts.SurveyReminderDue(
            survey_id=UUID(int=8), person_id=person, title="How is it going?", link="http://localhost/cohorts/surveys/x",
            minutes=5, closes_at=later,
        ),
        "reviews_assigned": cohorts.ReviewsAssigned(
            panel_member_id=UUID(int=7), person_id=person, round_id=UUID(int=6), round_title="Spring 2027", count=3,
            link="http://localhost/cohorts/panel",
        ),
    }  # fmt: skip


KINDS = (
    "draft_saved", "draft_reminder", "application_received", "application_withdrawn", "deadline_extended",
    "decision_offer",
    "decision_waitlist", "decision_unsuccessful", "offer_reminder", "offer_accepted", "offer_declined", "offer_lapsed",
    "session_invitation", "survey_invited", "survey_reminder", "reviews_assigned",
)  # fmt: skip
LANGUAGES = [("en", "en"), ("ar", "ar"), ("fa-AF", "fa-AF"), ("cy", "cy"), ("de", "en")]


@pytest.mark.parametrize(("wanted", "given"), LANGUAGES)
def test_every_event_makes_one_message_in_the_persons_language(one_postbox: Postbox, wanted: str, given: str) -> None:
    person = one_postbox.person("Siân Ffîon", wanted, "sian@example.org")
    for kind, event in events(person, one_postbox).items():
        envelope, language = one_postbox.envelope(event), "en" if kind == "reviews_assigned" else given
        assert one_postbox.deliver(envelope, envelope) == ["done", "repeat"]
        one_postbox.send()
        [row] = [row for row in one_postbox.rows() if row.kind == kind]
        assert (row.person_id, row.language, row.state) == (person, language, "sent")
        taken = one_postbox.mailer.taken.pop()
        assert one_postbox.mailer.taken == []
        assert taken.recipient == "sian@example.org"
        assert taken.parsed["To"] == "Siân Ffîon <sian@example.org>"
        html = taken.parsed.get_body(("html",))
        assert html is not None and f'lang="{language}"' in html.get_content()
        assert (taken.calendar is not None) == (kind == "session_invitation")
    assert sorted(one_postbox.states()) == sorted((kind, "sent") for kind in KINDS)


def test_every_listened_event_is_tried_here() -> None:
    """A handler added to consumers.py needs a line in `events`."""
    elsewhere = {
        applications.PersonRegistered, applications.PersonChanged, applications.SignInRequested,
        cohorts.ReviewerInvited, cohorts.ReviewerReminderDue, cohorts.SessionReminderDue,
        applications.RoundPublished, applications.HelperInvited, applications.HelperEnded,
    }  # fmt: skip
    tried = {
        applications.ApplicationStarted, applications.DraftReminderDue, applications.ApplicationSubmitted,
        applications.ApplicationWithdrawn, applications.DeadlineExtended,
        cohorts.DecisionReleased, cohorts.OfferReminderDue, cohorts.OfferAnswered,
        cohorts.OfferLapsed, cohorts.SessionPublished, cohorts.ReviewsAssigned, cohorts.SurveyInvited,
        cohorts.SurveyReminderDue,
    }  # fmt: skip
    # Their own tests: interest (test_tell_interested.py), copies and erasures (with all three services).
    elsewhere |= {
        applications.InterestRegistered, applications.RoundAnnounced, applications.PersonalDataRequested,
        applications.ErasureRequested,
    }  # fmt: skip
    assert set(HANDLERS) == elsewhere | tried | set(SAMPLED)


SAMPLED: dict[type[Event], str] = {
    applications.CaseOpened: "case_received",
    applications.CaseAssigned: "case_assigned",
    applications.CaseOverdue: "case_overdue",
    applications.CaseClosed: "case_outcome",
    applications.EmailChangeRequested: "email_change",
    applications.EmailChanged: "email_changed",
    applications.ErasureCompleted: "erasure_done",
    applications.PersonalDataReady: "data_ready",
    cohorts.PanelTermsChanged: "panel_terms_changed",
    cohorts.DiscussionContinued: "discussion_continued",
}
"""Events whose frozen sample makes one message, and its kind."""


@pytest.mark.parametrize("cls", SAMPLED, ids=lambda cls: cls.__name__)
def test_messages_about_cases_panels_and_personal_data(one_postbox: Postbox, cls: type[Event]) -> None:
    sample = json.loads((SAMPLES / f"{cls.NAME}.v1.json").read_text())["data"]
    person = one_postbox.person("Amal Haddad", "ar", "amal@example.org")
    later = (one_postbox.clock() + timedelta(days=3)).isoformat()
    changes = {"person_id": str(person), "officer_id": str(person), "expires_at": later, "respond_by": later}
    changes |= {"closes_at": later}
    event = decode(cls.NAME, 1, {name: changes.get(name, value) for name, value in sample.items()})
    envelope = one_postbox.envelope(event, source=cls.NAME.partition(".")[0])
    assert one_postbox.deliver(envelope, envelope) == ["done", "repeat"]
    one_postbox.send()
    [row] = one_postbox.rows()
    assert (row.kind, row.state) == (SAMPLED[cls], "sent")
    [taken] = one_postbox.mailer.taken
    assert taken.recipient == (sample["email"] if cls is applications.EmailChangeRequested else "amal@example.org")


HELPER: dict[str, Any] = {
    "application_id": UUID(int=5), "helper_id": UUID(int=8), "applicant": "Noor O'Brien-Ñuñez",
    "email": "amal@example.org", "name": "Amal محمد", "round_title": "Spring 2027",
}  # fmt: skip


@pytest.mark.parametrize(("wanted", "given"), LANGUAGES)
def test_helpers_are_written_to_without_an_account(one_postbox: Postbox, wanted: str, given: str) -> None:
    who = {**HELPER, "person_id": one_postbox.person("Noor", "en"), "language": wanted}
    link = "http://localhost/helping"
    asked = applications.HelperInvited(**who, may_submit=False, link=link)
    for event in (asked, *(applications.HelperEnded(**who, ended_by=by) for by in ("applicant", "helper"))):
        one_postbox.deliver(one_postbox.envelope(event))
    one_postbox.send()
    assert sorted(one_postbox.states()) == [("helper_ended", "sent"), ("helper_invited", "sent")]
    assert {(row.email, row.language) for row in one_postbox.rows()} == {("amal@example.org", given)}
    bodies = [taken.parsed.get_body(("plain",)).get_content() for taken in one_postbox.mailer.taken]
    assert any(link in body for body in bodies) and all("O'Brien" in body for body in bodies)


def test_nothing_is_sent_to_who_has_no_address(one_postbox: Postbox) -> None:
    person = one_postbox.person("On paper", "en", f"paper-1@{applications.NO_ADDRESS}")
    one_postbox.deliver(one_postbox.envelope(submitted(person, one_postbox.clock())))
    assert one_postbox.rows() == []


def test_the_same_on_both_databases(postbox: Postbox) -> None:
    person = postbox.person("Amal", "ar")
    made = [postbox.envelope(event) for event in events(person, postbox).values()]
    assert set(postbox.deliver(*made)) == {"done"}
    postbox.send()
    assert sorted(postbox.states()) == sorted((kind, "sent") for kind in KINDS)
    assert len(postbox.mailer.taken) == len(KINDS)
    handed = [each for each in postbox.told() if each["type"] == "notifications.message_handed_over"]
    assert sorted(each["kind"] for each in handed) == sorted(KINDS)
    assert {each["person_id"] for each in handed} == {str(person)}


def test_somebody_we_do_not_know_yet_waits(postbox: Postbox) -> None:
    person = uuid.uuid4()
    receipt = postbox.envelope(submitted(person, postbox.clock()))
    assert postbox.deliver(receipt) == ["retry"]
    assert postbox.rows() == []
    postbox.publish(registered(person))
    assert postbox.deliver(receipt) == ["done"]
    assert [row.kind for row in postbox.rows()] == ["application_received"]


def test_the_newest_address_counts_whatever_the_order(postbox: Postbox) -> None:
    person = uuid.uuid4()
    first = postbox.envelope(registered(person, "Old", "en", "old@example.org"))
    second = postbox.envelope(
        applications.PersonChanged(
            person_id=person, name="New", email="new@example.org", language="cy", roles=["applicant"]
        )
    )
    postbox.deliver(second, first)
    postbox.publish(submitted(person, postbox.clock()))
    [row] = postbox.rows()
    assert (row.email, row.name, row.language) == ("new@example.org", "New", "cy")


def sign_in(postbox: Postbox, **changes: Any) -> applications.SignInRequested:
    settings: dict[str, Any] = {
        "person_id": uuid.uuid4(), "request_id": uuid.uuid4(), "email": "new@example.org", "name": "", "language": "cy",
        "link": "http://localhost/sign-in/secret-4f9c2a7be1", "code": "418-302",
        "expires_at": postbox.clock() + timedelta(minutes=10),
    }  # fmt: skip
    return applications.SignInRequested(**{**settings, **changes})


def test_signing_in_needs_no_account_and_no_name(postbox: Postbox) -> None:
    postbox.publish(sign_in(postbox))
    postbox.send()
    [taken] = postbox.mailer.taken
    assert taken.recipient == "new@example.org"
    text = taken.parsed.get_body(("plain",))
    assert text is not None and "418-302" in text.get_content() and "secret-4f9c2a7be1" in text.get_content()
    [row] = postbox.rows()
    assert (row.language, row.state, row.person_id) == ("cy", "sent", None)
    # Once it is sent nobody needs the link and the code any more.
    assert "sign_in_url" not in row.values and "code" not in row.values


def test_a_sign_in_link_that_has_ended_is_not_sent(postbox: Postbox) -> None:
    event = postbox.envelope(sign_in(postbox, expires_at=postbox.clock() + timedelta(minutes=4)))
    postbox.clock.advance(timedelta(minutes=3))
    postbox.deliver(event)
    postbox.send(minutes=2)  # five minutes after it was asked for, two after it arrived here
    assert postbox.states() == [("sign_in", "expired")]
    assert postbox.mailer.tried == 0


def test_a_reviewer_is_asked_at_an_address_alone(postbox: Postbox) -> None:
    postbox.publish(
        cohorts.ReviewerInvited(
            panel_member_id=uuid.uuid4(), round_id=uuid.uuid4(), round_title="Spring 2027", name="Tesfay",
            email="tesfay@example.org", language="ar",
        )
    )  # fmt: skip
    postbox.send()
    assert [(row.kind, row.language, row.state) for row in postbox.rows()] == [("reviewer_invited", "en", "sent")]


def test_a_fallback_of_language_is_logged(one_postbox: Postbox, caplog: pytest.LogCaptureFixture) -> None:
    person = one_postbox.person(language="de")
    with caplog.at_level("INFO"):
        one_postbox.publish(submitted(person, one_postbox.clock()))
    [record] = [each for each in caplog.records if "wanted language" in each.message]
    assert vars(record)["wanted"] == "de"
