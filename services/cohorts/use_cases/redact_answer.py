"""Names inside answers: find them for staff, and put a redacted text in place of what a panel reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.naming import Known, Place, find_places, known, masked
from services.cohorts.storage.repositories.blind import WITHHELD, words_of
from services.cohorts.storage.repositories.redactions import CLEARED, REDACTED, RESTORED, digest
from services.cohorts.storage.tables import Application, ApplicationIdentity, Person, Redaction
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Invalid, NotFound

TEXT_LIMIT, REASON_LIMIT = 20_000, 400


@dataclass(frozen=True, slots=True)
class NamedAnswer:
    """One visible answer: what was written, where it may name the person, and what staff did about it so far.

    `waiting`: there are places, or a redaction, and nobody has looked at this wording yet.
    """

    application: Application
    question_id: str
    label: str
    text: str
    places: tuple[Place, ...]
    standing: Redaction | None
    waiting: bool

    @property
    def suggestion(self) -> str:
        """The answer with every place masked."""
        return masked(self.text, self.places)

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """The answer in pieces, (kind, text): kind "" for what is not a suggested place."""
        pieces, at = [], 0
        for place in self.places:
            pieces += [("", self.text[at : place.start]), (place.kind, self.text[place.start : place.end])]
            at = place.end
        return [piece for piece in (*pieces, ("", self.text[at:])) if piece[1]]


def waiting_answers(
    uow: CohortsUnit, round_id: UUID, after: str = "", limit: int = 25
) -> tuple[list[NamedAnswer], str | None]:
    """Answers that may name a person and wait to be looked at, by reference after `after`; where to go on, if anywhere.

    Whole applications, so that there may be a few more than `limit`.
    """
    pool = sorted((row for row in uow.applications.pool(round_id) if row.reference > after), key=lambda r: r.reference)
    questions = uow.rounds.get(round_id).questions
    found: list[NamedAnswer] = []
    for start in range(0, len(pool), 100):
        some = pool[start : start + 100]
        facts = _facts(uow, some)
        for row in some:
            found += [one for one in _answers(row, questions, facts) if one.waiting]
            if len(found) >= limit:
                return found, row.reference if row is not pool[-1] else None
    return found, None


def named_answer(uow: CohortsUnit, application_id: UUID, question_id: str) -> NamedAnswer:
    """One visible answer; raises NotFound where the panel sees no such answer."""
    row = uow.applications.get(application_id)
    answers = _answers(row, uow.rounds.get(row.round_id).questions, _facts(uow, [row]))
    answer = next((one for one in answers if one.question_id == question_id), None)
    if answer is None:
        raise NotFound("The panel sees no such answer.")
    return answer


def redact_answer(
    uow: CohortsUnit, actor: Actor, application_id: UUID, question_id: str, text: str, reason: str = ""
) -> Redaction:
    """Let reviewers read `text` in place of this answer. The original is kept, and staff still see it.

    Raises:
        Invalid: the text is empty, too long, or the same as the answer.
    """
    answer = named_answer(uow, application_id, question_id)
    if not text.strip():
        raise Invalid({"text": ["Write what reviewers should read. To take out all of it, write [removed]."]})
    if len(text) > TEXT_LIMIT:
        raise Invalid({"text": [f"Keep it under {TEXT_LIMIT:,} characters."]})
    if text.strip() == answer.text.strip():
        raise Invalid({"text": ["This is the answer as it stands. If it may stay so, say that nobody is named in it."]})
    return _keep(uow, actor, answer, REDACTED, text.strip(), reason)


def clear_answer(uow: CohortsUnit, actor: Actor, application_id: UUID, question_id: str, reason: str = "") -> Redaction:
    """Say that somebody looked and the answer may be read as it stands; a redacted text is taken away again."""
    answer = named_answer(uow, application_id, question_id)
    replaced = answer.standing is not None and answer.standing.action == REDACTED
    return _keep(uow, actor, answer, RESTORED if replaced else CLEARED, "", reason)


def _keep(uow: CohortsUnit, actor: Actor, answer: NamedAnswer, action: str, text: str, reason: str) -> Redaction:
    row = Redaction(
        application_id=answer.application.id,
        question_id=answer.question_id,
        action=action,
        text=text,
        original=digest(answer.text),
        reason=reason.strip()[:REASON_LIMIT],
        by_id=actor.person_id,
        by_name=actor.name,
        at=uow.now,
    )
    uow.redactions.add(row)
    uow.session.flush()
    uow.record.write(
        actor,
        f"answer_{action}",
        answer.application.round_id,
        application=str(answer.application.id),
        question=answer.question_id,
    )
    return row


def clues(uow: CohortsUnit, application_id: UUID) -> Known:
    """What would name the person behind an application."""
    row = uow.applications.get(application_id)
    return _known(_facts(uow, [row]), row)


@dataclass(frozen=True, slots=True)
class _Facts:
    people: Mapping[UUID, Person]
    identities: Mapping[UUID, ApplicationIdentity]
    standing: Mapping[tuple[UUID, str], Redaction]


def _facts(uow: CohortsUnit, rows: Sequence[Application]) -> _Facts:
    ids = [row.id for row in rows]
    people = uow.people.named(row.person_id for row in rows)
    return _Facts(people, uow.applications.organisations(ids), uow.redactions.standing(ids))


def _known(facts: _Facts, row: Application) -> Known:
    person, identity = facts.people.get(row.person_id), facts.identities.get(row.id)
    kept = {name: str(value) for name, value in (identity.answers if identity else {}).items() if value}
    return known(
        names=[name for name in (person.name if person else "", kept.get("name", "")) if name],
        organisations=[identity.organisation] if identity and identity.organisation else [],
        emails=[address for address in (person.email if person else "", kept.get("email", "")) if address],
    )


def _answers(row: Application, questions: Sequence[Mapping[str, Any]], facts: _Facts) -> Iterator[NamedAnswer]:
    who = _known(facts, row)
    for question in questions:
        answer = row.visible.get(question["id"])
        if answer is None or question.get("kind") in WITHHELD:
            continue
        text = words_of(dict(question), answer)
        places = () if question.get("options") else find_places(text, who)
        standing = facts.standing.get((row.id, question["id"]))
        looked_at = standing is not None and standing.original == digest(text)
        waiting = not looked_at and bool(places or (standing and standing.action == REDACTED))
        yield NamedAnswer(row, question["id"], question["label"], text, places, standing, waiting)
