"""The local outbox: on a demonstration only, and nothing outside its folder."""

from pathlib import Path
from typing import Any

import pytest

from services.notifications.storage.mailers import open_mailer
from shared.timekeeping import MovableClock
from tests.notifications.postbox import Postbox, make_config, session, submitted
from tests.notifications.web.conftest import Browser, browser_of


@pytest.fixture
def folder(one_postbox: Postbox, tmp_path: Path) -> Path:
    """The outbox with a receipt and an invitation, sent by the mailer that the config names."""
    one_postbox.mailer = open_mailer(one_postbox.config.mailer)  # type: ignore[assignment]
    one_postbox.new_sender()
    person = one_postbox.person("أمل", "ar")
    one_postbox.publish(submitted(person, one_postbox.clock()))
    one_postbox.publish(session([person], one_postbox.clock().replace(month=3), link="https://meet.example/x"))
    one_postbox.send()
    return tmp_path / "mail"


def test_anybody_on_a_demonstration_reads_what_was_sent(folder: Path, browser: Browser) -> None:
    anybody = browser()
    page = anybody.get("/outbox").get_data(as_text=True)
    # When the message says it was written, on the clock of the service: not the file's time.
    assert page.count("1 February 2027") == 2
    names = [path.name for path in folder.iterdir()]
    assert len(names) == 2
    kinds = set()
    for name in names:
        shown = anybody.get(f"/outbox/{name}").get_data(as_text=True)
        assert f'src="/outbox/{name}/html"' in shown and "1 February 2027" in shown
        frame = anybody.get(f"/outbox/{name}/html")
        assert 'dir="rtl"' in frame.get_data(as_text=True)
        assert "sandbox" in frame.headers["Content-Security-Policy"]
        calendar = anybody.get(f"/outbox/{name}/invitation.ics")
        kinds.add(calendar.status_code)
        if calendar.status_code == 200:
            assert calendar.get_data(as_text=True).startswith("BEGIN:VCALENDAR")
            assert "attachment" in calendar.headers["Content-Disposition"]
    assert kinds == {200, 404}


@pytest.mark.parametrize(
    "name",
    ["..", "../notifications.db", "..%2Fnotifications.db", "%2e%2e%2fnotifications.db", "/etc/passwd", "%00.eml",
     "x.eml", "....//x.eml", "C:%5Cx.eml", "a" * 3000],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(folder: Path, browser: Browser, name: str) -> None:
    (folder / "x.eml").write_text("Subject: not ours\n\n")
    for ending in ("", "/html", "/invitation.ics"):
        assert browser().get(f"/outbox/{name}{ending}").status_code in (308, 404)


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "99999999", "2"])
def test_a_strange_page_number_is_harmless(folder: Path, browser: Browser, page: str) -> None:
    assert browser().get("/outbox", query_string={"page": page}).status_code == 200


def test_an_empty_outbox_says_so(browser: Browser) -> None:
    assert "No mail yet" in browser().get("/outbox").get_data(as_text=True)


@pytest.mark.parametrize("change", [{"demo": False}, {"mailer": "smtp+insecure://127.0.0.1:2525"}])
def test_there_is_no_outbox_elsewhere(
    sqlite_url: str, clock: MovableClock, key_pair: tuple[str, str], tmp_path: Path, change: dict[str, Any]
) -> None:
    postbox = Postbox(make_config(sqlite_url, key_pair[1], tmp_path, **change), clock)
    assert browser_of(postbox, key_pair[0], "administrator").get("/outbox").status_code == 404
    postbox.close()
