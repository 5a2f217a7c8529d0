"""What a panel agrees to before the first read: versioned, so that it is known who agreed to which words, and when."""

from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.panel import INVITED, READY
from services.cohorts.storage.tables import PanelMember, PanelTerms
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.contracts.cohorts import PanelTermsChanged
from shared.errors import Invalid, Stale

LONGEST = 20_000


def publish_terms(
    uow: CohortsUnit, actor: Actor, round_id: UUID, text: str, *, over: int | None, ask_again: bool
) -> PanelTerms:
    """Publish the next version. With `ask_again`, those who agreed to an older one are told, and agree anew before they
    read on.

    Raises:
        Invalid: there is no text, or it is the text that holds already.
        Stale: somebody else published a version after `over`, the one that this text was written over.
    """
    uow.rounds.plan(round_id, lock=True)
    current = uow.terms.current(round_id)
    version = current.version if current else 0
    if over is not None and over != version:
        raise Stale("Somebody else has published new terms meanwhile. Look at them first.")
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST:
        raise Invalid({"text": [f"Write the terms, in at most {LONGEST:,} characters."]})
    if current and text == current.text:
        raise Invalid({"text": ["These are the terms that hold already."]})
    terms = PanelTerms(
        round_id=round_id, version=version + 1, text=text, published_by=actor.name[:400], published_at=uow.now
    )
    uow.terms.add(terms)
    if ask_again:
        for member in uow.panels.serving(round_id):
            if member.state == READY:
                member.state, member.revision = INVITED, member.revision + 1
                _tell(uow, member, terms)
    uow.session.flush()
    uow.record.write(actor, "terms_published", round_id, version=terms.version, asked_again=ask_again)
    return terms


def _tell(uow: CohortsUnit, member: PanelMember, terms: PanelTerms) -> None:
    if member.person_id is None:
        return
    uow.publish(
        PanelTermsChanged(
            panel_member_id=member.id,
            person_id=member.person_id,
            round_id=member.round_id,
            round_title=uow.rounds.get(member.round_id).title,
            version=terms.version,
            link=uow.links.panel(),
        )
    )
