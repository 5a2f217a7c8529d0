"""Offers of a place."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id, Line, Revision


class Offer(Base):
    """A place offered to one application, with the time by which to answer."""

    __tablename__ = "offers"

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    # Nobody is offered the same place twice.
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), unique=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    nonce: Mapped[Line]
    """Makes the link's signature; a new one ends the old link."""
    state: Mapped[Code]
    """open, accepted, declined, lapsed or withdrawn."""
    respond_by: Mapped[datetime]
    made_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    lapse_proposed_at: Mapped[datetime | None]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("offers.id"))
    revision: Mapped[Revision]
