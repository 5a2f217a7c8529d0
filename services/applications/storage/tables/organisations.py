"""The register of organisations: one canonical name each, every name it goes by, and all that was done to it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.applications.storage.tables.base import Base


class OrganisationRow(Base):
    """An organisation. One that was merged into another stays, and says into which."""

    __tablename__ = "organisations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(400))
    offered: Mapped[bool] = mapped_column(default=False)
    """Whether applicants see it among the names they can pick."""
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}


class OrganisationNameRow(Base):
    """A name by which an organisation is known, the canonical one among them. `key` is how names are compared."""

    __tablename__ = "organisation_names"

    key: Mapped[str] = mapped_column(String(400), primary_key=True)
    name: Mapped[str] = mapped_column(String(400))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    added_at: Mapped[datetime]


class OrganisationChangeRow(Base):
    """One thing that was done to an organisation; never changed afterwards.

    `what` is added, renamed, known_as, not_known_as, offered, not_offered, merged, or different.
    """

    __tablename__ = "organisation_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    what: Mapped[str] = mapped_column(String(20))
    detail: Mapped[dict[str, Any]]
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class DifferentOrganisationsRow(Base):
    """Two organisations that somebody has said are not one: they are not suggested again. `one` is the lesser id."""

    __tablename__ = "different_organisations"

    one: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    other: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
