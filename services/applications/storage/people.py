"""People and their sessions, by the questions that use cases ask."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services.applications.storage.tables import PersonRow, RecoveryCodeRow, SessionRow, SignInRequestRow
from shared.errors import NotFound


class People:
    """Accounts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, person: PersonRow) -> None:
        """Keep a new account."""
        self._session.add(person)
        self._session.flush()

    def get(self, person_id: UUID, *, lock: bool = False) -> PersonRow:
        """The account; raises NotFound."""
        person = self._session.get(PersonRow, person_id, with_for_update=lock or None)
        if person is None:
            raise NotFound("There is no such person.")
        return person

    def find(self, person_id: UUID) -> PersonRow | None:
        """The account, if there is one."""
        return self._session.get(PersonRow, person_id)

    def by_email(self, email: str) -> PersonRow | None:
        """The account with this normalised address."""
        return self._session.scalar(select(PersonRow).where(PersonRow.email == email))

    def many(self, ids: list[UUID]) -> dict[UUID, PersonRow]:
        """Accounts by id."""
        rows = self._session.scalars(select(PersonRow).where(PersonRow.id.in_(ids)))
        return {row.id: row for row in rows}

    def with_role(self, role: str) -> list[PersonRow]:
        """Everybody who holds a role, by name. Staff and panels are tens of people, never thousands."""
        rows = self._session.scalars(
            select(PersonRow).where(PersonRow.roles != ["applicant"]).order_by(PersonRow.name, PersonRow.id)
        )
        return [row for row in rows if role in row.roles]

    def recovery_codes(self, person_id: UUID) -> list[RecoveryCodeRow]:
        """Unused recovery codes."""
        return list(
            self._session.scalars(
                select(RecoveryCodeRow).where(RecoveryCodeRow.person_id == person_id, RecoveryCodeRow.used_at.is_(None))
            )
        )

    def replace_recovery_codes(self, person_id: UUID, hashes: list[str]) -> None:
        """Forget the old codes and keep these."""
        self._session.query(RecoveryCodeRow).filter_by(person_id=person_id).delete()
        self._session.add_all(RecoveryCodeRow(person_id=person_id, code_hash=each) for each in hashes)


class SignIns:
    """Requests to sign in."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, request: SignInRequestRow) -> None:
        """Keep a request; it ends the earlier ones for the same address."""
        self._session.execute(
            update(SignInRequestRow)
            .where(SignInRequestRow.email == request.email, SignInRequestRow.ended_at.is_(None))
            .values(ended_at=request.created_at)
        )
        self._session.add(request)

    def count_since(self, since: datetime, *, email: str | None = None, address_hash: str | None = None) -> int:
        """How many requests were made since then for an email address, or from a network address."""
        query = select(func.count()).select_from(SignInRequestRow).where(SignInRequestRow.created_at >= since)
        if email is not None:
            query = query.where(SignInRequestRow.email == email)
        if address_hash is not None:
            query = query.where(SignInRequestRow.address_hash == address_hash)
        return self._session.scalar(query) or 0

    def by_link(self, link_hash: str) -> SignInRequestRow | None:
        """The request with this link, locked."""
        return self._session.scalar(
            select(SignInRequestRow).where(SignInRequestRow.link_hash == link_hash).with_for_update()
        )

    def by_browser(self, browser_hash: str) -> SignInRequestRow | None:
        """The newest request of this browser, locked."""
        return self._session.scalar(
            select(SignInRequestRow)
            .where(SignInRequestRow.browser_hash == browser_hash)
            .order_by(SignInRequestRow.created_at.desc(), SignInRequestRow.id.desc())
            .limit(1)
            .with_for_update()
        )


class Sessions:
    """Sessions that are or were open."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: SessionRow) -> None:
        """Keep a new session."""
        self._session.add(row)
        self._session.flush()

    def by_token(self, token_hash: str) -> SessionRow | None:
        """The session of a cookie."""
        return self._session.scalar(select(SessionRow).where(SessionRow.token_hash == token_hash))

    def by_id(self, session_id: UUID) -> SessionRow | None:
        """The session of this number."""
        return self._session.get(SessionRow, session_id)

    def end_all(self, person_id: UUID, now: datetime, *, but: UUID | None = None) -> None:
        """End every session of a person, except perhaps one."""
        query = update(SessionRow).where(SessionRow.person_id == person_id, SessionRow.ended_at.is_(None))
        if but is not None:
            query = query.where(SessionRow.id != but)
        self._session.execute(query.values(ended_at=now))
