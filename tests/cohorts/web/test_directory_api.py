"""The directory of help by API: as a table, looked at before it is kept."""

from typing import Any

from shared.web.identity import Identity, sign
from tests.cohorts.programme import Programme

HERE = "/cohorts/api/v1/directory"
TABLE = "title,topic,owner_name,phone,link\nNight line,Housing,Sam,0800 1,\nBad,Housing,Sam,,javascript:1\n"


def test_a_table_is_looked_at_kept_and_given_out(programme: Programme) -> None:
    identity = Identity(programme.person("staff"), "Sam", frozenset({"staff"}), "s")
    headers = {"Authorization": f"Bearer {sign(identity, programme._private_key, programme.clock())}"}
    client = programme.service.web.test_client()

    def send(**body: Any) -> Any:
        return client.post(f"{HERE}/table", json=body, headers=headers)

    looked = send(csv=TABLE, dry_run=True)
    assert looked.status_code == 200
    assert looked.json["added"] == ["Night line"] and looked.json["bad"][0]["line"] == 3
    assert client.get(HERE).json["items"] == []
    assert send(csv=TABLE).json == looked.json
    assert send(csv=TABLE).json["same"] == 1
    assert "Night line" in client.get(f"{HERE}/table", headers=headers).text
    assert send(csv="nothing").status_code == 422
