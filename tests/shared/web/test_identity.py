"""Only our own key makes an identity, for this audience, for five minutes."""

import base64
import hmac
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from shared.web.identity import LIFETIME, Identity, known, sign, verify
from tests.shared.web.site import PERSON, PRIVATE, PUBLIC, START, Site, key_pair

ADA = Identity(PERSON, "Ada Ng", frozenset({"staff", "reviewer"}), "session-1", frozenset({"link", "totp"}))
CLAIMS: dict[str, Any] = {
    "sub": str(PERSON),
    "sid": "s",
    "aud": "hearth",
    "iat": int(START.timestamp()),
    "exp": int((START + LIFETIME).timestamp()),
}


def made(key: Any = PRIVATE, algorithm: str = "EdDSA", **changes: Any) -> str:
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm)


def test_what_was_signed_is_read_back() -> None:
    assert verify(sign(ADA, PRIVATE, START), PUBLIC, START) == (ADA, False)
    assert ADA.has("helper", "staff") and not ADA.has("helper")


def test_it_ends_after_five_minutes_and_says_that_it_was_good() -> None:
    token = sign(ADA, PRIVATE, START)
    assert verify(token, PUBLIC, START + LIFETIME - timedelta(seconds=1))[0] == ADA
    assert verify(token, PUBLIC, START + LIFETIME) == (None, True)


def test_another_key_or_audience_makes_nobody() -> None:
    assert verify(sign(ADA, key_pair()[0], START), PUBLIC, START) == (None, False)
    assert verify(made(aud="another-site"), PUBLIC, START) == (None, False)


def test_an_expired_identity_of_another_key_is_not_worth_renewing() -> None:
    assert verify(sign(ADA, key_pair()[0], START), PUBLIC, START + timedelta(days=1)) == (None, False)


@pytest.mark.parametrize("missing", ["sub", "sid", "aud", "iat", "exp"])
def test_every_claim_is_needed(missing: str) -> None:
    assert verify(made(), PUBLIC, START)[0] is not None
    assert verify(made(**{missing: None}), PUBLIC, START) == (None, False)


@pytest.mark.parametrize("changes", [{"sub": "root"}, {"exp": "soon"}, {"exp": [1]}, {"roles": 7}, {"amr": 7}])
def test_claims_of_the_wrong_kind_make_nobody(changes: dict[str, Any]) -> None:
    assert verify(made(**changes), PUBLIC, START) == (None, False)


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_no_algorithm_and_another_algorithm_make_nobody() -> None:
    assert verify(f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(CLAIMS)}.", PUBLIC, START) == (None, False)
    body = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(CLAIMS)}"
    # The public key is no secret: used as one, it must not open anything.
    mark = base64.urlsafe_b64encode(hmac.digest(PUBLIC.encode(), body.encode(), "sha256")).decode().rstrip("=")
    assert verify(f"{body}.{mark}", PUBLIC, START) == (None, False)


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "\x00", "é.é.é", "eyJ.eyJ.", "a" * 9000])
def test_rubbish_makes_nobody(text: str) -> None:
    assert verify(text, PUBLIC, START) == (None, False)


def test_a_changed_token_makes_nobody() -> None:
    head, _, mark = sign(ADA, PRIVATE, START).split(".")
    forged = _part({**CLAIMS, "roles": ["administrator"]})
    assert verify(f"{head}.{forged}.{mark}", PUBLIC, START) == (None, False)


def test_a_program_is_judged_by_its_token_alone(site: Site) -> None:
    browser = site.client("staff")
    assert browser.get("/toy/staff").status_code == 200
    for header in ("Bearer nonsense", "Bearer  ", "bearer", f"Bearer {sign(ADA, key_pair()[0], START)}"):
        refused = browser.get("/toy/staff", headers={"Authorization": header})
        assert (header, refused.status_code) == (header, 401)
    assert site.client().get("/toy/staff", headers=site.bearer("staff")).status_code == 200


def test_a_token_that_has_ended_is_refused_and_not_sent_round(site: Site) -> None:
    headers = site.bearer("staff")
    site.clock.advance(timedelta(minutes=6))
    ended = site.client().get("/toy/api/v1/things", headers=headers)
    assert ended.status_code == 401 and ended.json["type"] == "urn:hearth:problem:invalid-token"
    assert ended.headers["WWW-Authenticate"] == "Bearer"


def test_basic_authorization_is_not_ours(site: Site) -> None:
    assert site.client("staff").get("/toy/staff", headers={"Authorization": "Basic eDp5"}).status_code == 200


def test_known_is_for_guarded_views_only(site: Site) -> None:
    with site.service.web.test_request_context("/toy/open"), pytest.raises(RuntimeError, match="without an access"):
        known()
