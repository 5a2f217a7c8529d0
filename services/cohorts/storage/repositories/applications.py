"""Applications, for staff and for the machinery. Reviewers read through `blind.py`."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, case, func, select, update

from services.cohorts.domain.panel import Candidate, organisation_key
from services.cohorts.storage.repositories.base import Repository, batches
from services.cohorts.storage.tables import Application, ApplicationIdentity

NAMES = "organisation_names"
"""Under this an identity keeps every name that its organisation goes by."""
IN_POOL, WITHDRAWN = "in_pool", "withdrawn"


class Applications(Repository):
    """Applications in the pool, their figures, and (for staff) whose they are."""

    def find(self, id: UUID) -> Application | None:
        """The application, if it has arrived."""
        return self.session.get(Application, id)

    def get(self, id: UUID, *, lock: bool = False) -> Application:
        """The application; raises NotFound."""
        return self._get(Application, id, "application", lock=lock)

    def by_reference(self, round_id: UUID, reference: str) -> Application | None:
        """The round's application with this reference."""
        where = (Application.round_id == round_id, Application.reference == reference)
        return self.session.scalars(select(Application).where(*where)).first()

    def some(self, ids: Iterable[UUID], *, lock: bool = False) -> dict[UUID, Application]:
        """These applications by id, locked in one order if asked."""
        found: dict[UUID, Application] = {}
        for some in batches(sorted(set(ids))):
            statement = select(Application).where(Application.id.in_(some)).order_by(Application.id)
            if lock:
                statement = statement.with_for_update().execution_options(populate_existing=True)
            found.update({row.id: row for row in self.session.scalars(statement)})
        return found

    def how_many(self, ids: Iterable[UUID]) -> int:
        """How many of these applications have arrived."""
        found = 0
        for some in batches(set(ids)):
            found += self.session.scalar(select(func.count(Application.id)).where(Application.id.in_(some))) or 0
        return found

    def set_scores(self, ids: Iterable[UUID], version: int, score: float, breakdown: list[dict[str, Any]]) -> None:
        """Give all these applications the same score, but for those that have one by a later version."""
        for some in batches(sorted(set(ids))):
            where = (Application.id.in_(some), Application.rules_version <= version)
            statement = update(Application).where(*where)
            self.session.execute(
                statement.values(priority_score=score, breakdown=breakdown, rules_version=version),
                execution_options={"synchronize_session": False},
            )
        self.session.expire_all()

    def of_reference(self, round_id: UUID, reference: str) -> Application | None:
        """The round's application with this reference."""
        where = (Application.round_id == round_id, func.upper(Application.reference) == reference.strip().upper())
        return self.session.scalars(select(Application).where(*where)).first()

    def identity(self, id: UUID) -> ApplicationIdentity | None:
        """Whose application it is. Staff only."""
        return self.session.get(ApplicationIdentity, id)

    def organisations(self, ids: Iterable[UUID]) -> dict[UUID, ApplicationIdentity]:
        """Whose applications these are, by application. Staff only."""
        found: dict[UUID, ApplicationIdentity] = {}
        for some in batches(set(ids)):
            rows = self.session.scalars(select(ApplicationIdentity).where(ApplicationIdentity.application_id.in_(some)))
            found.update({row.application_id: row for row in rows})
        return found

    def candidates(self, round_id: UUID) -> list[Candidate]:
        """What conflicts are compared with, for every application in the pool."""
        rows = self.session.execute(
            select(
                Application.id,
                Application.reference,
                ApplicationIdentity.organisation_key,
                ApplicationIdentity.email_domain,
                Application.person_id,
            )
            .outerjoin(ApplicationIdentity, ApplicationIdentity.application_id == Application.id)
            .where(*_pool(round_id))
            .order_by(Application.id)
        )
        return [
            Candidate(id, reference, key or "", domain or "", person) for id, reference, key, domain, person in rows
        ]

    def registered_key(self, round_id: UUID, key: str) -> str:
        """The key of the organisation that goes by a name, as far as the round's applications tell; else `key`."""
        query = select(ApplicationIdentity).join(Application, Application.id == ApplicationIdentity.application_id)
        for row in self.session.scalars(query.where(*_pool(round_id))):
            names = row.answers.get(NAMES)
            if isinstance(names, list) and key in {organisation_key(str(name))[:400] for name in names}:
                return row.organisation_key
        return key

    def languages(self, round_id: UUID) -> dict[UUID, str]:
        """The language of each application in the pool."""
        return dict(self.session.execute(select(Application.id, Application.language).where(*_pool(round_id))).all())

    def pool(self, round_id: UUID) -> list[Application]:
        """Every application in the pool, in a fixed order."""
        return list(self.session.scalars(select(Application).where(*_pool(round_id)).order_by(Application.id)))

    def all_of(self, round_id: UUID) -> list[Application]:
        """Every application of the round, withdrawn ones too, in a fixed order."""
        where = Application.round_id == round_id
        return list(self.session.scalars(select(Application).where(where).order_by(Application.id)))

    def keys(self, round_id: UUID) -> dict[UUID, str]:
        """The compared name of each application's organisation."""
        rows = self.session.execute(
            select(ApplicationIdentity.application_id, ApplicationIdentity.organisation_key)
            .join(Application, Application.id == ApplicationIdentity.application_id)
            .where(*_pool(round_id))
        )
        return dict(rows.all())

    def figures(self, round_id: UUID) -> Row[Any]:
        """applications, withdrawn, scored (blended), reviewed (at least once), reviews, flagged: counts of a round."""
        pool = Application.state == IN_POOL
        return self.session.execute(
            select(
                func.count(case((pool, 1))).label("applications"),
                func.count(case((~pool, 1))).label("withdrawn"),
                func.count(case((pool, Application.blended))).label("scored"),
                func.count(case((and_(pool, Application.review_count > 0), 1))).label("reviewed"),
                func.coalesce(func.sum(case((pool, Application.review_count), else_=0)), 0).label("reviews"),
                func.count(case((and_(pool, Application.flags > 0), 1))).label("flagged"),
            ).where(Application.round_id == round_id)
        ).one()

    def top_priority(self, round_id: UUID) -> float:
        """The highest priority score in the pool; 0 when nothing is scored."""
        return self.session.scalar(select(func.max(Application.priority_score)).where(*_pool(round_id))) or 0.0

    def blend_round(self, round_id: UUID, priority: int, review: int, top: float) -> None:
        """Set every blended score of the round in one statement: `services.cohorts.domain.blend`, in SQL."""
        total = priority + review
        first: Any = func.coalesce(Application.priority_score, 0.0)
        priority_part: Any = case((first < 0, 0.0), else_=first / top * 100.0) if top > 0 else 0.0
        review_part: Any = (func.coalesce(Application.review_mean, 1.0) - 1.0) / 4.0 * 100.0
        wanted: list[ColumnElement[bool]] = []
        if priority:
            wanted.append(Application.priority_score.is_not(None))
        if review:
            wanted.append(Application.review_mean.is_not(None))
        value: Any = case(
            (and_(*wanted), (priority * priority_part + review * review_part) / (total * 1.0)), else_=None
        )
        self.session.flush()
        self.session.execute(
            update(Application).where(Application.round_id == round_id).values(blended=value),
            execution_options={"synchronize_session": False},
        )
        self.session.expire_all()

    def attribute_rows(self, round_id: UUID) -> list[dict[str, Any]]:
        """The attributes of everybody in the pool."""
        return list(self.session.scalars(select(Application.attributes).where(*_pool(round_id))))


def _pool(round_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (Application.round_id == round_id, Application.state == IN_POOL)
