"""The digest: once for each period also after days of downtime, what is in it, and who gets it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.digest import PERIOD, moment_of, next_moment, period_at
from services.notifications.domain.settings import Settings
from services.notifications.use_cases.choose_messages import choose, set_up, turn_off
from services.notifications.use_cases.keep_news import keep_news, withdraw_news
from shared.contracts.applications import PersonRegistered, RoundPublished
from shared.errors import Invalid
from shared.schedule import Schedule
from tests.notifications.postbox import Postbox, offered, registered, session

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def participant(postbox: Postbox, name: str = "Amal", language: str = "en") -> UUID:
    person_id = uuid4()
    plain = registered(person_id, name, language)
    assert isinstance(plain, PersonRegistered)
    postbox.publish(PersonRegistered(**{**vars(plain), "roles": ["applicant", "participant"]}))
    return person_id


def switch_on(postbox: Postbox) -> None:
    with postbox.units.begin() as uow:
        set_up(uow, {**uow.settings.get().as_json(), "digest": True, "digest_first": "2027-02-08"}, 0, None)


def tell(postbox: Postbox, title: str, **given: str) -> UUID:
    with postbox.units.begin() as uow:
        return keep_news(uow, {"title": title, "text": "It is so.", **given}, None, None).id


def pass_time(postbox: Postbox, **time: float) -> None:
    """Let time pass, then run the clock and the sender."""
    postbox.clock.advance(timedelta(**time))
    schedule = Schedule(postbox.units, postbox.service.due_handlers)
    while schedule.run_next():
        pass
    postbox.send()


def digests(postbox: Postbox) -> list[str]:
    return [each.recipient for each in postbox.mailer.taken if "News from" in each.parsed["Subject"]]


def test_once_for_each_period_also_after_days_of_downtime(postbox: Postbox) -> None:
    participant(postbox)
    switch_on(postbox)
    tell(postbox, "First")
    pass_time(postbox, days=6)
    assert digests(postbox) == []
    pass_time(postbox, days=1)  # Monday 8 February, noon
    pass_time(postbox, days=1)
    assert len(digests(postbox)) == 1
    tell(postbox, "Second")
    pass_time(postbox, days=45)  # nobody at home for three periods
    pass_time(postbox, hours=1)
    assert len(digests(postbox)) == 2
    assert "Second" in postbox.mailer.taken[-1].parsed.as_string()
    assert "First" not in postbox.mailer.taken[-1].parsed.as_string()
    assert [row.period for row in postbox.rows()] == ["2027-02-08", "2027-03-22"]


def test_what_is_written_as_a_digest_is_made_is_told_by_the_next(one_postbox: Postbox) -> None:
    participant(one_postbox)
    switch_on(one_postbox)
    tell(one_postbox, "In good time")
    one_postbox.clock.advance(timedelta(days=7) - timedelta(seconds=2))
    tell(one_postbox, "At the last moment")
    pass_time(one_postbox, seconds=2)
    pass_time(one_postbox, days=14)
    first, second = (
        mail.parsed.as_string() for mail in one_postbox.mailer.taken if "News from" in mail.parsed["Subject"]
    )
    assert "In good time" in first and "At the last moment" not in first
    assert "At the last moment" in second and "In good time" not in second


def test_a_moment_that_has_passed_is_now(one_postbox: Postbox) -> None:
    with one_postbox.units.begin() as uow:
        row = keep_news(uow, {"title": "A", "text": "B"}, uow.now - timedelta(days=30), None)
        assert row.show_from == uow.now


def test_whoever_asks_for_it_twice_a_period_has_one_digest(one_postbox: Postbox) -> None:
    participant(one_postbox)
    switch_on(one_postbox)
    tell(one_postbox, "News")
    pass_time(one_postbox, days=7)
    with one_postbox.units.begin() as uow:
        uow.schedule("digest", "again", uow.now)
    pass_time(one_postbox, hours=1)
    assert len(digests(one_postbox)) == 1


def test_participants_get_it_others_when_they_ask_and_nobody_who_turned_it_off(one_postbox: Postbox) -> None:
    on, off = participant(one_postbox), participant(one_postbox, "Bana")
    asked, quiet = one_postbox.person("Cyrus"), one_postbox.person("Dana")
    with one_postbox.units.begin() as uow:
        turn_off(uow, off, "digest")
        choose(uow, asked, ["digest", "reminders"], {})
    switch_on(one_postbox)
    tell(one_postbox, "News")
    pass_time(one_postbox, days=7)
    addresses = {row.person_id: row.email for row in one_postbox.rows()}
    assert sorted(digests(one_postbox)) == sorted([addresses[on], addresses[asked]])
    assert quiet not in addresses
    one_postbox.publish(offered(off, one_postbox.clock()))
    one_postbox.send()
    assert one_postbox.states()[-1] == ("decision_offer", "sent")


def test_what_is_in_it(one_postbox: Postbox) -> None:
    here, there = participant(one_postbox), participant(one_postbox, "Bana", "ar")
    now = one_postbox.clock()
    one_postbox.publish(session([here], now + timedelta(days=9), title="Telling your story"))
    one_postbox.publish(session([here], now + timedelta(days=40), title="Far away"))
    one_postbox.send()
    asked = one_postbox.person("Cyrus")
    one_postbox.publish(round_(now, "open", "Spring 2028"), round_(now, "draft", "Secret 2029"))
    with one_postbox.units.begin() as uow:
        choose(uow, asked, ["digest"], {})
    switch_on(one_postbox)
    tell(one_postbox, "For all", link="https://example.org/news")
    tell(one_postbox, "English only", language="en")
    withdrawn = tell(one_postbox, "Never mind")
    with one_postbox.units.begin() as uow:
        withdraw_news(uow, withdrawn, None)
    pass_time(one_postbox, days=7)
    texts = {each.recipient: each.text for each in one_postbox.mailer.taken[-3:]}
    said = {row.person_id: texts[row.email] for row in one_postbox.rows()[-3:]}
    assert "Telling your story" in said[here] and "Far away" not in said[here] and "Spring 2028" not in said[here]
    assert "English only" in said[here] and "English only" not in said[there] and "For all" in said[there]
    assert "Spring 2028" in said[asked] and "https://example.org/news" in said[asked]
    assert not any("Secret" in text or "Never mind" in text for text in said.values())


def test_no_digest_without_anything_to_tell(one_postbox: Postbox) -> None:
    participant(one_postbox)
    switch_on(one_postbox)
    pass_time(one_postbox, days=7)
    assert one_postbox.rows() == []


@given(MOMENTS, st.sampled_from(["Europe/London", "America/New_York", "Asia/Kabul"]))
def test_periods_follow_one_another_across_both_clock_changes(now: datetime, zone: str) -> None:
    settings = Settings(zone=zone, digest_first=date(2026, 1, 5))
    begun, following = period_at(now, settings), next_moment(now, settings)
    assert moment_of(begun, settings) <= now < following
    assert (begun - settings.digest_first) % PERIOD == timedelta(0)
    assert period_at(following, settings) == begun + PERIOD
    assert following.astimezone(UTC) - moment_of(begun, settings) in [PERIOD + timedelta(hours=n) for n in (-1, 0, 1)]


def round_(now: datetime, state: str, title: str) -> RoundPublished:
    return RoundPublished(
        round_id=uuid4(), slug=title.lower().replace(" ", "-"), title=title, state=state, opens_at=now,
        closes_at=now + timedelta(days=30), zone="Europe/London", form_version=1, rules_version=1, questions=[],
        attributes=[], rubric=[],
    )  # fmt: skip


@pytest.mark.parametrize("given_", [{"title": ""}, {"text": " "}, {"link": "javascript:alert(1)"}, {"language": "xx"}])
def test_news_that_will_not_do(one_postbox: Postbox, given_: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught, one_postbox.units.begin() as uow:
        keep_news(uow, {"title": "A", "text": "B", **given_}, None, None)
    assert list(caught.value.problems) == list(given_)
