"""The editor of priority rules, without script: from the rules in force to a version that scored everybody."""

import io
import json
import re
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.applications.domain.samples.files import rules_definition
from shared.schedule import Schedule
from shared.web.identity import Identity, sign
from tests.applications.parts import PRIVATE, SLUG, Applications, form_in
from tests.applications.sent import send


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: what these pages store is tested on both databases with its use cases."""
    return sqlite_url


@pytest.fixture
def rules(client: FlaskClient, open_round: Any, sign_in: Any) -> str:
    """The address of the rules, for somebody on the staff."""
    sign_in("staff", "administrator")
    return f"/staff/rounds/{open_round.id}/rules"


def _begin(client: FlaskClient, rules: str) -> str:
    assert press(client, rules, f"{rules}/draft", do="begin").location == f"{rules}/draft"
    return f"{rules}/draft"


def press(client: FlaskClient, page: str, to: str, **typed: Any) -> TestResponse:
    """Fill in the form of a page that posts to `to`, and send it; `do` is its button."""
    button = {"action": typed.pop("do")} if "do" in typed else {}
    return client.post(to, data={**form_in(_text(client, page), to), **typed, **button})


def _text(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def _definition(client: FlaskClient, rules: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_text(client, f"{rules}/draft?format=yaml"))
    return found


def test_a_changed_rule_is_published_and_scores_everybody(
    service: Applications, client: FlaskClient, rules: str
) -> None:
    send(service, "a@example.org")
    draft = _begin(client, rules)
    saved = press(client, f"{draft}/rules/2", f"{draft}/rules/2", points="7", do="save", values=["london", "wales"])
    assert saved.location == draft
    assert _definition(client, rules)["rules"][2]["none_of"] == ["london", "wales"]
    unsaid = press(client, f"{rules}/publish", f"{rules}/publish", reason="  ")
    assert unsaid.status_code == 422
    assert "Write why" in unsaid.get_data(as_text=True)
    assert press(client, f"{rules}/publish", f"{rules}/publish", reason="Wales is served already.").location == rules
    assert "Version 2 is on its way" in _text(client, rules)
    clock = Schedule(service.units, service.due_handlers)
    while clock.run_next():
        pass
    assert "In force: version 2" in _text(client, rules)
    public = _text(client, f"/rounds/{SLUG}/priorities")
    assert "Wales is served already." in public
    assert "The first version." in public


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(client: FlaskClient, rules: str) -> None:
    draft = _begin(client, rules)
    page = press(client, f"{draft}/rules/0", f"{draft}/rules/0", when='no_such == "yes"', points="many", do="save")
    text = page.get_data(as_text=True)
    assert page.status_code == 422
    assert "There is no earlier question called “no_such”" in text
    assert 'href="#when"' in text
    assert 'href="#points"' in text
    assert 'value="many"' in text
    shown = _text(client, draft)
    assert "It cannot be published yet" in shown
    assert "no_such" in shown
    refused = client.post(f"{rules}/publish", data={**form_in(_text(client, rules), f"{rules}/publish"), "what": ""})
    assert refused.status_code in (409, 422)


@pytest.mark.parametrize("kind", ["choice", "bands", "list", "condition"])
def test_each_kind_can_be_added_filled_in_moved_and_taken_away(client: FlaskClient, rules: str, kind: str) -> None:
    draft = _begin(client, rules)
    added = press(client, draft, f"{draft}/rules", do="add", kind=kind)
    assert added.location == f"{draft}/rules/4?new=1"
    address = f"{draft}/rules/4"
    filled: dict[str, dict[str, Any]] = {
        "choice": {"question": "leadership_training", "points-never": "3", "offered": ["never", "short"]},
        "bands": {"question": "organisation_income", "below-0": "£50,000", "points-0": "4", "points-1": "1"},
        "list": {"question": "role", "mode": "any_of", "values": ["founder"], "points": "2"},
        "condition": {"when": 'role == "founder"', "points": "2"},
    }
    values = {"label-en": "New one", "id": "new_one", "do": "save", **filled[kind]}
    assert press(client, address, address, **values).status_code in (200, 303)
    if kind in ("choice", "list", "bands"):
        assert press(client, address, address, **values).location == draft
    rule = _definition(client, rules)["rules"][4]
    assert rule["id"] == "new_one"
    assert "cannot be published" not in _text(client, draft)
    revision = form_in(_text(client, draft), f"{draft}/rules")["revision"]
    fields = {**form_in(_text(client, draft), f"{draft}/rules"), "place": "4", "revision": revision}
    assert client.post(f"{draft}/rules", data={**fields, "action": "up"}).status_code == 303
    assert _definition(client, rules)["rules"][3]["id"] == "new_one"
    fields["revision"] = form_in(_text(client, draft), f"{draft}/rules")["revision"]
    assert client.post(f"{draft}/rules", data={**fields, "place": "3", "action": "remove"}).status_code == 303
    assert _definition(client, rules)["rules"] == rules_definition()["rules"]


def test_a_condition_is_put_together_from_lists(client: FlaskClient, rules: str) -> None:
    draft = _begin(client, rules)
    parts = {"part-join": "or", "part-name": "organisation_income", "part-how": "<", "part-value": "£5,000"}
    page = press(client, f"{draft}/rules/0", f"{draft}/rules/0", do="add-part", **parts)
    assert page.status_code == 200
    assert _definition(client, rules)["rules"][0]["when"] == (
        '(lived_experience_direct == "yes" and lived_experience_activated == "yes") or organisation_income < 5000'
    )


def test_somebody_elses_change_is_not_overwritten_and_what_was_typed_stays(client: FlaskClient, rules: str) -> None:
    draft = _begin(client, rules)
    old = form_in(_text(client, f"{draft}/rules/2"), f"{draft}/rules/2")
    press(client, f"{draft}/rules/3", f"{draft}/rules/3", do="save", **{"label-en": "Theirs"})
    mine = client.post(f"{draft}/rules/2", data={**old, "label-en": "Mine", "action": "save", "values": ["london"]})
    assert mine.status_code == 409
    assert 'value="Mine"' in mine.get_data(as_text=True)
    labels = [rule["label"]["en"] for rule in _definition(client, rules)["rules"]]
    assert "Theirs" in labels
    assert "Mine" not in labels


def test_caps_and_the_tie_rule_are_kept_and_checked(client: FlaskClient, rules: str) -> None:
    draft = _begin(client, rules)
    address = f"{draft}/settings"
    fields = {
        "cap-0-label": "Small and far",
        "cap-0-at-most": "30",
        "cap-0-rules": ["organisation_size", "outside_london"],
        "whole-label": "All together",
        "whole-at-most": "90",
        "then": "lottery",
    }
    page = press(client, address, address, **fields)
    assert page.status_code == 422
    assert "A lottery needs a published seed" in page.get_data(as_text=True)
    assert press(client, address, address, **fields, seed="draw of 1 March").location == draft
    found = _definition(client, rules)
    assert found["caps"][0]["rules"] == ["organisation_size", "outside_london"]
    assert found["cap"]["at_most"] == 90
    assert found["tie"]["seed"] == "draw of 1 March"
    assert "cannot be published" not in _text(client, draft)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("rules: [", "Look at line"),
        ("just words", "These are not rules"),
        ("rules: {a: 1}", "must be a list"),
        ("a: &x [1]\nb: *x", "Write out what"),
        ("\x00\x01", "not readable"),
        ("rules: [.inf]", "not readable"),
    ],
)
def test_a_file_that_will_not_do_is_refused_with_the_reason(
    client: FlaskClient, rules: str, written: str, said: str
) -> None:
    fields = form_in(_text(client, rules), f"{rules}/draft")
    data = {**fields, "action": "import", "file": (io.BytesIO(written.encode()), "rules.yaml")}
    answer = client.post(f"{rules}/draft", data=data)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_what_is_exported_can_be_imported(client: FlaskClient, rules: str, ending: str) -> None:
    answer = client.get(f"{rules}/versions/1?format={ending}")
    assert f"{SLUG}-rules-1.{ending}" in answer.headers["Content-Disposition"]
    fields = form_in(_text(client, rules), f"{rules}/draft")
    data = {**fields, "action": "import", "file": (io.BytesIO(answer.data), f"rules.{ending}")}
    assert client.post(f"{rules}/draft", data=data).location == f"{rules}/draft"
    assert _definition(client, rules) == json.loads(json.dumps(rules_definition()))


def test_what_if_shows_both_sides_and_stores_nothing(service: Applications, client: FlaskClient, rules: str) -> None:
    for number in range(3):
        send(service, f"a{number}@example.org", organisation_postcode="SE1" if number else "LS1")
    before = client.get(f"{rules}/versions/1?format=json").data
    page = _text(client, f"{rules}/what-if?p-outside_london=0&places=2")
    assert "1</dd>" in page
    assert "have another score" in page
    assert "100 → 80" in page or "share the last rank" in page
    assert client.get(f"{rules}/what-if?p-outside_london=lots").status_code == 422
    assert client.get(f"{rules}/what-if?places=0").status_code == 422
    assert client.get(f"{rules}/draft").status_code == 404
    assert client.get(f"{rules}/versions/1?format=json").data == before
    page = _text(client, f"{rules}/what-if?p-outside_london=5")
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[-1]
    kept = client.post(f"{rules}/what-if", data={"csrf_token": token, "p-outside_london": "5"})
    assert kept.location == f"{rules}/draft"
    assert _definition(client, rules)["rules"][2]["points"] == 5


def test_applicants_read_their_breakdown_only_if_the_round_says_so(
    service: Applications, client: FlaskClient, rules: str
) -> None:
    application = send(service, "a@example.org")
    with service.units.begin(write=False) as uow:
        who = uow.applications.get(application).person_id
    reader = service.web.test_client()
    reader.set_cookie("hearth-identity", _identity(service, who))
    assert "line by line" in _text(reader, f"/applications/{application}")
    fields = {name: value for name, value in form_in(_text(client, rules), f"{rules}/shown").items() if name != "shown"}
    client.post(f"{rules}/shown", data=fields)
    assert "line by line" not in _text(reader, f"/applications/{application}")
    assert re.search(r"Priority score: \d+", _text(client, f"/staff/applications/{application}"))


def _identity(service: Applications, who: Any) -> str:
    return sign(Identity(who, "Noor", frozenset({"applicant"}), "test", frozenset()), PRIVATE, service.clock())
