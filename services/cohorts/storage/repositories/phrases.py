"""The stock of feedback phrases."""

from uuid import UUID

from sqlalchemy import select

from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import FeedbackPhrase


class Phrases(Repository):
    """Phrases that staff agreed on."""

    def get(self, id: UUID) -> FeedbackPhrase:
        """The phrase; raises NotFound."""
        return self._get(FeedbackPhrase, id, "phrase")

    def all(self) -> list[FeedbackPhrase]:
        """Every phrase, by outcome and language, the oldest first."""
        order = (FeedbackPhrase.outcome, FeedbackPhrase.language, FeedbackPhrase.created_at, FeedbackPhrase.id)
        return list(self.session.scalars(select(FeedbackPhrase).order_by(*order)))

    def fitting(self, outcome: str, language: str) -> list[FeedbackPhrase]:
        """Those for an outcome, in a language where there are any, else in English."""
        fit = [phrase for phrase in self.all() if phrase.outcome in ("", outcome)]
        return [p for p in fit if p.language == language] or [p for p in fit if p.language == "en"]
