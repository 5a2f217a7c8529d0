"""All stores do the same; sealed bytes open in their place alone; a scanner's every answer is understood."""

import socket
import struct
import threading
from datetime import UTC, datetime, timedelta

import pytest

from services.applications.app import build
from services.applications.storage.bucket import BucketFiles
from services.applications.storage.files import DatabaseFiles, FolderFiles
from services.applications.storage.scanning import Verdict, scanner
from services.applications.storage.sealing import Sealed, Sealer
from shared.errors import NotFound, Unavailable
from shared.files.bucket import Bucket
from tests.applications.bucket import bucket_of, serving
from tests.applications.parts import config_for

NAME = "0190c0de-0000-7000-8000-00000000abcd"


@pytest.fixture(params=["database", "folder", "bucket"])
def store(request, database_url, clock, tmp_path):
    if request.param == "folder":
        yield FolderFiles(tmp_path / "files")
        return
    if request.param == "bucket":
        with serving() as (_, env):
            yield BucketFiles(bucket_of(env))
        return
    service = build(config_for(database_url), clock)
    with service.units.begin() as uow:
        yield DatabaseFiles(uow.session)
    service.units.engine.dispose()


def test_a_file_is_kept_read_and_forgotten(store):
    store.put(NAME, b"\x00\xffbytes")
    assert store.get(NAME) == b"\x00\xffbytes"
    assert (store.head(NAME, 3), store.head(NAME, 100)) == (b"\x00\xffb", b"\x00\xffbytes")
    assert list(store.names(datetime.now(UTC) + timedelta(minutes=1))) == [NAME]
    store.drop(NAME)
    store.drop(NAME)
    for read in (store.get, lambda name: store.head(name, 3)):
        with pytest.raises(NotFound):
            read(NAME)
    assert list(store.names(datetime.now(UTC) + timedelta(minutes=1))) == []


def test_a_bucket_holds_what_is_under_its_prefix_and_judges_by_age():
    with serving() as (objects, env):
        store = BucketFiles(bucket_of(env))
        store.put(NAME, b"ours")
        assert set(objects.objects) == {f"one/two/cd/{NAME}"}
        objects.objects["elsewhere/cd/12345678"] = (b"not ours", datetime.now(UTC))
        assert list(store.names(datetime.now(UTC) - timedelta(days=1))) == []
        assert list(store.names(datetime.now(UTC) + timedelta(days=1))) == [NAME]


def test_empty_variables_as_compose_passes_them_on_are_none(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # nothing of this leaves the machine
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    for name in ("AWS_ENDPOINT", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "")
    keys = {"aws_region": "eu-west-2", "aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    with pytest.raises(Unavailable):
        BucketFiles(Bucket("hearth-files", settings=keys)).put(NAME, b"x")


def test_a_bucket_that_does_not_work_says_so_and_not_that_the_file_is_gone():
    with serving() as (objects, env):
        working, elsewhere = bucket_of(env), bucket_of({**env, "APPLICATIONS_FILES_BUCKET": "s3://another-bucket"})
        refused = bucket_of({**env, "AWS_ACCESS_KEY_ID": "another"})
        for bucket in (elsewhere, refused):
            with pytest.raises(Unavailable):
                BucketFiles(bucket).put(NAME, b"x")
        objects.broken = True
        store = BucketFiles(working)
        acts = (
            store.get,
            store.drop,
            lambda name: store.put(name, b""),
            lambda name: list(store.names(datetime.now(UTC))),
        )
        for act in acts:
            with pytest.raises(Unavailable, match="Nothing was lost"):
                act(NAME)
    with pytest.raises(Unavailable):
        store.get(NAME)


@pytest.mark.parametrize("name", ["../etc/passwd", "a/b", "", "ABCDEFGH", "12345678/.."])
def test_no_name_leads_elsewhere(tmp_path, name):
    bucket = Bucket("nowhere", settings={"aws_region": "eu-west-2"})
    for store in (FolderFiles(tmp_path), BucketFiles(bucket)):
        for act in (store.get, store.drop, lambda each, store=store: store.put(each, b"")):
            with pytest.raises(NotFound):
                act(name)
    assert list(tmp_path.iterdir()) == []


def test_sealed_bytes_open_in_their_place_with_an_older_key_too():
    old, new = {"k1": b"1" * 32}, {"k2": b"2" * 32, "k1": b"1" * 32}
    sealed = Sealer(old).seal_bytes(b"a:file", "upload/1")
    assert b"a:file" not in sealed and Sealer(new).open_bytes(sealed, "upload/1") == b"a:file"
    for sealer, place, data in ((Sealer(old), "upload/2", sealed), (Sealer({"k3": b"3" * 32}), "upload/1", sealed)):
        with pytest.raises(Sealed):
            sealer.open_bytes(data, place)
    with pytest.raises(Sealed):
        Sealer(old).open_bytes(sealed[:-1] + b"x", "upload/1")


def clamd(path, answer):
    """A scanner's daemon that reads one stream and answers."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(1)
    got = bytearray()

    def serve():
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := struct.unpack(">I", stream.read(4))[0]:
                got.extend(stream.read(size))
            connection.sendall(answer)
        server.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return got


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"stream: OK\0", Verdict("clean")),
        (b"stream: Eicar-Signature FOUND\0", Verdict("infected", "Eicar-Signature")),
        (b"INSTREAM size limit exceeded. ERROR\0", Verdict("failed", "INSTREAM size limit exceeded. ERROR")),
        (b"", Verdict("failed", "")),
    ],
)
def test_clamd(tmp_path, answer, verdict):
    path, data = f"{tmp_path}/c.sock", b"x" * 200_000
    got = clamd(path, answer)
    assert scanner(f"clamd:{path}")(data) == verdict
    assert bytes(got) == data


@pytest.mark.parametrize(
    ("command", "state"),
    [("true", "clean"), ("false", "infected"), ("sh -c 'exit 2'", "failed"), ("no-such-scanner-here", "failed")],
)
def test_a_command(command, state):
    assert scanner(f"command:{command}")(b"x").state == state


def test_settings():
    assert scanner("") is None
    for wrong in ("clamscan", "clamd:", "command:"):
        with pytest.raises(ValueError, match="should begin"):
            scanner(wrong)
    assert scanner("clamd:/no/such/socket")(b"").state == "failed"
