"""What a panel agrees to, and what the register of organisations says of names."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import OrganisationName, PanelTerms, TermsAcceptance


class Terms(Repository):
    """The versions of a round's terms, and who agreed to which."""

    def current(self, round_id: UUID) -> PanelTerms | None:
        """The newest version; None where the standard terms hold."""
        return next(iter(self.of_round(round_id)), None)

    def of_round(self, round_id: UUID) -> list[PanelTerms]:
        """Every version, the newest first."""
        where = PanelTerms.round_id == round_id
        return list(self.session.scalars(select(PanelTerms).where(where).order_by(PanelTerms.version.desc())))

    def accept(self, member_id: UUID, version: int, now: datetime) -> None:
        """Keep that a member agreed; the first time counts."""
        where = (TermsAcceptance.panel_member_id == member_id, TermsAcceptance.version == version)
        if self.session.scalars(select(TermsAcceptance.id).where(*where)).first() is None:
            self.add(TermsAcceptance(panel_member_id=member_id, version=version, accepted_at=now))

    def accepted(self, member_ids: Iterable[UUID]) -> dict[UUID, list[TermsAcceptance]]:
        """What each of these members agreed to, the newest first."""
        found: dict[UUID, list[TermsAcceptance]] = {member: [] for member in member_ids}
        where = TermsAcceptance.panel_member_id.in_(list(found))
        order = TermsAcceptance.version.desc()
        for row in self.session.scalars(select(TermsAcceptance).where(where).order_by(order)):
            found[row.panel_member_id].append(row)
        return found


class OrganisationNames(Repository):
    """Other names of organisations, in the form that is compared."""

    def canonical(self) -> dict[str, str]:
        """The name that the register keeps, by each other name."""
        return dict(self.session.execute(select(OrganisationName.name_key, OrganisationName.canonical)).all())

    def keep(self, canonical: str, names: Iterable[str], sequence: int = 0) -> bool:
        """Know these names as names of `canonical`; whether anything is new."""
        new = False
        for name in sorted(set(names) - {""}):
            row = self.session.get(OrganisationName, name)
            if row is None:
                self.add(OrganisationName(name_key=name, canonical=canonical, sequence=sequence))
                new = True
            elif row.canonical != canonical:
                row.canonical, row.sequence, new = canonical, sequence, True
        self.session.flush()
        return new
