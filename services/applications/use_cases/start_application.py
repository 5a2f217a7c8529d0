"""Begin an application: checked for eligibility first, one for each person and round."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.applications.domain.forms import Form, check_eligibility, merge_answers, parse_answers, unknown_answers
from services.applications.domain.references import new_reference
from services.applications.domain.rounds import MINUTE, State
from services.applications.storage.tables import ApplicationRow, PersonRow, RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.draft_reminders import schedule_reminders
from services.applications.use_cases.extend_deadline import closes_for, may_send
from services.applications.use_cases.keep_person import grant_role
from services.applications.use_cases.resume_draft import new_nonce, resume_link
from shared.contracts.applications import ApplicationStarted
from shared.erasure import is_erased
from shared.errors import Conflict, Invalid, NotFound
from shared.ids import new_id


def start_application(
    uow: ApplicationsUnitOfWork, slug: str, person_id: UUID, *, language: str, eligibility: Mapping[str, object]
) -> ApplicationRow:
    """The person's application to a round, begun if it was not: asking twice gives the same one.

    Somebody who took a draft back and thinks again begins a new one, and finds in it what they had written.

    Raises:
        NotFound: there is no such round, or it is a draft.
        Conflict: the round does not take applications now.
        Invalid: the eligibility answers are missing, wrong or refused ("eligibility"), by question id.
    """
    round_ = uow.rounds.by_slug(slug)
    # Locked, so that a double click waits here and finds the first click's application.
    person = uow.people.get(person_id, lock=True)
    if is_erased(uow.session, person_id):
        raise NotFound("This account has been erased.")
    found = uow.applications.of(round_.id, person.id)
    if found is not None and not may_begin_again(found):
        return found
    if round_.state == State.DRAFT.value:
        raise NotFound("There is no such round.")
    if not may_send(uow, round_, person.id):
        raise Conflict("This round is not taking applications now.", code="round-not-open")
    return begin(uow, round_, person, language=language, eligibility=eligibility)


def begin(
    uow: ApplicationsUnitOfWork,
    round_: RoundRow,
    person: PersonRow,
    *,
    language: str,
    eligibility: Mapping[str, object],
) -> ApplicationRow:
    """A new draft, whatever the time; raises Invalid for answers of the check that do not let somebody in."""
    form = uow.rounds.form(round_.id, round_.form_version)
    checked = _eligible(form, eligibility, language)
    earlier = uow.applications.of(round_.id, person.id)
    kept, apart = ({}, {}) if earlier is None else _taken_over(uow, earlier)
    row = _new(uow, round_, person, language, {**kept, **checked})
    uow.applications.add(row)
    for purpose, answers in apart.items():
        uow.applications.set_apart(row.id, purpose, answers, uow.now)
    grant_role(uow, person.id, "applicant")
    uow.publish(_started(uow, row, round_))
    schedule_reminders(uow, round_, row)
    return row


def may_begin_again(row: ApplicationRow) -> bool:
    """Whether it was taken back before it was ever sent: nobody has read it, so its owner may think again."""
    return row.state == "withdrawn" and row.submitted_at is None


def _taken_over(uow: ApplicationsUnitOfWork, earlier: ApplicationRow) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a draft that was taken back said, for the new one; the old one goes, as nobody else ever heard of it.

    The new one has an id of its own, since the other services take the old id for withdrawn.
    """
    answers, apart = dict(earlier.answers), uow.applications.apart_by_purpose(earlier.id)
    uow.applications.remove(earlier)
    return answers, apart


def _eligible(form: Form, sent: Mapping[str, object], language: str) -> dict[str, Any]:
    """The answers of the check, if they let this person in."""
    if form.eligibility is None:
        return {}
    unknown = unknown_answers(form.eligibility.section, sent)
    answers, problems = parse_answers(form, "eligibility", sent, strict=True, language=language)
    if unknown or problems:
        raise Invalid({**unknown, **problems})
    refusals = check_eligibility(form, answers).refusals
    if refusals:
        raise Invalid({"eligibility": [refusal.reason.say(language) for refusal in refusals]})
    return merge_answers({}, answers)


def _new(
    uow: ApplicationsUnitOfWork, round_: RoundRow, person: PersonRow, language: str, answers: dict[str, Any]
) -> ApplicationRow:
    return ApplicationRow(
        id=new_id(),
        round_id=round_.id,
        person_id=person.id,
        reference=_free_reference(uow),
        state="draft",
        form_version=round_.form_version,
        language=language,
        answers=answers,
        visited=[],
        attributes={},
        resume_nonce=new_nonce(),
        started_at=uow.now,
        updated_at=uow.now,
    )


def _free_reference(uow: ApplicationsUnitOfWork) -> str:
    while uow.applications.reference_taken(reference := new_reference()):
        pass
    return reference


def _started(uow: ApplicationsUnitOfWork, row: ApplicationRow, round_: RoundRow) -> ApplicationStarted:
    return ApplicationStarted(
        application_id=row.id,
        round_id=round_.id,
        round_title=round_.title,
        person_id=row.person_id,
        resume_link=resume_link(uow, row),
        closes_at=closes_for(uow, round_, row.person_id) - MINUTE,
        zone=round_.zone,
    )
