"""What this service keeps how long, by kind of data."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update

from services.cohorts.domain.survey import CLOSED
from services.cohorts.storage.tables import (
    AnonymousAnswer,
    Application,
    ApplicationIdentity,
    CaseMark,
    Delivery,
    Round,
    Survey,
    SurveyAnswer,
)
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.erasure import forget_addresses
from shared.retention import Kind, old_rows


def _old(before: datetime) -> ColumnElement[bool]:
    """Applications of rounds that closed long ago, without those that somebody argues about."""
    closed = select(Round.id).where(Round.closes_at < before, Round.state.in_(("closed", "archived")))
    argued = select(CaseMark.application_id).where(CaseMark.closed_at.is_(None))
    return Application.round_id.in_(closed) & Application.id.not_in(argued)


def _answers(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return _old(before), Application.language != ""


def _answers_look(uow: CohortsUnit, before: datetime) -> int:
    return int(uow.session.scalar(select(func.count()).select_from(Application).where(*_answers(before))) or 0)


def _answers_act(uow: CohortsUnit, before: datetime) -> int:
    # The language goes with the words: its absence shows that they are gone.
    return _rows(uow.session.execute(update(Application).where(*_answers(before)).values(visible={}, language="")))


def _identities(before: datetime) -> ColumnElement[bool]:
    return ApplicationIdentity.application_id.in_(select(Application.id).where(_old(before)))


def _identities_look(uow: CohortsUnit, before: datetime) -> int:
    query = select(func.count()).select_from(ApplicationIdentity).where(_identities(before))
    return int(uow.session.scalar(query) or 0)


def _identities_act(uow: CohortsUnit, before: datetime) -> int:
    return _rows(uow.session.execute(delete(ApplicationIdentity).where(_identities(before))))


def _surveys(before: datetime) -> Any:
    return select(Survey.id).where(Survey.state == CLOSED, Survey.closes_at < before)


def _named(before: datetime) -> ColumnElement[bool]:
    return SurveyAnswer.person_id.is_not(None) & SurveyAnswer.survey_id.in_(_surveys(before))


def _surveys_look(uow: CohortsUnit, before: datetime) -> int:
    named = uow.session.scalar(select(func.count()).select_from(SurveyAnswer).where(_named(before)))
    return int(named or 0) + len(_written(uow, before))


def _written(uow: CohortsUnit, before: datetime) -> list[AnonymousAnswer]:
    rows = uow.session.scalars(select(AnonymousAnswer).where(AnonymousAnswer.survey_id.in_(_surveys(before))))
    return [row for row in rows if row.texts]


def _surveys_act(uow: CohortsUnit, before: datetime) -> int:
    """Whose answers they are goes, and all that was written; what is counted stays."""
    written = _written(uow, before)
    for row in written:
        row.texts = {}
    named = update(SurveyAnswer).where(_named(before)).values(person_id=None, texts={})
    return _rows(uow.session.execute(named)) + len(written)


def _rows(result: Any) -> int:
    return int(result.rowcount)


KINDS: tuple[Kind, ...] = (
    Kind(
        "answers", "Copies of answers that a panel reads, after the round closed", 1095, _answers_look, _answers_act, 90
    ),
    Kind(
        "identities",
        "Whose an application is, after the round closed",
        1095,
        _identities_look,
        _identities_act,
        least=90,
    ),
    Kind(
        "survey_answers",
        "Whose the answers to a survey are, and what was written in it, after it closed",
        1095,
        _surveys_look,
        _surveys_act,
        least=30,
    ),
    old_rows("deliveries", "What became of messages", 730, Delivery.__table__, "at"),  # type: ignore[arg-type]
    Kind(
        "erased_addresses",
        "Hashes of addresses of people who were erased",
        30,
        lambda _uow, _before: 0,
        lambda uow, before: forget_addresses(uow.session, before),
        least=30,
    ),
)
