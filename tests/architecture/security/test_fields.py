"""V15.3: only what is named goes in."""

from typing import Any

from shared.service import Service
from tests.architecture.world import World


def test_unknown_fields_are_refused_by_name(world: World, service: Service[Any]) -> None:
    document = service.web.test_client().get(f"/{service.name}/api/openapi.json").json
    changes = [
        (path, method)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and "application/json" in operation.get("requestBody", {}).get("content", {})
    ]
    assert changes or service.name == "notifications"
    before = world.contents(service)
    for path, method in changes:
        body = {"is_admin": True, "roles": ["administrator"], "person_id": str(world.people["staff"])}
        answer = service.web.test_client().open(
            path.format(**world.ids), method=method.upper(), json=body, headers=world.bearer() | {"If-Match": '"1"'}
        )
        assert answer.status_code == 422, (path, method, answer.status_code)
        assert {"is_admin", "roles", "person_id"} <= set(answer.json["errors"]), (path, answer.json)
    assert world.contents(service) == before
