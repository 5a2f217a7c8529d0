"""The bytes of files in a real folder: they go with the answers, nothing is left behind, and keys change under them."""

import base64
import io
import os
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from services.applications.app import build
from services.applications.cli.rotate_keys import rotate
from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.storage.files import FolderFiles
from services.applications.storage.sealing import Sealer
from services.applications.use_cases import erase_person, rotate_keys
from services.applications.use_cases.keep_files import loose_files, stray_bytes
from services.applications.use_cases.keep_retention import KINDS
from services.applications.use_cases.keep_round import create_round, move_round
from shared import retention
from shared.config import ConfigError
from shared.files.bucket import Bucket
from shared.schedule import Schedule
from shared.timekeeping import MovableClock
from tests.applications.bucket import bucket_of, serving
from tests.applications.parts import PRIVATE, PUBLIC, Applications, begin, config_for, fill_in, migrate, press, token_of

QUESTION = {"id": "cv", "kind": "file", "label": {"en": "Your story, as a file"}, "most": 3}
TEXT = b"MARKER: a story in plain words"
KEYS = {"k2": bytes(range(32)), "k1": b"01234567890123456789012345678901"}
OLD, NEW = {"k1": KEYS["k1"]}, {"k2": KEYS["k2"]}
Build = Callable[..., Applications]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


@pytest.fixture
def build_with(tmp_path: Path, folder: Path, clock: MovableClock) -> Iterator[Build]:
    """Builds the service on one database: with other keys, or with its files in the database or in a bucket."""
    url, built = f"sqlite:///{tmp_path}/applications.sqlite3", []
    migrate(url)

    def make(keys: dict[str, bytes], files: Path | None = folder, bucket: Bucket | None = None) -> Applications:
        built.append(build(config_for(url, files_folder=files, files_bucket=bucket, field_keys=keys), clock))
        return built[-1]

    yield make
    for service in built:
        service.units.engine.dispose()


@pytest.fixture
def service(build_with: Build) -> Applications:
    return build_with(OLD)


def draft_with(service: Applications, client: FlaskClient, files: int = 1) -> str:
    """A draft with files: its address."""
    form = form_definition()
    next(each for each in form["sections"] if each["id"] == "leadership")["questions"].append(QUESTION)
    with service.units.begin() as uow:
        row = create_round(uow, {**round_definition(), "form": form, "rules": rules_definition()})
        move_round(uow, row.id, "open")
    draft = begin(service, client)
    page = f"{draft}/questions/cv/files"
    for number in range(files):
        fields = {"csrf_token": token_of(client, page), "file": (io.BytesIO(TEXT), f"story {number}.txt")}
        assert client.post(page, data=fields, content_type="multipart/form-data").status_code == 303
    return draft


def sent_with(service: Applications, client: FlaskClient, files: int = 1) -> str:
    """The same, sent."""
    draft = draft_with(service, client, files)
    fill_in(client, draft)
    assert press(client, f"{draft}/check", f"{draft}/submit").status_code == 303
    return draft


def test_files_in_a_bucket_come_and_go_and_a_broken_one_loses_nothing(build_with: Build) -> None:
    with serving() as (store, env):
        service = build_with(OLD, None, bucket_of(env))
        client = service.web.test_client()
        draft = draft_with(service, client, 2)
        bodies = [body for body, _ in store.objects.values()]
        assert len(bodies) == 2 and all(TEXT not in body for body in bodies)
        page = f"{draft}/questions/cv/files"
        with service.units.begin(write=False) as uow:
            upload = uow.uploads.of_application(uuid.UUID(draft.rpartition("/")[2]))[0]
        link = f"{draft}/files/{upload.id}"
        assert client.get(link).data == TEXT
        store.broken = True
        token = token_of(client, page)
        fields = {"csrf_token": token, "file": (io.BytesIO(TEXT), "third.txt")}
        refused = client.post(page, data=fields, content_type="multipart/form-data")
        assert refused.status_code == 503 and "Nothing was lost" in refused.get_data(as_text=True)
        assert client.get(link).status_code == 503
        store.broken = False
        assert client.get(page).get_data(as_text=True).count("story ") >= 2
        with service.units.begin() as uow:
            erase_person.request_erasure(uow, uow.applications.get(upload.application_id).person_id)
        run_clock(service)
        assert store.objects == {}


