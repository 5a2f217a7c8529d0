"""The discussion of an application: for those whose own review is in, who see each other's scores but no names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.cohorts.domain import review as rules
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.discussion import checked_post, reader_label
from services.cohorts.domain.naming import Known, find_places, masked
from services.cohorts.domain.phases import CLOSED, DISCUSSION, Phases, check_discussion
from services.cohorts.domain.rubric import Criterion, read_rubric
from services.cohorts.storage.repositories.blind import BlindApplication
from services.cohorts.storage.tables import Application, DiscussionPost, Review
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.read_reviews import member_ids
from services.cohorts.use_cases.redact_answer import clues
from services.cohorts.use_cases.tell_discussions import expect_news
from shared.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Said:
    """One post as a reader may see it. `who` is "A", "B" ... for reviewers, "" for staff."""

    id: UUID
    who: str
    mine: bool
    text: str
    at: datetime
    removed: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """One reviewer's review in the discussion: `who` as in `Said`; names of the applicant are masked."""

    who: str
    mine: bool
    overall: float | None
    scores: dict[str, dict[str, Any]]
    comment: str
    flagged: bool
    flag_reason: str


@dataclass(frozen=True, slots=True)
class Discussion:
    """The thread of one application for one of its reviewers. `open`: posts can be written and scores changed."""

    application: BlindApplication
    round_title: str
    zone: str
    rubric: tuple[Criterion, ...]
    review: Review
    opinions: tuple[Opinion, ...]
    posts: tuple[Said, ...]
    open: bool
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One thread in a reviewer's list."""

    assignment_id: UUID
    reference: str
    posts: int
    flags: int
    lowest: float | None
    highest: float | None
    mine: float | None


def my_discussions(uow: CohortsUnit, actor: Actor) -> list[Listed]:
    """Threads that a person may take part in or read: own review in, discussion begun. The furthest apart first."""
    found = [
        one
        for member_id in member_ids(uow, actor)
        for one in _of_member(uow, uow.panels.get(member_id).round_id, member_id)
    ]
    return sorted(found, key=lambda one: (-one.flags, (one.lowest or 0) - (one.highest or 0), one.reference))


def _of_member(uow: CohortsUnit, round_id: UUID, member_id: UUID) -> list[Listed]:
    if not _begun(uow.rounds.phases(round_id), uow.now):
        return []
    listed = [one for one in uow.blind.listed(member_id) if one.state == rules.SUBMITTED]
    counts = uow.discussions.counts(round_id)
    scores = uow.discussions.overalls(round_id)
    lines = []
    for one in listed:
        application = uow.assignments.get(one.assignment_id).application_id
        overalls = scores.get(application, [])
        lines.append(
            Listed(
                one.assignment_id,
                one.reference,
                counts.get(application, 0),
                uow.reviews.flags(application),
                min(overalls, default=None),
                max(overalls, default=None),
                one.overall,
            )
        )
    return lines


def _begun(phases: Phases, now: datetime) -> bool:
    """Whether there is, or was, a discussion to read."""
    return phases.discussion_closes_at is not None and phases.at(now) in {DISCUSSION, CLOSED}


def see_discussion(uow: CohortsUnit, actor: Actor, assignment_id: UUID) -> Discussion:
    """The discussion of an application on the person's own list.

    Raises:
        NotFound: it is not on their list.
        Conflict: their own review is not in (code own-review-first), or there is no discussion yet (no-discussion).
    """
    application, review = _allowed(uow, actor, assignment_id)
    round_, phases = uow.rounds.get(application.round_id), uow.rounds.phases(application.round_id)
    labels, who = _labels(uow, application.application_id), clues(uow, application.application_id)
    return Discussion(
        application=application,
        round_title=round_.title,
        zone=round_.zone,
        rubric=read_rubric(round_.rubric),
        review=review,
        opinions=tuple(
            _opinion(row, labels, who, application.panel_member_id)
            for row in uow.discussions.reviews(application.application_id)
        ),
        posts=tuple(
            _said(post, labels, who, application.panel_member_id)
            for post in uow.discussions.posts(application.application_id)
        ),
        open=phases.at(uow.now) == DISCUSSION,
        closes_at=phases.discussion_closes_at,
    )


def _allowed(uow: CohortsUnit, actor: Actor, assignment_id: UUID) -> tuple[BlindApplication, Review]:
    application = uow.blind.one(assignment_id, member_ids(uow, actor))
    if not _begun(uow.rounds.phases(application.round_id), uow.now):
        raise Conflict("The panel is not in its discussion phase now.", code="no-discussion")
    review = uow.reviews.find(assignment_id)
    if review is None or review.state != rules.SUBMITTED:
        raise Conflict("Only those whose own review is in take part in the discussion.", code="own-review-first")
    return application, review


def _labels(uow: CohortsUnit, application_id: UUID) -> dict[UUID, str]:
    return {member: reader_label(place) for place, member in enumerate(uow.discussions.readers(application_id))}


