"""Flask's client, used as a browser would: forms carry the token of the page that they are on."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """A signed-in (or anonymous) visitor."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, path: str, status: int = 200, **options: Any) -> str:
        """The page's text; fails unless it answers with `status`."""
        response = self.client.get(path, **options)
        assert response.status_code == status, response.text
        return response.text

    def post(self, page: str, path: str | None = None, status: int = 302, **fields: Any) -> TestResponse:
        """Open `page`, then send `fields` to `path` (or the page itself) with the page's token."""
        # A page without a form has no token; the one of an earlier page is still good, as it is in a browser.
        if found := _TOKEN.search(self.client.get(page).text):
            self._token = found[1]
        data = {"csrf_token": self._token, **fields}
        response = self.client.post(path or page, data=data)
        assert response.status_code == status, response.text
        return response

    def follow(self, response: TestResponse) -> str:
        """The page that an answer leads to."""
        return self.get(response.headers["Location"])