def kept(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def run_clock(service: Applications) -> None:
    schedule = Schedule(service.units, service.due_handlers)
    while schedule.run_next():
        pass


def close_long_ago(service: Applications, clock: MovableClock) -> None:
    with service.units.begin() as uow:
        for row in uow.rounds.all():
            row.state = "closed"
    clock.advance(timedelta(days=2000))


@pytest.mark.parametrize("make", [draft_with, sent_with])
def test_files_go_with_the_answers_that_retention_empties(
    service: Applications, client: FlaskClient, clock: MovableClock, folder: Path, make: Any
) -> None:
    make(service, client, 2)
    assert len(kept(folder)) == 2 and all(TEXT not in path.read_bytes() for path in kept(folder))
    close_long_ago(service, clock)
    with service.units.begin(write=False) as uow:
        retention.plan(uow, KINDS)
    assert len(kept(folder)) == 2, "looking changes nothing"
    retention.carry_out(service.units, KINDS)
    run_clock(service)
    assert kept(folder) == []


def test_files_go_with_whoever_is_erased(service: Applications, client: FlaskClient, folder: Path) -> None:
    draft = uuid.UUID(sent_with(service, client).rpartition("/")[2])
    with service.units.begin() as uow:
        erase_person.request_erasure(uow, uow.applications.get(draft).person_id)
    run_clock(service)
    assert kept(folder) == []


def test_what_no_answer_names_and_what_nobody_knows_goes_after_a_day(
    service: Applications, client: FlaskClient, clock: MovableClock, folder: Path
) -> None:
    draft = uuid.UUID(draft_with(service, client, 2).rpartition("/")[2])
    store, stray = FolderFiles(folder), str(uuid.uuid4())
    store.put(stray, b"left by a crash")
    (folder / stray[-2:] / f"{stray}.part").write_bytes(b"half of a fi")
    (folder / "README").write_text("Not ours.")
    with service.units.begin() as uow:
        row = uow.applications.get(draft)
        row.answers = {**row.answers, "cv": row.answers["cv"][:1]}
    now = clock()
    for path in kept(folder):
        os.utime(path, (now.timestamp(), now.timestamp()))
    with service.units.begin(write=False) as uow:
        assert loose_files(uow, now) == [] and stray_bytes(uow, now) == [], "it may be of a moment ago"
    clock.advance(timedelta(days=2))
    counts = retention.carry_out(service.units, KINDS)
    assert (counts["loose_files"], counts["stray_bytes"]) == (1, 2)
    run_clock(service)
    with service.units.begin(write=False) as uow:
        (upload,) = uow.uploads.of_application(draft)
    assert upload.name == "story 0.txt"
    assert {path.name for path in kept(folder)} == {"README", upload.stored}


@pytest.mark.parametrize("where", ["folder", "database"])
def test_keys_change_under_files_and_answers_and_go_on_where_they_stopped(
    build_with: Build, folder: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    files = folder if where == "folder" else None
    old = build_with(OLD, files)
    browser = old.web.test_client()
    draft = sent_with(old, browser, 3)
    both, monkeyed = build_with(KEYS, files), Sealer(KEYS)
    monkeypatch.setattr(rotate_keys, "FILES", 1)

    def killed(done: int, _total: int) -> None:
        if done == 3:  # two sets of answers, and the first file
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_keys.rotate_keys(both.units, monkeyed, killed)
    with both.units.begin(write=False) as uow:
        assert rotate_keys.keys_needed(uow) == {"k1": 2, "k2": 3}
        for upload in uow.uploads.of_application(uuid.UUID(draft.rpartition("/")[2])):
            sealed = uow.files.get(upload.stored)
            assert monkeyed.open_bytes(sealed, f"upload/{upload.id}") == TEXT, "readable all the while"
    with pytest.raises(ConfigError, match="k1"):
        build_with(NEW, files).check()
    assert rotate_by_command(both, files) == 0
    new = build_with(NEW, files)
    new.check()
    assert len(read_all(new, draft)) == 3
    with new.units.begin(write=False) as uow:
        assert uow.applications.apart(uuid.UUID(draft.rpartition("/")[2]))["gender"] == "woman"


def rotate_by_command(service: Applications, files: Path | None) -> int:
    """`hearth rotate-keys`, as an operator calls it."""
    environment = {
        "APPLICATIONS_DATABASE_URL": str(service.units.engine.url),
        "APPLICATIONS_SECRET_KEY": "0123456789abcdef0123456789abcdef0123456789",
        "APPLICATIONS_IDENTITY_PRIVATE_KEY": PRIVATE,
        "HEARTH_IDENTITY_PUBLIC_KEY": PUBLIC,
        "APPLICATIONS_FIELD_KEYS": ",".join(f"{id}:{base64.b64encode(key).decode()}" for id, key in KEYS.items()),
        "APPLICATIONS_FILES_FOLDER": str(files or ""),
        "HEARTH_PUBLIC_URL": "https://apply.example.org",
    }
    done = CliRunner().invoke(rotate, [], env=environment)
    assert "k1" not in done.stdout, done.output
    return done.exit_code


def read_all(service: Applications, draft: str) -> list[bytes]:
    """Every file, as its owner's page gives it out."""
    application = uuid.UUID(draft.rpartition("/")[2])
    with service.units.begin(write=False) as uow:
        rows = uow.uploads.of_application(application)
        return [
            uow.context.sealer.open_bytes(uow.files.get(row.stored), f"upload/{row.id}")
            for row in rows
            if row.state != "infected"
        ]
