"""A cohort's welcome pack: written in each language, published in versions, acknowledged by each participant."""

from dataclasses import dataclass
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import WelcomePack
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Conflict, Invalid, NotFound

LANGUAGES = ("en", "cy", "ar", "fa-AF")
LIMIT = 40_000


def draft_pack(
    uow: CohortsUnit, actor: Actor, cohort_id: UUID, language: str, body: str, revision: int | None
) -> WelcomePack:
    """Write the next version of the pack in a language. Nobody but staff sees it yet.

    Raises:
        Invalid: no text, too much of it, or an unknown language.
        Stale: somebody else has changed the draft since.
    """
    uow.cohorts.get(cohort_id)
    text = body.replace("\r\n", "\n").strip()
    if language not in LANGUAGES:
        raise Invalid({"language": ["Choose one of the languages."]})
    if not 1 <= len(text) <= LIMIT:
        raise Invalid({"body": [f"Write between 1 and {LIMIT:,} characters."]})
    newest = uow.welcome.newest(cohort_id, language)
    if newest is None or newest.published_at is not None:
        version = newest.version + 1 if newest else 1
        newest = WelcomePack(cohort_id=cohort_id, language=language, version=version, published_by_name="", revision=0)
        revision = None
        uow.welcome.add(newest)
    step(newest, revision)
    newest.body = text
    uow.session.flush()
    return newest


def publish_pack(uow: CohortsUnit, actor: Actor, pack_id: UUID, revision: int | None) -> WelcomePack:
    """Show a draft to the participants. It never changes from then on.

    Raises:
        Conflict: it is published already. Stale: it has been changed since it was looked at.
    """
    pack = uow.welcome.get(pack_id, lock=True)
    if pack.published_at is not None:
        raise Conflict("This version is published already.")
    step(pack, revision)
    pack.published_at, pack.published_by_name = uow.now, actor.name
    round_id = uow.cohorts.get(pack.cohort_id).round_id
    uow.record.write(
        actor, "welcome_pack_published", round_id, language=pack.language, version=pack.version, pack=str(pack.id)
    )
    return pack


def pack_for(uow: CohortsUnit, cohort_id: UUID, language: str) -> WelcomePack | None:
    """The newest published pack in a language, else in English; None when there is none."""
    return uow.welcome.published(cohort_id, language) or uow.welcome.published(cohort_id, "en")


def acknowledge_pack(uow: CohortsUnit, person_id: UUID, pack_id: UUID) -> None:
    """A participant says that they have read it; again changes nothing.

    Raises:
        NotFound: it is not published, or not for their cohort.
    """
    pack = uow.welcome.get(pack_id)
    if pack.published_at is None or pack.cohort_id not in {cohort.id for cohort in uow.cohorts.of_person(person_id)}:
        raise NotFound("There is no such welcome pack.")
    uow.welcome.acknowledge(pack.id, person_id, uow.now)


@dataclass(frozen=True, slots=True)
class Reader:
    """A participant, and the newest version that they said they have read, in whichever language."""

    name: str
    version: int | None


def readers(uow: CohortsUnit, cohort_id: UUID) -> list[Reader]:
    """Who has read the pack, by name."""
    read = uow.welcome.read_versions(cohort_id)
    return [
        Reader(person.name if person else "–", read.get(participant.person_id))
        for participant, person in uow.cohorts.participants(cohort_id)
    ]
