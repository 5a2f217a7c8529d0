"""Selection runs and the decisions made of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import Application, Decision, Release, SelectedPerson, SelectionRun


class Runs(Repository):
    """Selections that were computed."""

    def get(self, id: UUID) -> SelectionRun:
        """The run; raises NotFound."""
        return self._get(SelectionRun, id, "selection")

    def of_round(self, round_id: UUID) -> list[SelectionRun]:
        """The round's runs, the newest first."""
        where = SelectionRun.round_id == round_id
        return list(self.session.scalars(select(SelectionRun).where(where).order_by(SelectionRun.id.desc())))

    def people(
        self, run_id: UUID, *, chosen: bool | None = None, limit: int | None = None
    ) -> list[tuple[SelectedPerson, Application]]:
        """The run's people with their applications, the chosen first, then by score."""
        statement = (
            select(SelectedPerson, Application)
            .join(Application, Application.id == SelectedPerson.application_id)
            .where(SelectedPerson.run_id == run_id)
            .order_by(SelectedPerson.chosen.desc(), SelectedPerson.score.desc(), SelectedPerson.application_id)
            .limit(limit)
        )
        if chosen is not None:
            statement = statement.where(SelectedPerson.chosen == chosen)
        return [(person, application) for person, application in self.session.execute(statement)]

    def add_people(self, rows: list[dict[str, Any]]) -> None:
        """Keep what a run says of everybody, in one go: there may be ten thousand."""
        if rows:
            self.session.execute(insert(SelectedPerson), rows)

    def person(self, run_id: UUID, application_id: UUID) -> SelectedPerson | None:
        """What a run says of one application."""
        return self.session.get(SelectedPerson, (run_id, application_id))


class Releases(Repository):
    """A round's decisions."""

    def get(self, id: UUID, *, lock: bool = False) -> Release:
        """The release; raises NotFound."""
        return self._get(Release, id, "set of decisions", lock=lock)

    def of_round(self, round_id: UUID, *, lock: bool = False) -> Release | None:
        """The round's decisions, if staff have begun to make them."""
        statement = select(Release).where(Release.round_id == round_id)
        if lock:
            statement = statement.with_for_update().execution_options(populate_existing=True)
        return self.session.scalars(statement).first()

    def decision(self, id: UUID, *, lock: bool = False) -> Decision:
        """One decision; raises NotFound."""
        return self._get(Decision, id, "decision", lock=lock)

    def decision_of(self, application_id: UUID) -> Decision | None:
        """The decision on an application."""
        return self.session.scalars(select(Decision).where(Decision.application_id == application_id)).first()

    def decisions(
        self, release_id: UUID, outcome: str | None = None, after: int = 0, limit: int | None = None
    ) -> list[tuple[Decision, Application]]:
        """Decisions with their applications in order of rank, those ranked after `after`."""
        statement = (
            select(Decision, Application)
            .join(Application, Application.id == Decision.application_id)
            .where(Decision.release_id == release_id, Decision.rank > after)
            .order_by(Decision.rank)
            .limit(limit)
        )
        if outcome:
            statement = statement.where(Decision.outcome == outcome)
        return [(decision, application) for decision, application in self.session.execute(statement)]

    def add_decisions(self, rows: list[dict[str, Any]]) -> None:
        """Keep everybody's outcome, in one go."""
        if rows:
            self.session.execute(insert(Decision), rows)

    def counts(self, release_id: UUID) -> dict[str, int]:
        """How many decisions there are of each outcome."""
        rows = self.session.execute(
            select(Decision.outcome, func.count(Decision.id))
            .where(Decision.release_id == release_id)
            .group_by(Decision.outcome)
        )
        return dict(rows.all())

    def unapproved(self, release_id: UUID) -> int:
        """How many decisions have feedback that nobody has approved."""
        where = (Decision.release_id == release_id, Decision.feedback != "", Decision.approved_at.is_(None))
        return self.session.scalar(select(func.count(Decision.id)).where(*where)) or 0

    def beside(self, decision: Decision) -> tuple[Decision | None, Decision | None]:
        """The decisions ranked just before and just after this one."""
        of_release = select(Decision).where(Decision.release_id == decision.release_id)
        before = of_release.where(Decision.rank < decision.rank).order_by(Decision.rank.desc()).limit(1)
        after = of_release.where(Decision.rank > decision.rank).order_by(Decision.rank).limit(1)
        return self.session.scalars(before).first(), self.session.scalars(after).first()

    def clear(self, release_id: UUID) -> None:
        """Take away staged decisions, to stage others."""
        self.session.execute(delete(Decision).where(Decision.release_id == release_id))
