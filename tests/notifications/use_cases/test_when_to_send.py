"""When messages go: quiet hours on the person's clock across both clock changes, and limits by receiving domain."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.use_cases.choose_messages import choose, set_up
from tests.notifications.postbox import Postbox, offered, submitted


def quiet(postbox: Postbox, start: str, end: str, zone: str = "Europe/London") -> None:
    with postbox.units.begin() as uow:
        values = {**uow.settings.get().as_json(), "quiet_from": start, "quiet_until": end, "zone": zone}
        set_up(uow, values, uow.settings.revision, None)


@pytest.mark.parametrize(
    ("night", "ends"),
    [
        (datetime(2027, 3, 27, 23, 0, tzinfo=UTC), datetime(2027, 3, 28, 6, 0, tzinfo=UTC)),  # clocks go forward
        (datetime(2027, 10, 30, 22, 0, tzinfo=UTC), datetime(2027, 10, 31, 7, 0, tzinfo=UTC)),  # and back
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(one_postbox: Postbox, night: datetime, ends: datetime) -> None:
    quiet(one_postbox, "21:00", "07:00")
    one_postbox.clock.set(night)
    person = one_postbox.person()
    one_postbox.publish(offered(person, night), submitted(person, night))
    one_postbox.send()
    assert one_postbox.states() == [("decision_offer", "queued"), ("application_received", "sent")]
    assert one_postbox.rows()[0].next_at == ends
    one_postbox.clock.set(ends)
    one_postbox.send()
    assert Counter(state for _, state in one_postbox.states()) == {"sent": 2}


def test_a_persons_own_hours_on_their_own_clock(one_postbox: Postbox) -> None:
    here, there = one_postbox.person("Amal"), one_postbox.person("Bana")
    quiet(one_postbox, "21:00", "07:00")
    with one_postbox.units.begin() as uow:
        choose(uow, there, ["reminders"], {"zone": "Asia/Kabul", "quiet_from": "16:00", "quiet_until": "18:00"})
    one_postbox.publish(offered(here, one_postbox.clock()), offered(there, one_postbox.clock()))
    one_postbox.send()  # noon in London, half past four in Kabul
    assert Counter(row.name for row in one_postbox.rows() if row.state == "queued") == {"Bana": 1}
    one_postbox.send(hours=2)
    assert {row.state for row in one_postbox.rows()} == {"sent"}


def test_no_more_a_minute_to_one_domain_than_it_takes_whoever_sends(one_postbox: Postbox) -> None:
    one_postbox.close()
    config = type(one_postbox.config)(**{**vars(one_postbox.config), "limits": {"slow.example": 2}})
    postbox = Postbox(config, one_postbox.clock)
    for number in range(5):
        for domain in ("slow.example", "fast.example"):
            postbox.publish(submitted(postbox.person(email=f"p{number}@{domain}"), postbox.clock()))
    postbox.send()
    postbox.new_sender()
    postbox.send(seconds=1)
    assert Counter(each.recipient.partition("@")[2] for each in postbox.mailer.taken) == {
        "fast.example": 5, "slow.example": 2,
    }  # fmt: skip
    for _ in range(6):
        postbox.send(seconds=31)
    assert Counter(row.state for row in postbox.rows()) == {"sent": 10}
    assert {row.attempts for row in postbox.rows()} == {1}
    postbox.close()


def test_queueing_wakes_the_sender(one_postbox: Postbox) -> None:
    woken: list[bool] = []
    one_postbox.units.on_published = lambda: woken.append(True)
    person = one_postbox.person()
    assert woken == []
    one_postbox.publish(submitted(person, one_postbox.clock()))
    assert woken == [True]
    one_postbox.clock.advance(timedelta(seconds=1))
