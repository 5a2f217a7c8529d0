"""What people want to get, and the programme's settings for sending."""

from collections.abc import Collection
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.domain.preferences import Preferences
from services.notifications.domain.settings import Settings, read
from services.notifications.storage.inserting import insert_new
from services.notifications.storage.sending_tables import PreferencesRow, SettingsRow
from shared.database import one_of
from shared.errors import Stale


class Wishes:
    """Preferences by recipient (a person's id)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, recipient: str) -> Preferences:
        """What somebody wants; nothing said is nothing chosen."""
        row = self._session.get(PreferencesRow, recipient)
        return _preferences(row) if row else Preferences()

    def among(self, recipients: Collection[str]) -> dict[str, Preferences]:
        """Recipient -> preferences, of those who have chosen anything."""
        if not recipients:
            return {}
        theirs = one_of(self._session, PreferencesRow.recipient, recipients)
        rows = self._session.scalars(select(PreferencesRow).where(theirs))
        return {row.recipient: _preferences(row) for row in rows}

    def keep(self, recipient: str, wanted: Preferences, now: datetime) -> None:
        """Keep what somebody chose."""
        # Made first if need be: two clicks at once must not fail.
        blank = {"recipient": recipient, "choices": {}, "changed_at": now}
        self._session.execute(insert_new(self._session, PreferencesRow), blank)
        row = self._session.get_one(PreferencesRow, recipient, with_for_update=True, populate_existing=True)
        row.choices, row.zone, row.changed_at = dict(wanted.choices), wanted.zone, now
        row.quiet_from, row.quiet_until = (f"{at:%H:%M}" for at in wanted.quiet) if wanted.quiet else (None, None)
        self._session.flush()


def _preferences(row: PreferencesRow) -> Preferences:
    hours = (row.quiet_from, row.quiet_until)
    quiet = (time.fromisoformat(hours[0]), time.fromisoformat(hours[1])) if hours[0] and hours[1] else None
    return Preferences({name: bool(value) for name, value in row.choices.items()}, row.zone, quiet)


class SendingSettings:
    """The one row of settings."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._read: Settings | None = None

    def get(self) -> Settings:
        """As staff set them, or as at the beginning; read once a transaction."""
        if self._read is None:
            row = self._session.get(SettingsRow, 1)
            self._read = read(row.values) if row else Settings()
        return self._read

    @property
    def revision(self) -> int:
        """Which version is stored; 0 before the first change."""
        row = self._session.get(SettingsRow, 1)
        return row.revision if row else 0

    def keep(self, settings: Settings, revision: int, by: UUID | None, now: datetime) -> None:
        """Store a change made on `revision`. Raises Stale when another came first."""
        blank: dict[str, Any] = {"id": 1, "values": {}, "revision": 0, "changed_at": now}
        self._session.execute(insert_new(self._session, SettingsRow), blank)
        row = self._session.get_one(SettingsRow, 1, with_for_update=True, populate_existing=True)
        if row.revision != revision:
            raise Stale("Somebody else changed this first. Load it again to see what is there now.")
        row.values, row.revision, row.changed_at, row.changed_by = settings.as_json(), revision + 1, now, by
        self._session.flush()
        self._read = None
