"""Memory of all three services in one process with 10,000 applications, beside a bare Flask and SQLAlchemy program.

`python -m tests.bench.memory [sizes]`. `hearth demo` loads that many applications with all their events, reviews and
messages, which takes a while; then it is started again, as after a night, and staff read lists, an application and the
shortlist. Read from Linux's own account (/proc): the resident set then, and its highest at both times.
"""

import re
import subprocess
import sys
import tempfile
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

from services.developer import ROOT
from tests.bench.reporting import Report
from tests.bench.start import demo, environment

GOAL = "< 250 MB with 10,000 applications"
SIZES = (300, 10_000)
ROUNDS = 20
"""How often every page is read."""
_BARE = """
import sys
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, select
engine = create_engine("sqlite:///" + sys.argv[1])
metadata = MetaData()
things = Table("things", metadata, Column("id", Integer, primary_key=True), Column("name", String))
metadata.create_all(engine)
app = Flask("bare")

@app.get("/")
def front():
    with engine.begin() as connection:
        connection.execute(insert(things).values(name="one"))
        return {"names": [row.name for row in connection.execute(select(things).limit(50))]}

client = app.test_client()
for _ in range(200):
    assert client.get("/").status_code == 200
print(open("/proc/self/status").read())
"""


def resident(status: str) -> tuple[float, float]:
    """Megabytes now and at most, from the text of /proc/<pid>/status."""
    found = {name: int(kb) / 1024 for name, kb in re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status)}
    return found["VmRSS"], found["VmHWM"]


def bare(folder: Path) -> float:
    """Megabytes of the bare program."""
    said = subprocess.run(
        [sys.executable, "-c", _BARE, str(folder / "bare.sqlite3")],
        cwd=ROOT, env=environment(), check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return resident(said)[0]


class Staff:
    """A member of staff in a browser without script."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def sign_in(self) -> None:
        """By the one click of a demonstration, as the first of its staff."""
        front = self.read("/")
        form = re.search(
            r'<form[^>]*action="(/demo/sign-in/[^"]+)".*?name="csrf_token" value="([^"]+)"', front, re.DOTALL
        )
        assert form, "nobody can sign in: nothing was measured"
        self.read(form[1], urlencode({"csrf_token": form[2]}).encode())

    def read(self, path: str, data: bytes | None = None) -> str:
        """A page; HTTPError for anything but a success."""
        with self._opener.open(self._url + path, data, timeout=60) as answer:
            return str(answer.read().decode())

    def afternoon(self) -> int:
        """Read the lists, the best application and the shortlist, again and again; how many pages that were."""
        round_id = self._first(r"/staff/rounds/([0-9a-f-]{36})", "/staff")
        listed = f"/staff/rounds/{round_id}/applications"
        application = self._first(r"/staff/applications/([0-9a-f-]{36})", listed)
        pages = (
            f"/staff/rounds/{round_id}",
            listed,
            f"{listed}?sort=reference&order=asc",
            f"{listed}?q=amina",
            f"/staff/applications/{application}",
            f"/cohorts/staff/rounds/{round_id}/shortlist",
            f"/cohorts/staff/rounds/{round_id}/shortlist?sort=priority",
        )
        for _ in range(ROUNDS):
            for page in pages:
                self.read(page)
        return ROUNDS * len(pages)

    def _first(self, pattern: str, path: str) -> str:
        found = re.search(pattern, self.read(path))
        assert found, f"{path} has no link like {pattern}: nothing was measured"
        return found[1]


def measure(folder: Path, size: int) -> dict[str, float]:
    """Megabytes: at most while the sample is loaded; after a start and an afternoon; the bare program's."""
    with demo(folder, applications=size, wait_for_sample=True) as (_, _, pid):
        loading = _now(pid)[1]
    with demo(folder, applications=size) as (_, url, pid):
        started = _now(pid)[0]
        staff = Staff(url)
        staff.sign_in()
        staff.afternoon()
        now, most = _now(pid)
    beside = bare(folder)
    return {
        "started_mb": started,
        "afternoon_mb": now,
        "highest_mb": most,
        "highest while loading_mb": loading,
        "bare_mb": beside,
        "ratio_times": now / beside,
    }


def _now(pid: int) -> tuple[float, float]:
    return resident(Path(f"/proc/{pid}/status").read_text())


def main(sizes: list[int]) -> None:
    """A line for each size, and how memory grows."""
    report = Report("memory", GOAL)
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            found.append(measure(Path(name), size))
        report.row("applications, all three services", found[-1], size)
    report.growth("memory after an afternoon", sizes, [each["afternoon_mb"] for each in found])
    report.close()


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or list(SIZES))
