"""What a server's reply means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.outcomes import Outcome, Phase, Result, from_reply, lost, one_line, suppresses


@pytest.mark.parametrize(
    ("phase", "code", "text", "expected"),
    [
        (Phase.DOT, 250, "2.0.0 ok", Outcome(Result.SENT, Phase.ACCEPTED, 250, "2.0.0", "2.0.0 ok")),
        (Phase.DOT, 250, "queued", Outcome(Result.SENT, Phase.ACCEPTED, 250, None, "queued")),
        (Phase.RCPT, 550, "5.1.1 nobody", Outcome(Result.FAILED, Phase.RCPT, 550, "5.1.1", "5.1.1 nobody")),
        (Phase.RCPT, 451, "4.7.1 later", Outcome(Result.DEFERRED, Phase.RCPT, 451, "4.7.1", "4.7.1 later")),
        (Phase.DOT, 552, "5.3.4 too big", Outcome(Result.FAILED, Phase.DOT, 552, "5.3.4", "5.3.4 too big")),
        (Phase.MAIL, 421, "closing", Outcome(Result.DEFERRED, Phase.MAIL, 421, None, "closing")),
        (Phase.MAIL, 530, "5.7.0 sign in", Outcome(Result.NOT_SENT, Phase.MAIL, 530, "5.7.0", "5.7.0 sign in")),
        (Phase.RCPT, 450, "5.1.1 at odds", Outcome(Result.DEFERRED, Phase.RCPT, 450, None, "5.1.1 at odds")),
        (Phase.DOT, 354, "what?", Outcome(Result.UNKNOWN, Phase.DOT, 354, None, "what?")),
        (Phase.DATA, 250, "what?", Outcome(Result.NOT_SENT, Phase.DATA, 250, None, "what?")),
        (Phase.DOT, -1, "", Outcome(Result.UNKNOWN, Phase.DOT)),
    ],
)
def test_reply_codes(phase: Phase, code: int, text: str, expected: Outcome) -> None:
    assert from_reply(phase, code, text) == expected


@settings(max_examples=60)
@given(st.sampled_from([Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT]), st.integers(-1, 999), st.text(max_size=40))
def test_only_the_final_dot_can_leave_it_open(phase: Phase, code: int, text: str) -> None:
    outcome = from_reply(phase, code, text)
    if outcome.result in (Result.SENT, Result.UNKNOWN):
        assert phase is Phase.DOT
    if phase is Phase.DOT:
        assert outcome.result is not Result.NOT_SENT


def test_a_lost_connection() -> None:
    assert [lost(phase).result for phase in Phase] == [Result.NOT_SENT] * 5 + [Result.UNKNOWN] * 2


def test_bad_addresses_suppress_and_policy_never_does() -> None:
    assert [code for code in ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1") if not suppresses(code)] == []
    assert [code for code in ("5.7.1", "5.7.26", "5.2.2", "5.1.8", "4.1.1", "5.0.0", None) if suppresses(code)] == []


def test_a_servers_words_stay_on_one_line() -> None:
    assert one_line("a\r\nb\x00\x1b[31m\u2028c" + "x" * 999) == "a b [31m c" + "x" * 290
