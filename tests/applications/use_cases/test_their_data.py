"""What holds an erasure, another address, corrections after sending, retention by kind, keys that change."""

import base64
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.applications.app import build
from services.applications.storage.sealed_columns import keys_in_use
from services.applications.storage.sealing import Sealer
from services.applications.storage.tables import StatusRow
from services.applications.use_cases import change_email, correct_answers, erase_person
from services.applications.use_cases.keep_retention import KINDS
from services.applications.use_cases.open_case import CaseWish, open_case, withdraw_case
from services.applications.use_cases.rotate_keys import require_keys, rotate_keys
from shared import retention
from shared.config import ConfigError
from shared.errors import Conflict, Gone, Invalid
from shared.timekeeping import MovableClock
from tests.applications.parts import Applications, apply, config_for, data_of, press, token_of

SignIn = Callable[..., uuid.UUID]
OLD = base64.b64decode("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
NEW = bytes(range(32))


@pytest.fixture
def sent(service: Applications, client: FlaskClient, open_round: Any) -> tuple[uuid.UUID, uuid.UUID]:
    """An application that was sent, and its owner: (application, person)."""
    application = uuid.UUID(apply(service, client).rpartition("/")[2])
    with service.units.begin(write=False) as uow:
        return application, uow.applications.get(application).person_id


def test_an_open_case_holds_an_erasure_and_its_end_starts_it(
    service: Applications, sent: tuple[uuid.UUID, uuid.UUID]
) -> None:
    application, person = sent
    with service.units.begin() as uow:
        case = open_case(
            uow, person, CaseWish(uow.applications.get(application).round_id, "complaint", "process", "It was slow.")
        )
    with service.units.begin() as uow:
        row = erase_person.request_erasure(uow, person)
        assert (row.state, row.holds) == ("held", ["open_case"])
    assert data_of(service, "erasure_requested") == []
    with service.units.begin() as uow:
        withdraw_case(uow, case.id, person)
    assert len(data_of(service, "erasure_requested")) == 1
    with service.units.begin(write=False) as uow:
        assert uow.erasures.newest_of(person).state == "running"  # type: ignore[union-attr]


def test_whoever_works_here_waits_for_somebody_to_agree(service: Applications, sign_in: SignIn) -> None:
    person = sign_in("reviewer")
    with service.units.begin() as uow:
        row = erase_person.request_erasure(uow, person)
        assert (row.state, row.holds) == ("held", ["works_here"])
        with pytest.raises(Conflict):
            erase_person.refuse(uow, row.id, " ")
        assert erase_person.agree(uow, row.id).state == "running"
        with pytest.raises(Conflict):
            erase_person.cancel(uow, person)


def test_erasing_needs_a_recent_sign_in_and_a_tick(
    service: Applications, client: FlaskClient, sent: tuple[uuid.UUID, uuid.UUID], clock: MovableClock
) -> None:
    page = "/account/data/erase"
    assert press(client, page, page).status_code == 422
    clock.advance(timedelta(minutes=16))
    client.get("/identity/renew?next=/account")
    assert client.get(page).location == f"/account/confirm?next={page.replace('/', '%2F')}"
    clock.advance(timedelta(minutes=-16))
    done = press(client, page, page, sure="yes")
    assert done.location.startswith("/erasure/")
    assert "We are erasing" in client.get(done.location).get_data(as_text=True)
    assert client.get("/account").status_code == 302


def test_staff_who_act_for_somebody_are_told_what_is_missing(
    service: Applications,
    client: FlaskClient,
    sent: tuple[uuid.UUID, uuid.UUID],
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.applications.web.pages.staff_data.prove_first", lambda _page: None)
    sign_in("staff")
    page, action = "/staff/data", "/staff/data/people"

    def said(**typed: str) -> str:
        answer = press(client, page, action, **typed)
        assert answer.status_code == 422
        return answer.get_data(as_text=True)

    assert "Nobody here has" in said(email="nobody@example.org", what="copy")
    unsure = said(email="noor@example.org", what="erase")
    assert "Tick this when you are sure" in unsure and 'value="noor@example.org"' in unsure
    assert press(client, page, action, email="noor@example.org", what="erase", sure="yes").status_code == 303
    with service.units.begin(write=False) as uow:
        reference = uow.erasures.newest_of(sent[1]).reference  # type: ignore[union-attr]
    assert reference in said(email="noor@example.org", what="copy")
    assert "/erasure/" in client.get(page).get_data(as_text=True)


def test_a_new_address_counts_when_its_reader_says_so(
    service: Applications, sent: tuple[uuid.UUID, uuid.UUID], clock: MovableClock
) -> None:
    _, person = sent
    with service.units.begin() as uow:
        change_email.request_change(uow, person, "Noor@Example.NET")
        with pytest.raises(Invalid):
            change_email.request_change(uow, person, "noor@example.org")
    token = data_of(service, "email_change_requested")[0]["link"].rpartition("/")[2]
    with service.units.begin() as uow, pytest.raises(Gone):
        change_email.confirm_change(uow, uuid.uuid4(), token)
    with service.units.begin() as uow:
        assert change_email.confirm_change(uow, person, token).email == "noor@example.net"
    assert data_of(service, "email_changed")[0]["former_email"] == "noor@example.org"
    assert data_of(service, "person_changed")[-1]["email"] == "noor@example.net"
    with service.units.begin() as uow, pytest.raises(Gone):
        change_email.confirm_change(uow, person, token)


def test_contact_answers_change_at_once_and_the_one_before_is_kept(
    service: Applications, sent: tuple[uuid.UUID, uuid.UUID]
) -> None:
    application, person = sent
    with service.units.begin() as uow:
        before = uow.applications.get(application).answers
        wanted = {"full_name": "Noor Haddad", "email": "noor@example.org", "language": "en"}
        (row,) = correct_answers.correct(uow, application, person, "contact", wanted)
        assert (row.state, row.before) == ("made", before["full_name"])
        assert uow.applications.get(application).answers["full_name"] == "Noor Haddad"


@pytest.mark.parametrize(("stage", "state"), [("under_review", "made"), ("unsuccessful", "noted")])
def test_a_judged_answer_changes_by_decision_and_only_before_the_choice(
    service: Applications, sent: tuple[uuid.UUID, uuid.UUID], stage: str, state: str
) -> None:
    application, person = sent
    with service.units.begin() as uow:
        uow.applications.keep_status(
            StatusRow(application_id=application, stage=stage, detail="", sequence=5, since=uow.now)
        )
        form = uow.rounds.form(uow.applications.get(application).round_id, 1)
        ids = {question.id for question in form.section("leadership").questions}
        answers = {k: v for k, v in uow.applications.get(application).answers.items() if k in ids}
        answers["motivation"] = "To teach others."
        with pytest.raises(Invalid):
            correct_answers.correct(uow, application, person, "leadership", answers)
        (row,) = correct_answers.correct(uow, application, person, "leadership", answers, reason="A slip.")
        assert uow.applications.get(application).answers["motivation"] == "To learn from others."
        assert correct_answers.decide(uow, row.id, accept=True, note="", decided_by="Sam").state == state
        kept = "To teach others." if state == "made" else "To learn from others."
        assert uow.applications.get(application).answers["motivation"] == kept
    told = data_of(service, "application_ready_for_review")
    assert len(told) == (2 if state == "made" else 1)


def test_retention_looks_without_touching_and_then_does_what_it_said(
    service: Applications, sent: tuple[uuid.UUID, uuid.UUID], clock: MovableClock
) -> None:
    application, _ = sent
    with service.units.begin() as uow:
        uow.rounds.get(uow.applications.get(application).round_id).state = "closed"
    clock.advance(timedelta(days=2000))
    with service.units.begin(write=False) as uow:
        planned = {each.kind.name: each.due for each in retention.plan(uow, KINDS)}
        assert uow.applications.apart(application)
    assert planned["answers.equality"] == planned["answers.contact"] == 1
    assert planned["sign_in_requests"] >= 1
    counts = retention.carry_out(service.units, KINDS)
    assert {name: counts[name] for name in ("answers.equality", "answers.contact")} == {
        "answers.equality": 1,
        "answers.contact": 1,
    }
    with service.units.begin(write=False) as uow:
        assert uow.applications.apart(application) == {}
        assert "full_name" not in uow.applications.get(application).answers
        assert all(each.due == 0 for each in retention.plan(uow, KINDS))


def test_the_schedule_is_changed_with_a_reason(service: Applications) -> None:
    with service.units.begin() as uow:
        with pytest.raises(Invalid) as raised:
            retention.change(uow, KINDS, "drafts", "3", " ", "Ada")
        assert set(raised.value.problems) == {"days", "reason"}
        retention.change(uow, KINDS, "drafts", "", "The funder asks for it", "Ada")
        (drafts,) = [each for each in retention.plan(uow, KINDS) if each.kind.name == "drafts"]
        assert (drafts.days, drafts.changed_by) == (None, "Ada")


def test_the_schedule_by_api(service: Applications, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in("administrator")
    api = "/applications/api/v1/retention"
    token = {"X-CSRF-Token": token_of(client)}
    changed = client.put(f"{api}/drafts", json={"days": 90, "reason": "The funder asks for it"}, headers=token)
    assert changed.status_code == 200, changed.text
    (drafts,) = [each for each in client.get(api).json["items"] if each["kind"] == "drafts"]  # type: ignore[index]
    assert drafts == changed.json and (drafts["days"], drafts["reason"]) == (90, "The funder asks for it")
    assert client.put(f"{api}/drafts", json={"days": 3, "reason": "Soon"}, headers=token).status_code == 422
    assert client.put(f"{api}/dreams", json={"days": 90, "reason": "Soon"}, headers=token).status_code == 404


def test_keys_are_changed_in_batches_and_an_old_one_is_missed_until_then(
    service: Applications, sent: tuple[uuid.UUID, uuid.UUID], database_url: str
) -> None:
    application, _ = sent
    both = Sealer({"k2": NEW, "k1": OLD})
    with pytest.raises(ConfigError, match="k1"):
        require_keys(service.units, Sealer({"k2": NEW}))
    seen: list[int] = []

    def stop_after_one(done: int, _total: int) -> None:
        seen.append(done)
        if len(seen) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_keys(service.units, both, stop_after_one, batch=1)
    with service.units.begin(write=False) as uow:
        assert keys_in_use(uow.session) == {"k2": 1, "k1": 1}
    assert rotate_keys(service.units, both, lambda _done, _total: None, batch=1) == 1
    require_keys(service.units, Sealer({"k2": NEW}))
    again = build(config_for(database_url, field_keys={"k2": NEW}), service.clock)
    with again.units.begin(write=False) as uow:
        assert uow.applications.apart(application)["gender"] == "woman"
    again.units.engine.dispose()
