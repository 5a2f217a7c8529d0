"""kill -9 in the middle of sending to a server that misbehaves: nobody is left out, nobody is written to twice.

`./hearth bench email` does it whole: 80 kills while 3,000 are sent."""

from tests.notifications.killing import kill_while_sending
from tests.notifications.postbox import Postbox

KILLS, MESSAGES, PACE = 10, 200, 20


def test_ten_kills_lose_nobody_and_double_nobody(postbox: Postbox) -> None:
    toll = kill_while_sending(postbox, KILLS, MESSAGES, PACE)
    assert (toll.kills, toll.doubled, toll.lost, toll.strange) == (KILLS, 0, 0, [])
    assert toll.unknown <= KILLS


def test_everybody_was_told_once_what_came_of_it(one_postbox: Postbox) -> None:
    """A sender that dies before it has told the others leaves it to the next one."""
    kill_while_sending(one_postbox, 3, 60, 10, pipelining=False)
    told = [each["message_id"] for each in one_postbox.told()]
    assert sorted(told) == sorted(str(row.id) for row in one_postbox.rows())
