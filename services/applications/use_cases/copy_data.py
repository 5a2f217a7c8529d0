"""Give somebody a copy of everything that is held on them: the two other services send their parts, sealed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.applications.domain.forms import Form
from services.applications.storage.personal_data import REGISTER
from services.applications.storage.tables import ApplicationRow, DataPartRow, DataRequestRow, PersonRow, RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.add_file import open_file
from shared import sealed_parts
from shared.contracts import cohorts, notifications
from shared.contracts.applications import PersonalDataReady, PersonalDataRequested
from shared.erasure import is_erased
from shared.errors import Conflict, Gone, NotFound, TooMany
from shared.ids import new_id
from shared.personal_data import Rows, Subject, gather
from shared.service import Due

OTHERS = ("cohorts", "notifications")
END = "data_request_end"
GATHERING, READY, ENDED = "gathering", "ready", "ended"
KEPT = timedelta(days=7)
GIVEN_UP = timedelta(days=14)
"""How long the parts of the others are waited for."""
WINDOW = timedelta(days=1)
PER_DAY = 3
Part = cohorts.PersonalDataGathered | notifications.PersonalDataGathered


def request_copy(
    uow: ApplicationsUnitOfWork, person_id: UUID, *, asked_by: UUID | None = None, language: str = "en"
) -> DataRequestRow:
    """Ask all three services for what they hold. One that is being gathered is given again.

    Raises:
        NotFound: there is no such person, or no longer.
        TooMany: three were asked for within a day.
    """
    person = uow.people.get(person_id, lock=True)
    if is_erased(uow.session, person_id):
        raise NotFound("There is no such person.")
    waiting = [row for row in uow.data_requests.of_person(person.id) if row.state == GATHERING]
    if waiting:
        return waiting[0]
    if uow.data_requests.count_since(person.id, uow.now - WINDOW) >= PER_DAY:
        raise TooMany(
            "You have asked for several copies today. Please ask again tomorrow.",
            retry_after=int(WINDOW.total_seconds()),
        )
    return _ask(uow, person, asked_by or person_id, language)


def _ask(uow: ApplicationsUnitOfWork, person: PersonRow, asked_by: UUID, language: str) -> DataRequestRow:
    private, public = sealed_parts.new_pair()
    row = DataRequestRow(
        id=new_id(), person_id=person.id, asked_by=asked_by, language=language, state=GATHERING, asked_at=uow.now
    )
    row.private_key = uow.context.sealer.seal(private, f"data-request/{row.id}")
    uow.data_requests.add(row)
    uow.schedule(END, str(row.id), uow.now + GIVEN_UP)
    uow.publish(PersonalDataRequested(person_id=person.id, request_id=row.id, public_key=public))
    return row


def keep_part(uow: ApplicationsUnitOfWork, event: Part) -> None:
    """Keep a piece of another service's part; with the last one the copy is ready, and its owner is told."""
    row = uow.data_requests.find(event.request_id, lock=True)
    if row is None or row.state != GATHERING:
        return
    service = event.NAME.partition(".")[0]
    uow.data_requests.keep_part(
        DataPartRow(request_id=row.id, service=service, part=event.part, parts=event.parts, sealed=event.sealed)
    )
    if all(_is_whole(pieces) for pieces in _by_service(uow, row.id).values()):
        _finish(uow, row)


def _by_service(uow: ApplicationsUnitOfWork, request_id: UUID) -> dict[str, list[DataPartRow]]:
    found = uow.data_requests.parts(request_id)
    return {service: found.get(service, []) for service in OTHERS}


def _is_whole(pieces: list[DataPartRow]) -> bool:
    return bool(pieces) and len(pieces) == pieces[0].parts


def _finish(uow: ApplicationsUnitOfWork, row: DataRequestRow) -> None:
    row.state, row.ready_at, row.expires_at = READY, uow.now, uow.now + KEPT
    uow.schedule(END, str(row.id), row.expires_at)
    if row.asked_by == row.person_id:
        link = f"{uow.context.public_url}/account/data"
        uow.publish(PersonalDataReady(person_id=row.person_id, request_id=row.id, link=link, expires_at=row.expires_at))


def end_copy(uow: ApplicationsUnitOfWork, due: Due) -> None:
    """Throw a copy away whose time is over; it can be asked for again."""
    row = uow.data_requests.find(UUID(due.key), lock=True)
    if row is not None:
        row.state, row.private_key = ENDED, None
        uow.data_requests.drop_parts(row.id)


@dataclass(frozen=True)
class Sheet:
    """One application with its form and all its answers, those kept apart among them."""

    row: ApplicationRow
    round: RoundRow
    form: Form
    answers: dict[str, Any]


@dataclass(frozen=True)
class Copy:
    """Everything: the rows of each service by table, and the answers with their questions."""

    request: DataRequestRow
    person: PersonRow
    parts: dict[str, Rows]
    sheets: list[Sheet]
    files: dict[str, bytes]


def open_copy(uow: ApplicationsUnitOfWork, request_id: UUID, *, owner: UUID | None) -> Copy:
    """The whole copy. `owner` is whose it must be; None for staff. What this service holds is as of now.

    Raises:
        NotFound: no such request, or somebody else's.
        Conflict: it is still being gathered.
        Gone: its time is over.
    """
    row = uow.data_requests.get(request_id, lock=True)
    if owner is not None and row.person_id != owner:
        raise NotFound("There is no such request.")
    if row.state == GATHERING:
        raise Conflict("Your copy is not ready yet. We write to you when it is.", code="not-ready")
    if row.state == ENDED or row.private_key is None:
        raise Gone("This copy has been thrown away, to keep it safe. You can ask for a new one.")
    row.downloads += 1
    return _opened(uow, row)


def _opened(uow: ApplicationsUnitOfWork, row: DataRequestRow) -> Copy:
    private = str(uow.context.sealer.open(row.private_key or "", f"data-request/{row.id}"))
    person = uow.people.get(row.person_id)
    parts = {"applications": gather(uow.session, REGISTER, Subject(person.id, frozenset({person.email})))}
    for service, pieces in _by_service(uow, row.id).items():
        context = f"{row.id}/{service}"
        parts[service] = sealed_parts.open_parts([piece.sealed for piece in pieces], private, context)
    sheets = [
        Sheet(each, round_, uow.rounds.form(round_.id, each.form_version), _answers(uow, each))
        for each, round_ in uow.applications.of_person(person.id)
    ]
    return Copy(row, person, parts, sheets, _files(uow, person.id, sheets))


def _files(uow: ApplicationsUnitOfWork, person_id: UUID, sheets: list[Sheet]) -> dict[str, bytes]:
    """Every file they gave, by the reference of its application and a name that no other has."""
    found: dict[str, bytes] = {}
    for sheet in sheets:
        for upload in uow.uploads.of_application(sheet.row.id):
            try:
                _, body = open_file(uow, sheet.row.id, person_id, upload.id)
            except NotFound:
                continue  # something harmful was found in it, and it was thrown away
            found[f"{sheet.row.reference}/{str(upload.id)[-6:]}-{upload.name}"] = body
    return found


def _answers(uow: ApplicationsUnitOfWork, row: ApplicationRow) -> dict[str, Any]:
    return {**row.answers, **uow.applications.apart(row.id)}
