"""Browsers of people with roles."""

import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from shared.web.identity import Identity, sign
from tests.notifications.postbox import Postbox

Browser = Callable[..., FlaskClient]


def browser_of(postbox: Postbox, private: str, *roles: str) -> FlaskClient:
    """A browser signed in with these roles; with none, nobody's."""
    browser = postbox.service.web.test_client()
    if roles:
        identity = Identity(uuid.uuid4(), "Rhiannon", frozenset(roles), "test", frozenset({"totp"}))
        browser.set_cookie("hearth-identity", sign(identity, private, postbox.clock()))
    return browser


@pytest.fixture
def browser(one_postbox: Postbox, key_pair: tuple[str, str]) -> Browser:
    """Make a browser on SQLite: `browser("staff")`."""
    return lambda *roles: browser_of(one_postbox, key_pair[0], *roles)
