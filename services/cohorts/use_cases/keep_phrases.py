"""The stock of phrases that feedback is made from: kind sentences that staff agreed on."""

from dataclasses import dataclass
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import FeedbackPhrase
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.stage_decisions import OUTCOMES
from shared.errors import Invalid

LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Wording:
    """A phrase as staff write it. `outcome` "" suits every outcome; `language` is a code such as "ar"."""

    text: str
    language: str = "en"
    outcome: str = ""


def keep_phrase(
    uow: CohortsUnit, actor: Actor, wording: Wording, phrase_id: UUID | None = None, revision: int | None = None
) -> FeedbackPhrase:
    """Add a phrase, or change one; feedback that was written with it stays as it is.

    Raises:
        Invalid: no text, too much of it, or an unknown outcome.
        NotFound, Stale: the phrase to change is not there, or has been changed since.
    """
    text = wording.text.strip()
    problems: dict[str, list[str]] = {}
    if not text:
        problems["text"] = ["Write the phrase."]
    elif len(text) > LIMIT:
        problems["text"] = [f"Keep a phrase under {LIMIT:,} characters."]
    if wording.outcome not in ("", *OUTCOMES):
        problems["outcome"] = ["Choose one of the outcomes."]
    if not 2 <= len(wording.language) <= 20:
        problems["language"] = ["Choose a language."]
    if problems:
        raise Invalid(problems)
    phrase = uow.phrases.get(phrase_id) if phrase_id else _new(uow, actor)
    step(phrase, revision)
    phrase.text, phrase.language, phrase.outcome = text, wording.language, wording.outcome
    uow.session.flush()
    return phrase


def _new(uow: CohortsUnit, actor: Actor) -> FeedbackPhrase:
    phrase = FeedbackPhrase(created_at=uow.now, created_by_name=actor.name, revision=0)
    uow.session.add(phrase)
    return phrase


def remove_phrase(uow: CohortsUnit, phrase_id: UUID) -> None:
    """Take a phrase out of the stock."""
    uow.session.delete(uow.phrases.get(phrase_id))