def _masked(text: str, who: Known) -> str:
    return masked(text, find_places(text, who))


def _opinion(row: Review, labels: Mapping[UUID, str], who: Known, me: UUID) -> Opinion:
    mine = row.panel_member_id == me
    show = str if mine else lambda text: _masked(text, who)
    return Opinion(
        who=labels.get(row.panel_member_id, "?"),
        mine=mine,
        overall=row.overall,
        scores={c: {**line, "reason": show(line.get("reason") or "")} for c, line in row.scores.items()},
        comment=show(row.comment),
        flagged=row.flagged,
        flag_reason=show(row.flag_reason),
    )


def _said(post: DiscussionPost, labels: Mapping[UUID, str], who: Known, me: UUID) -> Said:
    mine = post.panel_member_id == me
    label = "" if post.panel_member_id is None else labels.get(post.panel_member_id, "?")
    text = "" if post.removed_at else post.text if mine else _masked(post.text, who)
    return Said(post.id, label, mine, text, post.at, post.removed_at is not None)


def say_in_discussion(
    uow: CohortsUnit, actor: Actor, assignment_id: UUID, text: str, *, confirmed: bool = False
) -> DiscussionPost:
    """Add to the thread.

    Raises:
        Invalid: it is empty, too long, or seems to name somebody and `confirmed` is not set.
        NotFound, Conflict: as `see_discussion`; or the discussion is over.
    """
    application, _ = _allowed(uow, actor, assignment_id)
    check_discussion(uow.rounds.phases(application.round_id), uow.now)
    read = "\n".join(one["answer"] for one in application.answers)
    post = _post(uow, actor, application.application_id, checked_post(text, read, confirmed=confirmed))
    post.panel_member_id = application.panel_member_id
    uow.session.flush()
    expect_news(uow, post, application.round_id)
    return post


def _post(uow: CohortsUnit, actor: Actor, application_id: UUID, text: str) -> DiscussionPost:
    post = DiscussionPost(
        application_id=application_id,
        by_id=actor.person_id,
        by_name=actor.name,
        text=text,
        at=uow.now,
        removed_by="",
    )
    uow.discussions.add(post)
    return post


def take_back_post(uow: CohortsUnit, actor: Actor, assignment_id: UUID, post_id: UUID) -> DiscussionPost:
    """Take one's own post away while the discussion is open. That it was there stays to be seen."""
    application, _ = _allowed(uow, actor, assignment_id)
    check_discussion(uow.rounds.phases(application.round_id), uow.now)
    post = uow.discussions.get(post_id)
    if post.panel_member_id != application.panel_member_id or post.application_id != application.application_id:
        raise NotFound("There is no such post.")
    return _remove(uow, actor, post)


def _remove(uow: CohortsUnit, actor: Actor, post: DiscussionPost) -> DiscussionPost:
    if post.removed_at is None:
        post.removed_at, post.removed_by = uow.now, actor.name
    return post


@dataclass(frozen=True, slots=True)
class StaffPost:
    """A post as staff see it: whole, with who wrote it, and whether it names the applicant (then others see a mask)."""

    post: DiscussionPost
    names: bool


@dataclass(frozen=True, slots=True)
class StaffThread:
    """One application's thread for staff."""

    application: Application
    posts: tuple[StaffPost, ...]


def see_threads(uow: CohortsUnit, round_id: UUID) -> list[StaffThread]:
    """Every thread of a round in which something was said, the latest word first."""
    uow.rounds.get(round_id)
    rows = uow.applications.some(uow.discussions.counts(round_id))
    threads = [see_thread(uow, id) for id in rows]
    return sorted(threads, key=lambda thread: thread.posts[-1].post.at, reverse=True)


def see_thread(uow: CohortsUnit, application_id: UUID) -> StaffThread:
    """One application's thread; raises NotFound."""
    application = uow.applications.get(application_id)
    return StaffThread(application, _for_staff(uow.discussions.posts(application_id), clues(uow, application_id)))


def _for_staff(posts: Sequence[DiscussionPost], who: Known) -> tuple[StaffPost, ...]:
    return tuple(StaffPost(post, bool(find_places(post.text, who))) for post in posts)


def say_as_staff(uow: CohortsUnit, actor: Actor, application_id: UUID, text: str) -> DiscussionPost:
    """Add to a thread as the programme team, while the panel discusses. Names of the applicant are masked for them."""
    application = uow.applications.get(application_id)
    check_discussion(uow.rounds.phases(application.round_id), uow.now)
    post = _post(uow, actor, application_id, checked_post(text, "", confirmed=True))
    uow.session.flush()
    expect_news(uow, post, application.round_id)
    return post


def remove_post(uow: CohortsUnit, actor: Actor, post_id: UUID) -> DiscussionPost:
    """Staff take a post out of a thread; they still see it."""
    post = uow.discussions.get(post_id)
    row = _remove(uow, actor, post)
    round_id = uow.applications.get(post.application_id).round_id
    uow.record.write(actor, "post_removed", round_id, post=str(post_id))
    return row
