"""What the checks of security share: signing in by hand, and the token of a form."""

import re
from typing import Any

from flask.testing import FlaskClient

from shared.service import Service
from tests.applications.parts import code_of

NAMES = ("applications", "cohorts", "notifications")
HTTPS = "https://apply.example.org"


def token_on(client: FlaskClient, page: str, **options: Any) -> str:
    """The token of a page's form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page, **options).text)
    assert found
    return found[1]


def sign_in(service: Service[Any], client: FlaskClient, email: str, base_url: str = "http://localhost") -> Any:
    """By the code in the email; the answer that signs in."""
    options = {"base_url": base_url, "headers": {"Origin": base_url}}
    token = token_on(client, "/sign-in", base_url=base_url)
    sent = client.post("/sign-in", data={"csrf_token": token, "email": email}, **options)
    assert sent.status_code == 303, sent.text
    return client.post("/sign-in/code", data={"csrf_token": token, "code": code_of(service)}, **options)
