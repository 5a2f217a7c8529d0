"""What the digest tells: news that staff wrote, open rounds, sessions to come, and which periods were made."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services.notifications.storage.inserting import insert_new
from services.notifications.storage.sending_tables import DigestRow, NewsRow, PreferencesRow, RoundRow
from services.notifications.storage.tables import ContactRow, SessionRow
from shared.errors import NotFound


class News:
    """Items by staff, and everything else that a digest is made of."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, news_id: UUID, *, lock: bool = False) -> NewsRow:
        """An item; raises NotFound."""
        row = self._session.get(NewsRow, news_id, with_for_update=lock or None)
        if row is None:
            raise NotFound("There is no such item.")
        return row

    def add(self, row: NewsRow) -> None:
        """Keep a new item."""
        self._session.add(row)
        self._session.flush()

    def listed(self, limit: int = 100) -> list[NewsRow]:
        """Items, newest first, withdrawn ones too."""
        return list(self._session.scalars(select(NewsRow).order_by(NewsRow.show_from.desc(), NewsRow.id).limit(limit)))

    def between(self, after: datetime, until: datetime) -> list[NewsRow]:
        """Items that became ready to be shown after `after` and by `until`, oldest first."""
        query = select(NewsRow).where(
            NewsRow.show_from > after, NewsRow.show_from <= until, NewsRow.withdrawn.is_(False)
        )
        return list(self._session.scalars(query.order_by(NewsRow.show_from, NewsRow.id)))

    def keep_round(self, row: RoundRow) -> None:
        """Keep the newest state of a round; an older one that comes late changes nothing."""
        known = self._session.get(RoundRow, row.round_id)
        if known is None or known.sequence < row.sequence:
            self._session.merge(row)

    def open_rounds(self, now: datetime) -> list[RoundRow]:
        """Rounds that take applications now or soon, the first to close first."""
        query = select(RoundRow).where(RoundRow.state == "open", RoundRow.closes_at > now)
        return list(self._session.scalars(query.order_by(RoundRow.closes_at, RoundRow.round_id)))

    def sessions(self, now: datetime, until: datetime) -> list[SessionRow]:
        """Sessions that begin between these moments, the first one first."""
        found = []
        for row in self._session.scalars(select(SessionRow)):
            begins = datetime.fromisoformat(row.state["starts_at"])
            if row.state["status"] == "scheduled" and now <= begins < until:
                found.append((begins, row))
        return [row for _, row in sorted(found, key=lambda pair: (pair[0], pair[1].session_id))]

    def readers(self) -> list[ContactRow]:
        """Everybody who may want the digest: participants, and those who asked for it. Who turned it off is among
        them."""
        asked = select(PreferencesRow.recipient)
        chosen = {UUID(recipient) for recipient in self._session.scalars(asked)}
        query = select(ContactRow).where(or_(ContactRow.roles.is_not(None), ContactRow.person_id.in_(chosen)))
        rows = self._session.scalars(query.order_by(ContactRow.person_id))
        return [row for row in rows if row.person_id in chosen or "participant" in (row.roles or ())]

    def begin(self, period: date, now: datetime) -> bool:
        """Whether the digest of this period is ours to make: once, whoever else is about to."""
        values = {"period": period.isoformat(), "made_at": now, "messages": 0}
        statement = insert_new(self._session, DigestRow).values(values).returning(DigestRow.period)
        return self._session.execute(statement).first() is not None

    def made(self, period: date, messages: int) -> None:
        """Keep how many messages a period's digest had."""
        self._session.get_one(DigestRow, period.isoformat()).messages = messages
        self._session.flush()

    def last_made(self) -> datetime | None:
        """When the last digest was made."""
        return self._session.scalar(select(func.max(DigestRow.made_at)))

    def digests(self, limit: int = 12) -> list[DigestRow]:
        """The last digests, newest first."""
        return list(self._session.scalars(select(DigestRow).order_by(DigestRow.period.desc()).limit(limit)))
