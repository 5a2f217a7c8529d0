"""The table of anonymous answers says nothing of who came when: not by its numbers, its order, nor its writing."""

from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.cohorts.storage.tables import AnonymousAnswer, Cohort, Survey
from shared.ids import new_id
from tests.cohorts.programme import Programme

SURVEYS, ANSWERS = 60, 5


def answered(uow: Any, cohort_id: UUID) -> UUID:
    survey = Survey(
        cohort_id=cohort_id, moment="mid", anonymous=True, title="How is it?", intro="", questions=[], words={},
        state="published", published_by_name="",
    )  # fmt: skip
    uow.surveys.add(survey)
    uow.session.flush()
    for number in range(ANSWERS):
        uow.survey_answers.put_among(survey.id, {"came": number}, {})
    survey_id: UUID = survey.id
    return survey_id


def test_rows_stand_in_no_order_and_carry_nothing_but_the_answers(programme: Programme) -> None:
    round_id = programme.open_round()
    with programme.units.begin() as uow:
        cohort = Cohort(id=new_id(), round_id=round_id, title="C", zone="UTC", places=9, created_at=uow.now)
        uow.cohorts.add(cohort)
        uow.session.flush()
        surveys = [answered(uow, cohort.id) for _ in range(SURVEYS)]
    assert {column.name for column in AnonymousAnswer.__table__.columns} == {"id", "survey_id", "answers", "texts"}
    by_number, by_place = Counter[int](), Counter[int]()
    place = "rowid" if programme.units.engine.dialect.name == "sqlite" else "ctid"
    with programme.units.engine.connect() as connection:
        for order, seen in (("id", by_number), (place, by_place)):
            for survey_id in surveys:
                there = [row.answers["came"] for row in in_order(connection, survey_id, order)]
                assert sorted(there) == list(range(ANSWERS))
                seen[there.index(0)] += 1
        ids = connection.execute(text("SELECT id FROM anonymous_answers")).scalars()
        assert {UUID(str(id)).version for id in ids} == {4}
    # Who came first stands at each of the five places about twelve times in sixty.
    for seen in (by_number, by_place):
        assert len(seen) == ANSWERS and max(seen.values()) < SURVEYS / 2


def in_order(connection: Any, survey_id: UUID, order: str) -> list[Any]:
    table = AnonymousAnswer.__table__
    return list(connection.execute(table.select().where(table.c.survey_id == survey_id).order_by(text(order))))


def test_all_were_written_by_one_transaction(programme: Programme) -> None:
    round_id = programme.open_round()
    with programme.units.begin() as uow:
        cohort = Cohort(id=new_id(), round_id=round_id, title="C", zone="UTC", places=9, created_at=uow.now)
        uow.cohorts.add(cohort)
        uow.session.flush()
        survey_id = answered(uow, cohort.id)
    for number in (5, 6):
        with programme.units.begin() as uow:
            uow.survey_answers.put_among(survey_id, {"came": number}, {})
    with programme.units.engine.connect() as connection:
        assert len(in_order(connection, survey_id, "id")) == ANSWERS + 2
        if programme.units.engine.dialect.name == "postgresql":
            writers = connection.execute(text("SELECT count(DISTINCT xmin::text) FROM anonymous_answers")).scalar()
            assert writers == 1
