"""Reviews as calibration reads them, and what it said."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from services.cohorts.domain.review import SUBMITTED
from services.cohorts.storage.repositories.applications import IN_POOL
from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.repositories.panels import ASSIGNED
from services.cohorts.storage.tables import Application, Assignment, CalibratedScore, CalibrationRun, Review


class Calibrations(Repository):
    """Calibration runs of a round, and the scores of the newest."""

    def reviews(self, round_id: UUID) -> list[tuple[UUID, UUID, float, dict[str, Any]]]:
        """(application, member, overall, scores) of every review that counts, in a fixed order."""
        statement = (
            select(Review.application_id, Review.panel_member_id, Review.overall, Review.scores)
            .join(Assignment, Assignment.id == Review.assignment_id)
            .join(Application, Application.id == Review.application_id)
            .where(
                Review.round_id == round_id,
                Review.state == SUBMITTED,
                Review.overall.is_not(None),
                Assignment.state == ASSIGNED,
                Application.state == IN_POOL,
            )
            .order_by(Review.application_id, Review.panel_member_id)
        )
        return [(a, m, float(overall), scores) for a, m, overall, scores in self.session.execute(statement)]

    def latest(self, round_id: UUID) -> CalibrationRun | None:
        """The newest run of a round."""
        return next(iter(self.runs(round_id, limit=1)), None)

    def runs(self, round_id: UUID, limit: int = 20) -> list[CalibrationRun]:
        """The newest runs first."""
        statement = select(CalibrationRun).where(CalibrationRun.round_id == round_id)
        return list(self.session.scalars(statement.order_by(CalibrationRun.id.desc()).limit(limit)))

    def run(self, id: UUID) -> CalibrationRun:
        """The run; raises NotFound."""
        return self._get(CalibrationRun, id, "calibration")

    def scores(self, round_id: UUID) -> list[tuple[Application, CalibratedScore]]:
        """The scores that count now with their applications, by reference."""
        rows = self.session.execute(
            select(Application, CalibratedScore)
            .join(CalibratedScore, CalibratedScore.application_id == Application.id)
            .where(Application.round_id == round_id, Application.state == IN_POOL)
            .order_by(Application.reference)
        )
        return [(application, score) for application, score in rows]

    def replace_scores(self, round_id: UUID, rows: list[CalibratedScore]) -> None:
        """Let these scores count in place of those of the run before."""
        of_round = select(Application.id).where(Application.round_id == round_id)
        self.session.flush()
        self.session.execute(
            delete(CalibratedScore).where(CalibratedScore.application_id.in_(of_round)),
            execution_options={"synchronize_session": "fetch"},
        )
        self.add(*rows)
        self.session.flush()
