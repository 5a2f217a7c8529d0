"""V13.4: nothing of development is left on."""

from typing import Any

from shared.service import Service
from tests.architecture.security.parts import token_on
from tests.architecture.world import World


def test_demonstration_doors_are_shut(world: World) -> None:
    applications, notifications = world.assembly.applications, world.assembly.notifications
    client = applications.web.test_client()
    token = token_on(client, "/sign-in")
    entered = client.post(f"/demo/sign-in/{world.people['staff']}", data={"csrf_token": token})
    assert entered.status_code == 404 and "hearth-session" not in str(entered.headers)
    assert client.get("/assets/style-guide").status_code == 404
    assert notifications.web.test_client().get("/outbox").status_code == 404


def test_no_route_answers_trace_or_debuggers(service: Service[Any]) -> None:
    client = service.web.test_client()
    assert client.open("/", method="TRACE").status_code in {404, 405}
    for path in ("/console", "/?__debugger__=yes&cmd=resource&f=style.css", f"/{service.name}/api/swagger-ui"):
        answer = client.get(path)
        assert answer.status_code in {200, 404} and "werkzeug" not in answer.text.lower()
