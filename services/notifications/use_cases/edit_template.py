"""Staff write their own version of a message, look at it, and publish it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.languages import LANGUAGES
from services.notifications.domain.templating import catalogue
from services.notifications.domain.templating.publish import Published, publish_source
from services.notifications.domain.templating.render import Rendered, render
from services.notifications.domain.templating.source import Source, typed
from services.notifications.storage.template_tables import TemplateTextRow, TemplateVersionRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.send_test import invented
from shared.errors import Conflict, Invalid, NotFound, Stale

LONGEST_NOTE = 400


class PublishedMeanwhile(Stale):
    """A version was published that whoever publishes has not seen."""


@dataclass(frozen=True)
class Standing:
    """Where a template stands: the text in use with its number (0: the shipped one), and the one being worked on."""

    number: int
    source: Source | None
    shipped: bool
    work: TemplateTextRow | None


def standing(uow: NotificationsUnitOfWork, kind: str, language: str) -> Standing:
    """Raises NotFound for a kind or a language that Hearth does not know."""
    if kind not in KINDS or language not in LANGUAGES:
        raise NotFound("There is no such template.")
    newest, work = uow.template_versions.newest(kind, language), uow.template_versions.text(kind, language)
    own = newest is not None and newest.hash is not None
    source = source_of(newest) if newest and own else catalogue.source(kind, language)
    return Standing(newest.number if newest else 0, source, not own, work)


def source_of(row: TemplateVersionRow | TemplateTextRow) -> Source:
    """The text of a version, or of one being worked on."""
    return Source(row.kind, row.language, row.subject, row.preheader, row.body, row.draft)


def version_source(uow: NotificationsUnitOfWork, kind: str, language: str, number: int) -> Source | None:
    """What version `number` says (0: the shipped text); None for a text that is not there. Raises NotFound."""
    if number == 0:
        return catalogue.source(kind, language)
    row = uow.template_versions.get(kind, language, number)
    return source_of(row) if row.hash else catalogue.source(kind, language)


def begin_text(kind: str, language: str, now: Standing) -> Source:
    """The text to begin with: the one being worked on, the one in use, or the English one to translate."""
    if now.work is not None:
        return source_of(now.work)
    english = catalogue.source(kind, "en")
    return now.source or Source(kind, language, *_words(english), draft=True)


def _words(english: Source | None) -> tuple[str, str, str]:
    return (english.subject, english.preheader, english.body) if english else ("", "", "")


def keep_text(
    uow: NotificationsUnitOfWork, kind: str, language: str, given: Mapping[str, object], revision: int, by: UUID | None
) -> TemplateTextRow:
    """Keep {subject, preheader, body, draft} to go on with; it need not be right yet.

    Raises NotFound, Invalid for what no template can hold, and Stale when somebody else kept theirs first.
    """
    now, source = standing(uow, kind, language), typed(kind, language, given)
    values = {
        **_columns(source),
        "based_on": now.number,
        "changed_at": uow.now,
        "changed_by": by,
    }
    return uow.template_versions.keep_text(values, revision)


def _columns(source: Source) -> dict[str, object]:
    names = ("kind", "language", "subject", "preheader", "body", "draft")
    return {name: getattr(source, name) for name in names}


def checked(source: Source) -> Published:
    """The text as it would be published. Raises Invalid with what is wrong in subject, preheader or body."""
    if not source.subject:
        problems = {"subject": ["Write a subject: it is the first that people see."]}
        try:
            publish_source(Source(source.kind, source.language, "-", source.preheader, source.body, source.draft))
        except Invalid as error:
            raise Invalid({**problems, **error.problems}) from None
        raise Invalid(problems)
    return publish_source(source)


def look(uow: NotificationsUnitOfWork, published: Published) -> Rendered:
    """The message as it is delivered, filled with invented values. Raises Invalid where it would be too long."""
    return render(published, invented(uow, published.kind, published.language))


def publish_text(
    uow: NotificationsUnitOfWork, kind: str, language: str, note: str, by: UUID | None, *, revision: int, over: int
) -> TemplateVersionRow:
    """Publish the text that is being worked on. From now on messages are made from it.

    `revision` is that of the text that was looked at, `over` the number of the version that it was compared with.

    Raises:
        NotFound: there is no such template.
        Conflict: nobody is working on it.
        Invalid: something is wrong with the text, or there is no note.
        Stale: somebody changed the text, or published another (PublishedMeanwhile), since.
    """
    standing(uow, kind, language)
    work = uow.template_versions.text(kind, language, lock=True)
    if work is None:
        raise Conflict("Nobody is working on this text. It may have been published a moment ago.", code="no-text")
    if work.revision != revision:
        raise Stale("Somebody changed this text while you looked at it. Look at it again.")
    row = publish_version(uow, source_of(work), note, by, over=over)
    uow.template_versions.drop_text(kind, language)
    return row


def publish_version(
    uow: NotificationsUnitOfWork, source: Source, note: str, by: UUID | None, *, over: int, restored: int | None = None
) -> TemplateVersionRow:
    """Publish a text as the version after `over`. Raises Invalid, and PublishedMeanwhile unless `over` is in use."""
    published, words = checked(source), _note(note)
    look(uow, published)
    return _add(uow, {**_columns(source), "hash": uow.templates.keep(published, uow.now)}, words, by, over, restored)


def restore_version(
    uow: NotificationsUnitOfWork, kind: str, language: str, number: int, by: UUID | None, *, over: int
) -> TemplateVersionRow:
    """Bring an earlier version back, as a new one; 0 is the shipped text, which then follows what Hearth ships.

    Raises NotFound; Invalid when today's rules no longer allow it; PublishedMeanwhile unless `over` is in use.
    """
    standing(uow, kind, language)
    earlier = uow.template_versions.get(kind, language, number) if number else None
    if earlier is not None and earlier.hash:
        return publish_version(
            uow, source_of(earlier), f"Version {number} brought back", by, over=over, restored=number
        )
    blank = _columns(Source(kind, language, "", "", "", draft=False))
    return _add(uow, {**blank, "hash": None}, "Back to the text that Hearth ships", by, over, None)


def _add(
    uow: NotificationsUnitOfWork, text: Mapping[str, object], note: str, by: UUID | None, over: int,
    restored: int | None,
) -> TemplateVersionRow:  # fmt: skip
    newest = uow.template_versions.newest(str(text["kind"]), str(text["language"]))
    if over != (newest.number if newest else 0):
        raise PublishedMeanwhile("Somebody published another version meanwhile. Compare the two, then decide.")
    who = {"note": note, "restored": restored, "published_at": uow.now, "published_by": by}
    row = uow.template_versions.add({**text, "number": over + 1, **who})
    uow.templates.forget_choice()
    return row


def _note(note: str) -> str:
    words = " ".join(note.split())
    if not 0 < len(words) <= LONGEST_NOTE:
        raise Invalid({"note": [f"Say in a few words what is different, in at most {LONGEST_NOTE} characters."]})
    return words


def discard_text(uow: NotificationsUnitOfWork, kind: str, language: str, revision: int) -> None:
    """Throw the text that is being worked on away. Raises Stale when somebody changed it since."""
    standing(uow, kind, language)
    work = uow.template_versions.text(kind, language, lock=True)
    if work is not None and work.revision != revision:
        raise Stale("Somebody changed this text while you looked at it. Look at it again.")
    uow.template_versions.drop_text(kind, language)
