"""kill -9 in the middle of sending to a server that misbehaves, and what came of it."""

import multiprocessing
import random
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shared.timekeeping import system_clock
from tests.chaotic_smtp import Chaos, ChaoticServer
from tests.notifications.postbox import Postbox, submitted
from tests.notifications.victim import send

LEASES_END = timedelta(minutes=21)
PLAN = {17: Chaos.DEFER_AT_DOT, 23: Chaos.DROP_BEFORE_DOT, 29: Chaos.CLOSE_421_AT_MAIL, 31: Chaos.DEFER_AT_DATA}


@dataclass(frozen=True)
class Toll:
    """What came of it. `doubled`: people written to twice; `lost`: nobody took their message and nobody wonders;
    `unknown`: messages that a killed sender left without an outcome; `strange`: states that should not be."""

    kills: int
    doubled: int
    lost: int
    unknown: int
    strange: list[str]


def chaos(number: int) -> Chaos:
    """Now and then something goes wrong at the server."""
    return next((what for every, what in PLAN.items() if number % every == every - 1), Chaos.NONE)


def kill_while_sending(postbox: Postbox, kills: int, messages: int, pace: int, *, pipelining: bool = True) -> Toll:
    """Send receipts; kill the sender so often, each time after it has sent 1 to `pace` more. `pipelining`: the server
    is told of each message with the dot of the one before."""
    postbox.clock.set(system_clock())
    for number in range(messages):
        person = postbox.person(email=f"p{number}@example.org")
        postbox.publish(submitted(person, postbox.clock()))
    with ChaoticServer(messages=chaos, pipelining=pipelining) as server:
        done = _run(postbox, server, kills, pace)
    return _toll(postbox, server, done)


def _run(postbox: Postbox, server: ChaoticServer, kills: int, pace: int) -> int:
    context: Any = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.notifications.victim"])
    moments, url, done = random.Random(7), postbox.config.database_url, 0
    for run in range(kills + 50):
        process = context.Process(target=send, args=(url, server.port, LEASES_END * run))
        process.start()
        if done < kills:
            _wait_for_progress(server, process, moments.randint(1, pace), moments.random() / 50)
            done += process.is_alive()
            process.kill()
        process.join(120)
        if done == kills and _settled(postbox):
            break
    return done


def _wait_for_progress(server: ChaoticServer, process: Any, messages: int, more: float) -> None:
    """Until the server has taken so many more, and a moment longer, to die in another phase each time."""
    never, goal = threading.Event(), len(server.accepted) + messages
    while len(server.accepted) < goal and process.is_alive():
        never.wait(0.002)
    never.wait(more)


def _settled(postbox: Postbox) -> bool:
    return all(row.state in ("sent", "unknown") for row in postbox.rows())


def _toll(postbox: Postbox, server: ChaoticServer, kills: int) -> Toll:
    taken = Counter(each.recipients[0] for each in server.accepted)
    rows = postbox.rows()
    states = {row.email: row.state for row in rows}
    unknown = {email for email, state in states.items() if state == "unknown"}
    return Toll(
        kills=kills,
        doubled=sum(count > 1 for count in taken.values()),
        lost=len(set(states) - unknown - set(taken)),
        # A server that resets just as the dot goes leaves its own unknowns; a kill leaves one at most.
        unknown=sum(row.reason.startswith("The sender stopped") for row in rows),
        strange=sorted(set(states.values()) - {"sent", "unknown"})
        + [email for email in taken if states[email] not in ("sent", "unknown")],
    )
