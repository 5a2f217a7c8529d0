"""Six processes, three roles, one origin."""

import http.client
import re
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.processes.accounts import SERVICES
from tests.processes.site import NAMES, Processes
from tests.servers.postgres import on, plain

pytestmark = [pytest.mark.postgres, pytest.mark.rabbit]


def test_six_processes_are_one_site(site: Processes) -> None:
    assert {name: site.processes[name].health()[1]["status"] for name in NAMES} == dict.fromkeys(NAMES, "ready")
    for path, status in (("/", 200), ("/cohorts/health/live", 200), ("/notifications/health/live", 200), ("/no", 404)):
        assert _get(site, path).status == status, path
    _roles_are_apart(site)
    _cookies_and_redirects_come_through(site)
    _each_comes_back_and_stops_by_itself(site)


def _get(site: Processes, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=20)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def _roles_are_apart(site: Processes) -> None:
    for service in SERVICES:
        for other in set(SERVICES) - {service}:
            name = urlsplit(plain(site.databases[other].admin_url)).path.strip("/")
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(plain(on(site.databases[service].url, name)))


def _cookies_and_redirects_come_through(site: Processes) -> None:
    page = _get(site, "/sign-in")
    assert any("hearth-browser=" in cookie for cookie in page.headers.get_all("Set-Cookie"))
    away = _get(site, "/cohorts/staff/")
    assert away.status in {302, 303}
    assert re.match(r"(http://127\.0\.0\.1:\d+)?/", away.headers["Location"])


def _each_comes_back_and_stops_by_itself(site: Processes) -> None:
    site.kill(*NAMES)
    assert not any(process.running for process in site.processes.values())
    assert _get(site, "/").status == 502
    site.start(*NAMES)
    site.wait_ready()
    assert {name: site.processes[name].stop() for name in NAMES} == dict.fromkeys(NAMES, 0)
