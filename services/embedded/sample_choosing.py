"""The sample's choosing: targets saved by name, two selections to set beside each other, and a promised lottery."""

from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.choosing import EACH, ORGANISATION, Question, Wish
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.promise_lottery import Promise, promise_lottery
from services.cohorts.use_cases.run_selection import compute_selection, keep_selection
from services.cohorts.use_cases.save_targets import save_targets
from shared.unit_of_work import Units

PLACES = 40
WISHES = (
    Wish("lived_experience", "yes", 60, percent=True),
    Wish("outside_london", "yes", 80, percent=True),
    Wish("organisation_size", "large", maximum=20, percent=True),
    Wish(ORGANISATION, EACH, maximum=1),
)
"""Of the sample round's own attributes; one that the round does not ask about is left out."""


def choose_sample(units: Units[CohortsUnit], round_id: UUID, staff_id: UUID) -> None:
    """Make them, unless they were made before."""
    staff = Actor(person_id=staff_id, name="Rhiannon Okafor")
    with units.begin(write=False) as uow:
        if uow.runs.of_round(round_id):
            return
        places = min(PLACES, len(uow.applications.pool(round_id)) // 2)
        if not places:
            return
        known = {(a["id"], choice["value"]) for a in uow.rounds.get(round_id).attributes for choice in a["values"]}
        wishes = tuple(wish for wish in WISHES if wish.each or (wish.attribute, wish.value) in known)
        questions = {"On score alone": Question(places), "As published": Question(places, wishes)}
        computed = [compute_selection(uow, round_id, title, question) for title, question in questions.items()]
    with units.begin() as uow:
        for one in computed:
            keep_selection(uow, staff, one)
        save_targets(uow, staff, round_id, "The published targets", questions["As published"])
        promise_lottery(uow, staff, round_id, Promise("If the last places are too close to call"))
