"""Tries are counted for each caller, and forgotten with time."""

import pytest

from shared.errors import TooMany
from shared.web.limits import Limit


def test_a_caller_waits_and_others_do_not() -> None:
    now = [0.0]
    limit = Limit(2, 60, lambda: now[0])
    for at in (0, 10):
        now[0] = at
        limit.check("a", "Wait.")
    with pytest.raises(TooMany) as refused:
        limit.check("a", "Wait.")
    assert refused.value.retry_after == 51
    limit.check("b", "Wait.")
    now[0] = 60
    limit.check("a", "Wait.")
