"""Keep targets by name, and bring them into a round from another."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.choosing import Attribute, Question, Wish, read_attributes
from services.cohorts.domain.revision import step
from services.cohorts.domain.wishes import ORGANISATION, in_words, problem_with
from services.cohorts.storage.tables import TargetSet
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.run_selection import described, wish_of
from shared.errors import Invalid

LONGEST = 100


def save_targets(uow: CohortsUnit, actor: Actor, round_id: UUID, name: str, question: Question) -> TargetSet:
    """Keep the question's targets under a name; the same name again replaces them.

    Raises:
        Invalid: there is no name, or a target makes no sense in this round.
    """
    attributes = read_attributes(uow.rounds.get(round_id).attributes)
    _check(name.strip(), question, attributes)
    tallies = [{"text": in_words(wish, attributes, question.size)} for wish in question.wishes]
    kept = uow.target_sets.named(round_id, name.strip())
    if kept is None:
        kept = TargetSet(round_id=round_id, name=name.strip(), revision=0)
        uow.target_sets.add(kept)
    kept.size, kept.targets = question.size, described(question.wishes, attributes, tallies)
    kept.saved_by_name, kept.saved_at = actor.name, uow.now
    step(kept, None)
    uow.session.flush()
    return kept


def _check(name: str, question: Question, attributes: tuple[Attribute, ...]) -> None:
    problems: dict[str, list[str]] = {}
    if not name:
        problems["name"] = ["Give these targets a name."]
    elif len(name) > LONGEST:
        problems["name"] = [f"Keep the name under {LONGEST} characters."]
    if not question.wishes:
        problems["targets"] = ["There is no target to save yet."]
    for number, wish in enumerate(question.wishes):
        if problem := problem_with(wish, attributes, max(question.size, 1)):
            problems[f"target-{number}"] = [problem]
    if problems:
        raise Invalid(problems)


def remove_targets(uow: CohortsUnit, set_id: UUID) -> UUID:
    """Throw a set away; the id of its round."""
    kept = uow.target_sets.get(set_id, lock=True)
    uow.session.delete(kept)
    return kept.round_id


@dataclass(frozen=True, slots=True)
class Brought:
    """Targets made ready for a round; `missing` are the words of those that it has no attribute or value for."""

    size: int
    wishes: tuple[Wish, ...]
    missing: tuple[str, ...]


def bring_targets(uow: CohortsUnit, round_id: UUID, set_id: UUID) -> Brought:
    """A kept set for this round, wherever it was made: what this round does not ask about is left out, and named."""
    kept = uow.target_sets.get(set_id)
    attributes = read_attributes(uow.rounds.get(round_id).attributes)
    known = {(attribute.id, value) for attribute in attributes for value, _ in attribute.values}
    ids = {attribute.id for attribute in attributes} | {ORGANISATION}
    wishes, missing = [], []
    for line in kept.targets:
        wish = wish_of(line)
        fits = wish.attribute in ids if wish.each else all(pair in known for pair in wish.pairs)
        if fits:
            wishes.append(replace(wish, exceptions=()) if kept.round_id != round_id else wish)
        else:
            missing.append(str(line.get("text", line["label"])))
    return Brought(kept.size, tuple(wishes), tuple(missing))
