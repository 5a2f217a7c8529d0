"""Surveys, who is invited to them, and their answers."""

import hashlib
from collections.abc import Iterable
from random import SystemRandom
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update

from services.cohorts.domain.survey import DRAFT, PUBLISHED
from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import AnonymousAnswer, Cohort, Person, Survey, SurveyAnswer, SurveyInvitation


class Surveys(Repository):
    """Surveys and invitations."""

    def get(self, id: UUID, *, lock: bool = False) -> Survey:
        """The survey; raises NotFound."""
        return self._get(Survey, id, "survey", lock=lock)

    def find(self, id: UUID, *, lock: bool = False) -> Survey | None:
        """The survey, if there is one with that number."""
        return self.session.get(Survey, id, with_for_update=lock or None, populate_existing=lock)

    def of_cohort(self, cohort_id: UUID) -> list[Survey]:
        """The cohort's surveys, in the order in which they were made."""
        return list(self.session.scalars(select(Survey).where(Survey.cohort_id == cohort_id).order_by(Survey.id)))

    def open_in(self, cohort_id: UUID) -> list[Survey]:
        """The cohort's published surveys that have not closed, locked in one order."""
        where = (Survey.cohort_id == cohort_id, Survey.state == PUBLISHED)
        return list(self.session.scalars(select(Survey).where(*where).order_by(Survey.id).with_for_update()))

    def of_person(self, person_id: UUID) -> list[tuple[Survey, SurveyInvitation, Cohort]]:
        """What somebody is invited to, what closes first first."""
        rows = self.session.execute(
            select(Survey, SurveyInvitation, Cohort)
            .join(SurveyInvitation, SurveyInvitation.survey_id == Survey.id)
            .join(Cohort, Cohort.id == Survey.cohort_id)
            .where(SurveyInvitation.person_id == person_id, Survey.state != DRAFT)
            .order_by(Survey.closes_at, Survey.id)
        )
        return [(survey, invitation, cohort) for survey, invitation, cohort in rows]

    def remove(self, survey: Survey) -> None:
        """Take a draft away."""
        self.session.delete(survey)

    def invitation(self, survey_id: UUID, person_id: UUID) -> SurveyInvitation | None:
        """Somebody's invitation."""
        return self.session.get(SurveyInvitation, (survey_id, person_id))

    def invited(self, survey_id: UUID, *, unanswered: bool = False) -> list[UUID]:
        """Who is invited; or only who has not answered."""
        where = [SurveyInvitation.survey_id == survey_id]
        where += [SurveyInvitation.answered.is_(False)] if unanswered else []
        statement = select(SurveyInvitation.person_id).where(*where).order_by(SurveyInvitation.person_id)
        return list(self.session.scalars(statement))

    def uninvite(self, survey_id: UUID, person_id: UUID) -> None:
        """Take an invitation back that was not followed."""
        where = (
            SurveyInvitation.survey_id == survey_id,
            SurveyInvitation.person_id == person_id,
            SurveyInvitation.answered.is_(False),
        )
        self.session.execute(delete(SurveyInvitation).where(*where))

    def counts(self, survey: Survey) -> tuple[int, int]:
        """(invited, answered): as it stands, or as it stood when it closed."""
        if survey.invited is not None and survey.answered is not None:
            return survey.invited, survey.answered
        where = SurveyInvitation.survey_id == survey.id
        invited = self.session.scalar(select(func.count()).select_from(SurveyInvitation).where(where)) or 0
        answered = self.session.scalar(
            select(func.count()).select_from(SurveyInvitation).where(where, SurveyInvitation.answered.is_(True))
        )
        return invited, answered or 0

    def forget_who_answered(self, survey_id: UUID) -> None:
        """Nobody is marked any more as somebody who answered."""
        where = SurveyInvitation.survey_id == survey_id
        self.session.execute(update(SurveyInvitation).where(where).values(answered=False))


class SurveyAnswers(Repository):
    """Answers with names, and without."""

    def named(self, survey_id: UUID) -> list[tuple[SurveyAnswer, Person | None]]:
        """Answers of a survey with names, by name; nobody stands beside those of an erased person."""
        rows = self.session.execute(
            select(SurveyAnswer, Person)
            .outerjoin(Person, Person.id == SurveyAnswer.person_id)
            .where(SurveyAnswer.survey_id == survey_id)
            .order_by(Person.name, SurveyAnswer.id)
        )
        return [(answer, person) for answer, person in rows]

    def of_person(self, survey_id: UUID, person_id: UUID) -> SurveyAnswer | None:
        """What somebody answered in a survey with names."""
        where = (SurveyAnswer.survey_id == survey_id, SurveyAnswer.person_id == person_id)
        return self.session.scalars(select(SurveyAnswer).where(*where)).first()

    def all(self, survey: Survey) -> list[dict[str, Any]]:
        """Every answer of a survey, counted and written together, without whose it is."""
        table = AnonymousAnswer if survey.anonymous else SurveyAnswer
        rows = self.session.execute(
            select(table.answers, table.texts).where(table.survey_id == survey.id).order_by(table.id)
        )
        return [{**answers, **texts} for answers, texts in rows]

    def put_among(self, survey_id: UUID, answers: dict[str, Any], texts: dict[str, str]) -> None:
        """Add an anonymous answer, and write all of the survey's anew in a random order with random numbers.

        A row that is only ever added says by its place in the file, and by the transaction that wrote it, when it came.
        After this, all were written last, together, and stand anywhere.
        """
        where = AnonymousAnswer.survey_id == survey_id
        kept = self.session.execute(select(AnonymousAnswer.answers, AnonymousAnswer.texts).where(where)).all()
        self.session.execute(delete(AnonymousAnswer).where(where))
        rows = [(one, written) for one, written in kept] + [(answers, texts)]
        SystemRandom().shuffle(rows)
        self._insert({"survey_id": survey_id, "answers": one, "texts": written} for one, written in rows)

    def lot(self, survey: Survey) -> str:
        """A text that stays the same once the survey has closed, and that nobody who sees its results can know."""
        where = AnonymousAnswer.survey_id == survey.id
        ids = self.session.scalars(select(AnonymousAnswer.id).where(where).order_by(AnonymousAnswer.id))
        return hashlib.sha256(b"".join(id.bytes for id in ids)).hexdigest()

    def _insert(self, rows: Iterable[dict[str, Any]]) -> None:
        self.session.execute(AnonymousAnswer.__table__.insert(), [{"id": uuid4(), **row} for row in rows])  # type: ignore[attr-defined]

    def drop_anonymous(self, survey_id: UUID) -> None:
        """Delete every anonymous answer of a survey."""
        self.session.execute(delete(AnonymousAnswer).where(AnonymousAnswer.survey_id == survey_id))
