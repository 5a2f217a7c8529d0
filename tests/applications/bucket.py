"""A small object store for tests: whole objects by the S3 protocol, asked for with a signature."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from werkzeug import Request, Response
from werkzeug.serving import make_server

from shared.files.bucket import Bucket

KEY = "key-of-the-tests"
NAME = "hearth-files"


class ObjectStore:
    """Objects by their path, when each was put, and whether the store works at all."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.broken = False

    def answer(self, request: Request) -> Response:
        """One request."""
        if f"AWS4-HMAC-SHA256 Credential={KEY}/" not in request.headers.get("Authorization", ""):
            return Response("<Error><Code>AccessDenied</Code></Error>", 403)
        if self.broken:
            return Response("<Error><Code>InternalError</Code></Error>", 500)
        bucket, _, path = request.path.lstrip("/").partition("/")
        if bucket != NAME:
            return Response("<Error><Code>NoSuchBucket</Code></Error>", 404)
        if request.method == "POST":
            return self._drop(request)
        if not path:
            return self._list(request.args.get("prefix", ""))
        return self._put(path, request) if request.method == "PUT" else self._get(path, request)

    def _put(self, path: str, request: Request) -> Response:
        self.objects[path] = (request.get_data(), datetime.now(UTC))
        return Response(headers={"ETag": '"1"'})

    def _get(self, path: str, request: Request) -> Response:
        if path not in self.objects:
            return Response("<Error><Code>NoSuchKey</Code></Error>", 404)
        body, moment = self.objects[path]
        headers = {"ETag": '"1"', "Last-Modified": format_datetime(moment, usegmt=True)}
        if not request.range:
            return Response(body, headers=headers)
        first, end = request.range.ranges[0]
        part = body[first:end]
        whole = f"bytes {first}-{first + len(part) - 1}/{len(body)}"
        return Response(part, 206, headers={**headers, "Content-Range": whole})

    def _drop(self, request: Request) -> Response:
        paths = re.findall("<Key>([^<]*)</Key>", request.get_data(as_text=True))
        for path in paths:
            self.objects.pop(path, None)
        rows = "".join(f"<Deleted><Key>{path}</Key></Deleted>" for path in paths)
        return Response(f"<DeleteResult>{rows}</DeleteResult>")

    def _list(self, prefix: str) -> Response:
        rows = "".join(
            f"<Contents><Key>{escape(path)}</Key><LastModified>{moment:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f'<ETag>"1"</ETag><Size>{len(body)}</Size></Contents>'
            for path, (body, moment) in sorted(self.objects.items())
            if path.startswith(prefix)
        )
        return Response(f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>")


@contextmanager
def serving() -> Iterator[tuple[ObjectStore, dict[str, str]]]:
    """Yield a store, and the environment that leads to it."""
    store = ObjectStore()
    server = make_server("127.0.0.1", 0, Request.application(store.answer), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield store, environment(server.port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def environment(port: int, secret: str = "secret") -> dict[str, str]:  # noqa: S107 - of the tests
    """The variables of a bucket on this machine."""
    return {
        "APPLICATIONS_FILES_BUCKET": f"s3://{NAME}/one/two",
        "AWS_ENDPOINT": f"http://127.0.0.1:{port}",
        "AWS_REGION": "eu-west-2",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_ALLOW_HTTP": "true",
    }


def bucket_of(env: dict[str, str]) -> Bucket:
    """Where an environment leads."""
    found = Bucket.parse(env["APPLICATIONS_FILES_BUCKET"], env)
    assert found is not None
    return found
