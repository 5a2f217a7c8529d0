"""kill -9 in the middle of sending to a server that misbehaves: nobody is left out, nobody is written to twice."""

import multiprocessing
import random
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

from shared.timekeeping import system_clock
from tests.chaotic_smtp import Chaos, ChaoticServer
from tests.notifications.postbox import Postbox, submitted
from tests.notifications.victim import send

KILLS, MESSAGES = 10, 200
LEASES_END = timedelta(minutes=21)
PLAN = {17: Chaos.DEFER_AT_DOT, 23: Chaos.DROP_BEFORE_DOT, 29: Chaos.CLOSE_421_AT_MAIL, 31: Chaos.DEFER_AT_DATA}


def chaos(number: int) -> Chaos:
    return next((what for every, what in PLAN.items() if number % every == every - 1), Chaos.NONE)


def test_ten_kills_lose_nobody_and_double_nobody(postbox: Postbox) -> None:
    postbox.clock.set(system_clock())
    for number in range(MESSAGES):
        person = postbox.person(email=f"p{number}@example.org")
        postbox.publish(submitted(person, postbox.clock()))
    context: Any = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.notifications.victim"])
    moments, url = random.Random(7), postbox.config.database_url
    with ChaoticServer(messages=chaos) as server:
        kills = 0
        for run in range(60):
            process = context.Process(target=send, args=(url, server.port, LEASES_END * run))
            process.start()
            if kills < KILLS:
                _wait_for_progress(server, process, moments.randint(1, 20), moments.random() / 50)
                kills += process.is_alive()
                process.kill()
            process.join(60)
            if kills == KILLS and _settled(postbox):
                break
    taken = Counter(each.recipients[0] for each in server.accepted)
    states = {row.email: row.state for row in postbox.rows()}
    unknown = {email for email, state in states.items() if state == "unknown"}
    assert kills == KILLS
    assert set(taken.values()) == {1}
    assert set(states.values()) <= {"sent", "unknown"}
    # A server that resets just as the dot goes leaves its own unknowns; a kill leaves one at most.
    assert sum(row.reason.startswith("The sender stopped") for row in postbox.rows()) <= kills
    assert {email for email, state in states.items() if state == "sent"} | unknown >= set(taken)
    assert set(states) - unknown <= set(taken)


def _wait_for_progress(server: ChaoticServer, process: Any, messages: int, more: float) -> None:
    """Until the server has taken so many more, and a moment longer, to die in another phase each time."""
    never, goal = threading.Event(), len(server.accepted) + messages
    while len(server.accepted) < goal and process.is_alive():
        never.wait(0.002)
    never.wait(more)


def _settled(postbox: Postbox) -> bool:
    return all(row.state in ("sent", "unknown") for row in postbox.rows())
