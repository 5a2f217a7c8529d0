"""DKIM: signed so that a verifier agrees, and nobody can change or add a header after it."""

import base64

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from services.notifications.storage.mailers.signing import SigningMailer
from tests.notifications.postbox import SENT, ScriptedMailer

MESSAGE = (
    b"From: Hearth <hearth@example.org>\r\nTo: p@example.net\r\nSubject: Hello\r\n"
    b"Date: Mon, 01 Feb 2027 12:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n\r\nWords.\r\n.dot\r\n"
)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def test_signed_as_a_verifier_expects(key: rsa.RSAPrivateKey) -> None:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    behind = ScriptedMailer()
    mailer = SigningMailer(behind, "s1", "example.org", private)
    assert mailer.send("b@example.org", "p@example.net", MESSAGE, on_final_dot=lambda: None) == SENT
    signed = behind.taken[0].message

    def verified(message: bytes) -> bool:
        found: bool = dkim.verify(message, dnsfunc=lambda name, timeout=5: b"v=DKIM1; k=rsa; p=" + public)
        return found

    assert signed.endswith(MESSAGE) and verified(signed)
    assert not verified(signed.replace(b"Subject: Hello", b"Subject: Hullo"))
    assert not verified(b"Subject: another\r\n" + signed)
    assert not verified(signed.replace(b"Words.", b"Swords."))


def test_a_key_that_cannot_sign_is_found_out_at_the_start() -> None:
    with pytest.raises(ValueError, match="cannot sign"):
        SigningMailer(ScriptedMailer(), "s1", "example.org", b"no key")
