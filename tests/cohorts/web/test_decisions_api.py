"""Decisions by API say which of them are being looked at again."""

from typing import Any

from shared.contracts.applications import CaseClosed, CaseOpened
from shared.ids import new_id
from shared.web.identity import Identity, sign
from tests.cohorts.programme import Programme

API = "/cohorts/api/v1"


def test_a_case_stands_beside_the_decision_that_it_is_about(programme: Programme) -> None:
    programme.fill(3)
    programme.settle()
    release = programme.release(1, 1)
    identity = Identity(programme.person("staff"), "Sam", frozenset({"staff"}), "s")
    headers = {"Authorization": f"Bearer {sign(identity, programme._private_key, programme.clock())}"}
    client = programme.service.web.test_client()

    def shown() -> dict[str, Any]:
        items = client.get(f"{API}/releases/{release.id}/decisions", headers=headers).json["items"]
        for item in items:
            one = client.get(f"{API}/decisions/{item['id']}", headers=headers).json
            assert one["case"] == item["case"]
        return {item["application_id"]: item["case"] for item in items}

    about = programme.applications[2]
    case: dict[str, Any] = {
        "case_id": new_id(), "kind": "review", "reference": "CASE-1", "round_id": programme.round_id,
        "person_id": new_id(), "application_id": about, "link": "",
    }  # fmt: skip
    assert set(shown().values()) == {None}
    programme.hear(CaseOpened(**case, round_title="", respond_by=programme.clock(), zone="UTC"))
    found = shown()
    assert sum(each is not None for each in found.values()) == 1
    assert (found[str(about)]["kind"], found[str(about)]["closed_at"]) == ("review", None)
    programme.hear(CaseClosed(**case, outcome="upheld", letter="We looked again."))
    assert shown()[str(about)]["outcome"] == "upheld"
