"""Tell RabbitMQ what may be tuned: the virtual host, the account's rights, and the policies of policies.json.

`python deploy/rabbitmq/set_up.py`, with RABBITMQ_MANAGEMENT_URL (http://name:password@host:15672) and
HEARTH_BROKER_URL. It uses the management API, asks for up to two minutes until that answers, and can be run again at
any time.
"""

import base64
import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

POLICIES = Path(__file__).with_name("policies.json")
_SECONDS = 120


def main() -> int:
    """Set up the virtual host that HEARTH_BROKER_URL names; 0 when done, 1 with one line when it cannot be."""
    try:
        management, broker = os.environ["RABBITMQ_MANAGEMENT_URL"], os.environ["HEARTH_BROKER_URL"]
    except KeyError as missing:
        print(f"{missing.args[0]}: is not set.", file=sys.stderr)
        return 1
    parts = urlsplit(broker.split(";")[0])
    host, account = quote(unquote(parts.path[1:] or "/"), safe=""), quote(unquote(parts.username or "guest"), safe="")
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    try:
        _patiently(management, f"/vhosts/{host}", {})
        _put(management, f"/permissions/{host}/{account}", everything)
        for name, policy in json.loads(POLICIES.read_text()).items():
            _put(management, f"/policies/{host}/{name}", policy)
    except (OSError, urllib.error.HTTPError) as error:
        print(f"RabbitMQ's management API at {urlsplit(management).hostname}: {error}", file=sys.stderr)
        return 1
    return 0


def _patiently(management: str, path: str, body: dict[str, object]) -> None:
    deadline = time.monotonic() + _SECONDS
    while True:
        try:
            return _put(management, path, body)
        except urllib.error.HTTPError:
            raise
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def _put(management: str, path: str, body: dict[str, object]) -> None:
    parts = urlsplit(management)
    account = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    request = urllib.request.Request(  # noqa: S310 (the operator's own address)
        f"{parts.scheme}://{parts.hostname}:{parts.port}/api{path}",
        method="PUT",
        data=json.dumps(body).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": "Basic " + base64.b64encode(account.encode()).decode(),
        },
    )
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310


if __name__ == "__main__":
    sys.exit(main())
