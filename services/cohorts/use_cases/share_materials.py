"""Materials of a session: files and links, seen by whoever is invited, from a time on."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.material import LARGEST, MEDIA_TYPES, REFUSALS, TOO_LARGE
from services.cohorts.storage.tables import Material, MaterialContent
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Conflict, Invalid, NotFound
from shared.files.inspecting import inspect
from shared.files.names import safe_name
from shared.files.refusing import Refused
from shared.ids import new_id

_MOST = 30
_LONGEST = 200


def share_material(
    uow: CohortsUnit,
    actor: Actor,
    session_id: UUID,
    *,
    title: str,
    link: str = "",
    file: tuple[str, bytes] | None = None,
    release_at: datetime | None = None,
) -> Material:
    """Add a link or a file (name, content). Participants see it at once, or from `release_at` on.

    Raises:
        Invalid: neither or both, an address that is none, or a file that is too large or of no known kind.
        Conflict: the session has very many already.
    """
    session = uow.sessions.get(session_id, lock=True)
    if len(uow.materials.of_session(session.id)) >= _MOST:
        raise Conflict(f"A session holds up to {_MOST} materials. Take one away first.")
    link = link.strip()
    _check(title.strip(), link, file)
    held = checked(*file) if file else None
    row = Material(
        id=new_id(),
        session_id=session.id,
        title=title.strip(),
        link=link,
        filename=held.name if held else "",
        media_type=held.media_type if held else "",
        size=len(held.content) if held else 0,
        release_at=release_at,
        created_at=uow.now,
        created_by_name=actor.name,
    )
    uow.materials.add(row)
    uow.session.flush()
    if held:
        uow.materials.add(MaterialContent(material_id=row.id, content=held.content))
    return row


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand out: the name it is downloaded under has the ending of what it is."""

    name: str
    media_type: str
    content: bytes


def checked(name: str, content: bytes) -> File:
    """The file under a safe name, pictures without what a camera wrote into them.

    Raises:
        Invalid: it is empty, too large, of no known kind, or dangerous to open.
    """
    if not content:
        raise Invalid({"file": ["Choose a file that is not empty."]})
    if len(content) > LARGEST:
        raise Invalid({"file": [TOO_LARGE]})
    try:
        found = inspect(content, frozenset(MEDIA_TYPES))
    except Refused as refused:
        raise Invalid({"file": [REFUSALS[refused.reason]]}) from None
    return File(safe_name(name, found.kind, "material"), MEDIA_TYPES[found.kind], found.data)


def _check(title: str, link: str, file: tuple[str, bytes] | None) -> None:
    problems: dict[str, list[str]] = {}
    if not 1 <= len(title) <= _LONGEST:
        problems["title"] = [f"Give it a name of up to {_LONGEST} characters."]
    if bool(link) == bool(file):
        problems["link"] = ["Give either a web address or a file."]
    elif link and (urlsplit(link).scheme not in {"https", "http"} or " " in link or len(link) > 400):
        problems["link"] = ["Write a web address that begins with https://."]
    if problems:
        raise Invalid(problems)


def remove_material(uow: CohortsUnit, material_id: UUID) -> UUID:
    """Take it away, with its content; whose session it was."""
    row = uow.materials.get(material_id)
    session_id = row.session_id
    uow.materials.remove(row)
    return session_id


def open_material(
    uow: CohortsUnit, person_id: UUID, material_id: UUID, *, staff: bool = False
) -> tuple[Material, bytes]:
    """A file and its content, for somebody who is invited to its session.

    Raises:
        NotFound: there is none, it is not theirs, or it is not released yet.
    """
    row = uow.materials.get(material_id)
    if not staff:
        uow.sessions.check_invited(row.session_id, person_id)
        if row.release_at is not None and row.release_at > uow.now:
            raise NotFound("There is no such material.")
    return row, uow.materials.content(row.id)
