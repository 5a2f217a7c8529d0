"""Redirects stay on this site."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.web.redirects import local_path


@pytest.mark.parametrize("path", ["/", "/account", "/apply/round?x=1&y=/a//b#top", "/مرحبا", "/a:b", "/a@b"])
def test_paths_of_this_site_are_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "account",
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n//evil.example",
        "/a\r\nSet-Cookie: x=1",
        "/a\0b",
        " //evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "/a\\b",
        "/\x7f/evil.example",
    ],
)
def test_everything_else_is_not(target: str | None) -> None:
    assert local_path(target, "/home") == "/home"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="/\\.:@?#\t\n aé", max_size=12))
def test_what_is_kept_begins_with_one_slash(target: str) -> None:
    kept = local_path(target, "/home")
    assert kept.startswith("/") and not kept.startswith(("//", "/\\"))
    assert not any(character in kept for character in "\\\t\n\r")
