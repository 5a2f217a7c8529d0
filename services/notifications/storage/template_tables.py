"""Staff's own versions of templates, and the texts that they are still working on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.storage.base import Base


class TemplateVersionRow(Base):
    """A version that staff published. It never changes; the one with the highest number is in use."""

    __tablename__ = "template_versions"

    kind: Mapped[str] = mapped_column(String(60), primary_key=True)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(Text, default="")
    preheader: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    draft: Mapped[bool] = mapped_column(default=False)
    """No native speaker has read it yet."""
    hash: Mapped[str | None] = mapped_column(ForeignKey("templates.hash"))
    """None: from here on the shipped text is in use again, whatever Hearth ships."""
    note: Mapped[str] = mapped_column(String(400), default="")
    restored: Mapped[int | None]
    """The number of the earlier version that it brought back."""
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None]


class TemplateTextRow(Base):
    """A text that staff are working on: one for each kind and language, published or thrown away together."""

    __tablename__ = "template_texts"

    kind: Mapped[str] = mapped_column(String(60), primary_key=True)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    preheader: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    draft: Mapped[bool]
    based_on: Mapped[int]
    """The number of the version that was in use when the work began; 0: the shipped text."""
    revision: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]
