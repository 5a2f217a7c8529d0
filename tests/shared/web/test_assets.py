"""Shared files: found by one name, compressed, kept by browsers as long as they are what was asked for."""

import gzip
from pathlib import Path

import pytest

from shared.errors import NotFound
from shared.web import assets
from tests.shared.web.site import Site


def test_a_file_is_sent_with_its_kind(site: Site) -> None:
    for name, kind in (("hearth.css", "text/css"), ("hearth.js", "text/javascript"), ("favicon.svg", "image/svg+xml")):
        answer = site.client().get(f"/assets/{name}")
        assert answer.mimetype == kind and answer.data == (assets.FOLDER / name).read_bytes()


def test_kinds_that_the_table_lacks_are_never_pages(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    (tmp_path / "x.html").write_text("<script>")
    (tmp_path / "site.webmanifest").write_text("{}")
    assert site.client().get("/assets/x.html").mimetype == "application/octet-stream"
    assert site.client().get("/assets/site.webmanifest").mimetype == "application/manifest+json"


def test_compressed_for_browsers_that_take_it(site: Site) -> None:
    browser, plain = site.client(), (assets.FOLDER / "hearth.css").read_bytes()

    def encoding(accepted: str) -> str:
        answer = browser.get("/assets/hearth.css", headers={"Accept-Encoding": accepted})
        packed = answer.headers.get("Content-Encoding") == "gzip"
        assert (gzip.decompress(answer.data) if packed else answer.data) == plain
        assert answer.headers["Vary"] == "Accept-Encoding"
        return "gzip" if packed else "plain"

    assert encoding("gzip, br") == "gzip"
    assert encoding("") == encoding("br") == encoding("gzip;q=0") == encoding("xgzip") == "plain"


def test_kept_for_a_year_by_its_hash_only(site: Site) -> None:
    with site.service.web.app_context():
        address = assets.address("hearth.css")
    browser = site.client()
    assert "immutable" in browser.get(address).headers["Cache-Control"]
    assert browser.get("/assets/hearth.css?v=old").headers["Cache-Control"] == "no-cache"


def test_unchanged_is_not_sent_again(site: Site) -> None:
    first = site.client().get("/assets/hearth.css")
    again = site.client().get("/assets/hearth.css", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.data == b"" and "Content-Security-Policy" in again.headers
    packed = {"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"}
    assert site.client().get("/assets/hearth.css", headers=packed).status_code == 200


def test_the_address_changes_with_the_content(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    (tmp_path / "a.css").write_text("one")
    before = assets.address("a.css")
    (tmp_path / "b.css").write_text("two")
    assert assets.address("b.css").partition("v=")[2] != before.partition("v=")[2]


def test_a_shared_answer_carries_no_cookie(site: Site) -> None:
    assert "Set-Cookie" not in site.client().get("/assets/hearth.css?language=cy").headers


@pytest.mark.parametrize(
    "name",
    [
        "../assets.py",
        "%2e%2e/assets.py",
        "..%2fassets.py",
        "..%5cassets.py",
        "%2fetc/passwd",
        "./hearth.css",
        "x/../hearth.css",
        "hearth.css/",
        "hearth.css%00.js",
        "a" * 5000,
        "",
        ".",
        "nothing.css",
        "/".join("a" * 200 for _ in range(100)),
    ],
)
def test_nothing_else_is_found(site: Site, name: str) -> None:
    answer = site.client().get(f"/assets/{name}")
    assert answer.status_code == 404 or (answer.status_code == 308 and answer.location.startswith("/assets/"))


@pytest.mark.parametrize("name", ["./hearth.css", "x/../hearth.css", "/etc/passwd", "../assets.py", "\0", "a" * 300])
def test_other_ways_of_writing_a_name_are_not_kept_in_memory(name: str) -> None:
    with pytest.raises(NotFound):
        assets.address(name)


def test_links_out_of_the_folder_lead_nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "way-out.txt").symlink_to(tmp_path / "secret.txt")
    monkeypatch.setattr(assets, "FOLDER", tmp_path / "static")
    with pytest.raises(NotFound):
        assets.address("way-out.txt")
