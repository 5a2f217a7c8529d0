"""Who is asked to answer a survey: everybody when it opens, who joins later, and nobody who has left."""

from collections.abc import Iterable
from uuid import UUID

from services.cohorts.domain.attendance import ABSENT, EXCUSED
from services.cohorts.domain.survey import SESSION
from services.cohorts.domain.survey_words import anonymous_note
from services.cohorts.storage.tables import Cohort, Survey, SurveyInvitation
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.contracts.cohorts import SurveyInvited, SurveyReminderDue
from shared.erasure import erased_among


def audience(uow: CohortsUnit, survey: Survey) -> list[UUID]:
    """Whom a survey asks: the cohort; or, after a session, those on its list who are not known to have been away."""
    people = _reachable(uow, [participant.person_id for participant, _ in uow.cohorts.participants(survey.cohort_id)])
    if survey.moment != SESSION or survey.session_id is None:
        return people
    on_list = set(uow.sessions.recipients(survey.session_id))
    seen = uow.attendances.of_session(survey.session_id)
    away = {person for person, row in seen.items() if row.state in (ABSENT, EXCUSED)}
    return [person for person in people if person in on_list - away]


def invite(uow: CohortsUnit, survey: Survey, people: Iterable[UUID]) -> None:
    """Invite these people, as far as they are not; each gets a message."""
    already = set(uow.surveys.invited(survey.id))
    for person_id in people:
        if person_id not in already:
            uow.surveys.add(SurveyInvitation(survey_id=survey.id, person_id=person_id, answered=False))
            uow.publish(_letter(uow, SurveyInvited, survey, person_id))
    uow.session.flush()


def remind(uow: CohortsUnit, survey: Survey) -> None:
    """Remind who is still in the cohort and has not answered."""
    for person_id in _reachable(uow, uow.surveys.invited(survey.id, unanswered=True)):
        uow.publish(_letter(uow, SurveyReminderDue, survey, person_id))


def _reachable(uow: CohortsUnit, people: list[UUID]) -> list[UUID]:
    """Without those who were erased: of a cohort that is over, they stay counted, and nobody can write to them."""
    erased = erased_among(uow.session, people)
    return [person for person in people if person not in erased]


def invite_to_surveys(uow: CohortsUnit, cohort: Cohort, person_id: UUID) -> None:
    """Invite a new participant to what the cohort is being asked just now."""
    for survey in uow.surveys.open_in(cohort.id):
        opens_at = survey.opens_at
        if survey.moment != SESSION and opens_at is not None and opens_at <= uow.now and not is_over(uow, survey):
            invite(uow, survey, [person_id])


def leave_surveys(uow: CohortsUnit, cohort: Cohort, person_id: UUID) -> None:
    """Somebody left: what they have not answered is not asked of them any more."""
    for survey in uow.surveys.open_in(cohort.id):
        uow.surveys.uninvite(survey.id, person_id)


def is_over(uow: CohortsUnit, survey: Survey) -> bool:
    """Whether the time to answer has passed."""
    return survey.closes_at is not None and survey.closes_at <= uow.now


def _letter(
    uow: CohortsUnit, event: type[SurveyInvited] | type[SurveyReminderDue], survey: Survey, person_id: UUID
) -> SurveyInvited | SurveyReminderDue:
    person = uow.people.find(person_id)
    language = person.language.replace("_", "-") if person else "en"
    return event(
        survey_id=survey.id,
        person_id=person_id,
        title=survey.words.get(language, {}).get("title") or survey.title,
        link=uow.links.survey(survey.id),
        minutes=survey.minutes,
        closes_at=survey.closes_at,
        zone=uow.cohorts.get(survey.cohort_id).zone,
        anonymous=survey.anonymous,
        anonymous_note=anonymous_note(language) if survey.anonymous else "",
    )
