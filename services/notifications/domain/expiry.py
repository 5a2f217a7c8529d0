"""Until when a message is worth sending."""

from datetime import datetime, timedelta

_SIGN_IN = timedelta(minutes=10)


def expires_at(
    kind: str,
    queued_at: datetime,
    *,
    starts: datetime | None = None,
    ends: datetime | None = None,
    deadline: datetime | None = None,
) -> datetime | None:
    """The moment from which this message would be of no use, or None.

    A session's reminder and invitation, and all about its waiting list, end when it starts; its change or cancellation
    when it ends; a draft's or an
    offer's reminder at the deadline; a sign-in link after ten minutes. An offer itself never expires unsent: somebody
    has to see that it was not delivered.
    """  # fmt: skip
    if kind == "sign_in":
        return queued_at + _SIGN_IN
    if kind in ("session_reminder", "session_invitation", "session_place", "session_waiting"):
        return starts
    if kind in ("session_changed", "session_cancelled", "session_waiting_over"):
        return ends or starts
    return deadline if kind in ("draft_reminder", "offer_reminder") else None
