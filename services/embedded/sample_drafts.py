"""Two drafts of the sample: one with a helper, a file and more time, one that staff type in from a letter."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.applications.storage.tables import RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.add_file import Sent, add_file
from services.applications.use_cases.ask_helper import ask_helper
from services.applications.use_cases.enter_paper import Paper, enter_paper
from services.applications.use_cases.extend_deadline import MoreTime, extend_deadline
from services.applications.use_cases.fill_in import save_section
from services.applications.use_cases.keep_person import register_person
from services.applications.use_cases.start_application import start_application
from shared.unit_of_work import Units

ELIGIBLE = {"works_with_migrants": "yes", "based_in_uk": "yes", "can_attend": "yes"}
HELPED, ON_PAPER = "yusuf.noori@sample.example", "halima.warsame@sample.example"
_STORY = "We began with one kitchen table and a borrowed telephone.\n"


def begin_drafts(units: Units[Any], round_id: UUID, staff_id: UUID) -> None:
    """Make both, unless an earlier start has made them."""
    with units.begin() as uow:
        if uow.people.by_email(HELPED) is None:
            _helped(uow, uow.rounds.get(round_id), staff_id)
        if uow.people.by_email(ON_PAPER) is None:
            enter_paper(uow, round_id, _letter(uow), staff_id)


def _helped(uow: ApplicationsUnitOfWork, round_: RoundRow, staff_id: UUID) -> None:
    person = register_person(uow, email=HELPED, name="Yusuf Noori", language="fa-AF", roles=["applicant"])
    row = start_application(uow, round_.slug, person.id, language="fa-AF", eligibility=ELIGIBLE)
    save_section(uow, row.id, person.id, "leadership", {"motivation": "To learn from others."})
    add_file(uow, row.id, person.id, "supporting_file", Sent("our story.txt", _STORY.encode()))
    wish = {"name": "Bronwen Pugh", "email": "bronwen.pugh@sample.example", "sections": ["leadership", "organisation"]}
    ask_helper(uow, row.id, person.id, **wish)  # type: ignore[arg-type]
    until = f"{round_.closes_at + timedelta(days=7):%Y-%m-%d} 12:00"
    more = MoreTime(until, round_.zone, "You told us that you are moving house this month.")
    extend_deadline(uow, round_.id, person.id, more, staff_id)


def _letter(uow: ApplicationsUnitOfWork) -> Paper:
    received = f"{uow.now - timedelta(days=1):%Y-%m-%d} 10:30"
    note = "Four pages by hand, in the blue folder."
    return Paper("Halima Warsame", "post", received, email=ON_PAPER, note=note, eligibility=ELIGIBLE)
