"""The SMTP mailer against a server that misbehaves in every way a server can."""

import datetime
import ipaddress
import itertools
import ssl
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.notifications.domain.outcomes import Outcome, Phase, Result
from services.notifications.storage.mailers.address import Security, SmtpAddress
from services.notifications.storage.mailers.session import Timeouts, stuffed
from services.notifications.storage.mailers.smtp import SmtpMailer
from tests.chaotic_smtp import Chaos, ChaoticServer
from tests.servers.processes import free_ports

MESSAGE = b"Subject: hello\r\n\r\nOne line.\r\n.A line with a dot.\r\n"
SHORT = Timeouts(connect=0.5, command=0.5, final_dot=0.5)


def mailer(port: int, security: Security = Security.NONE, **more: object) -> SmtpMailer:
    address = SmtpAddress(
        "127.0.0.1", port, security, more.pop("user", None), more.pop("password", None)  # type: ignore[arg-type]
    )  # fmt: skip
    return SmtpMailer(address, helo="test.invalid", **{"timeouts": Timeouts(5, 5, 5), **more})  # type: ignore[arg-type]


class Dots:
    """Counts the calls just before the final dot, and what the server had taken by then."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def send(sender: SmtpMailer, to: str = "amal@example.org", message: bytes = MESSAGE) -> tuple[Outcome, int]:
    dots = Dots()
    return sender.send("bounce@hearth.example", to, message, on_final_dot=dots), dots.count


def test_takes_a_message_whole_with_its_dots() -> None:
    with ChaoticServer() as server:
        outcome, dots = send(mailer(server.port))
    assert (outcome.result, outcome.phase, outcome.code, outcome.enhanced) == (
        Result.SENT, Phase.ACCEPTED, 250, "2.0.0",
    )  # fmt: skip
    assert dots == 1
    assert [(taken.envelope_from, taken.recipients, taken.data) for taken in server.accepted] == [
        ("bounce@hearth.example", ("amal@example.org",), MESSAGE)
    ]


@pytest.mark.parametrize(
    ("chaos", "code"),
    [
        (Chaos.REFUSE_GREETING, 554),
        (Chaos.BUSY_GREETING, 421),
        (Chaos.GARBAGE_GREETING, None),
        (Chaos.DROP_GREETING, None),
        (Chaos.SILENT_GREETING, None),
    ],
)
def test_a_bad_greeting_is_not_about_the_message(chaos: Chaos, code: int | None) -> None:
    with ChaoticServer(greetings=[chaos]) as server:
        sender = mailer(server.port, timeouts=SHORT)
        outcome, dots = send(sender)
        assert (outcome.result, outcome.code, dots) == (Result.NOT_SENT, code, 0)
        assert outcome.phase <= Phase.GREETING  # a reset may be seen while connecting
        assert send(sender)[0].result is Result.SENT


def test_nobody_listens() -> None:
    with ChaoticServer() as server:
        port = server.port
    outcome, dots = send(mailer(port))
    assert (outcome.result, outcome.phase, dots) == (Result.NOT_SENT, Phase.CONNECT, 0)


@pytest.mark.parametrize(
    ("chaos", "result", "phase", "code"),
    [
        (Chaos.CLOSE_421_AT_MAIL, Result.DEFERRED, Phase.MAIL, 421),
        (Chaos.DROP_AT_MAIL, Result.NOT_SENT, Phase.MAIL, None),
        (Chaos.SIGN_IN_FIRST, Result.NOT_SENT, Phase.MAIL, 530),
        (Chaos.GARBAGE_AT_RCPT, Result.NOT_SENT, Phase.RCPT, None),
        (Chaos.DEFER_AT_DATA, Result.DEFERRED, Phase.DATA, 452),
        (Chaos.SILENT_AT_DATA, Result.NOT_SENT, Phase.DATA, None),
    ],
)
def test_trouble_before_the_message_is_never_unknown(
    chaos: Chaos, result: Result, phase: Phase, code: int | None
) -> None:
    with ChaoticServer(messages=[chaos]) as server:
        sender = mailer(server.port, timeouts=SHORT)
        outcome, dots = send(sender)
        assert (outcome.result, outcome.phase, outcome.code, dots) == (result, phase, code, 0)
        assert send(sender)[0].result is Result.SENT
        assert len(server.accepted) == 1


def test_dropped_in_the_middle_of_the_message_is_not_sent() -> None:
    big = b"Subject: more than any buffer holds\r\n\r\n" + (b"x" * 998 + b"\r\n") * 20_000
    with ChaoticServer(messages=[Chaos.DROP_BEFORE_DOT]) as server:
        outcome, dots = send(mailer(server.port), message=big)
    assert (outcome.result, outcome.phase, dots) == (Result.NOT_SENT, Phase.DATA, 0)
    assert server.accepted == []


@pytest.mark.parametrize(
    ("chaos", "taken"),
    [
        (Chaos.DROP_AFTER_TAKING, 1),
        (Chaos.DROP_AFTER_LOSING, 0),
        (Chaos.SILENT_AFTER_TAKING, 1),
        (Chaos.GARBAGE_AFTER_TAKING, 1),
        (Chaos.LONG_LINE_AFTER_TAKING, 1),
    ],
)
def test_no_reply_to_the_final_dot_is_unknown(chaos: Chaos, taken: int) -> None:
    with ChaoticServer(messages=[chaos]) as server:
        sender = mailer(server.port, timeouts=SHORT)
        outcome, dots = send(sender)
        assert (outcome.result, outcome.phase, outcome.code, dots) == (Result.UNKNOWN, Phase.DOT, None, 1)
        assert len(server.accepted) == taken
        assert send(sender)[0].result is Result.SENT


@pytest.mark.parametrize(
    ("chaos", "result", "code", "enhanced"),
    [
        (Chaos.CLOSE_421_AT_DOT, Result.DEFERRED, 421, "4.3.0"),
        (Chaos.DEFER_AT_DOT, Result.DEFERRED, 450, "4.2.0"),
        (Chaos.REFUSE_AT_DOT, Result.FAILED, 554, "5.7.1"),
    ],
)
def test_a_refusal_of_the_final_dot_counts(chaos: Chaos, result: Result, code: int, enhanced: str) -> None:
    with ChaoticServer(messages=[chaos]) as server:
        sender = mailer(server.port)
        outcome, dots = send(sender)
        assert (outcome.result, outcome.code, outcome.enhanced, dots) == (result, code, enhanced, 1)
        assert send(sender)[0].result is Result.SENT


def test_one_of_two_recipients_refused_leaves_the_other_alone() -> None:
    with ChaoticServer(refused=["gone@example.org"]) as server:
        sender = mailer(server.port)
        outcomes = [send(sender, to)[0] for to in ("gone@example.org", "amal@example.org")]
        assert [(outcome.result, outcome.enhanced) for outcome in outcomes] == [
            (Result.FAILED, "5.1.1"),
            (Result.SENT, "2.0.0"),
        ]
        assert server.connections == 1
        assert [taken.recipients for taken in server.accepted] == [("amal@example.org",)]


def test_a_refusal_stands_when_the_connection_breaks_after_it() -> None:
    with ChaoticServer(refused=["gone@example.org"], messages=[Chaos.DROP_AFTER_REFUSING]) as server:
        outcome, _ = send(mailer(server.port), "gone@example.org")
    assert (outcome.result, outcome.code) == (Result.FAILED, 550)


@pytest.mark.parametrize(
    ("chaos", "result", "phase", "code"),
    [
        (Chaos.CLOSE_421_AT_MAIL, Result.DEFERRED, Phase.MAIL, 421),
        (Chaos.DROP_AT_MAIL, Result.NOT_SENT, Phase.MAIL, None),
        (Chaos.SIGN_IN_FIRST, Result.NOT_SENT, Phase.MAIL, 530),
        (Chaos.GARBAGE_AT_RCPT, Result.NOT_SENT, Phase.RCPT, None),
        (Chaos.DEFER_AT_DATA, Result.DEFERRED, Phase.DATA, 452),
        (Chaos.SILENT_AT_DATA, Result.NOT_SENT, Phase.DATA, None),
        (Chaos.SLOW, Result.SENT, Phase.ACCEPTED, 250),
    ],
)
def test_the_same_from_a_server_that_is_asked_all_at_once(
    chaos: Chaos, result: Result, phase: Phase, code: int | None
) -> None:
    with ChaoticServer(messages=[chaos], pipelining=True) as server:
        sender = mailer(server.port, timeouts=SHORT)
        outcome, dots = send(sender)
        assert (outcome.result, outcome.phase, outcome.code, dots) == (result, phase, code, int(result is Result.SENT))
        assert send(sender)[0].result is Result.SENT
        assert len(server.accepted) == 1 + (result is Result.SENT)


@pytest.mark.parametrize("chaos", [Chaos.NONE, Chaos.DROP_AFTER_REFUSING])
def test_a_refused_recipient_gets_nothing_from_a_server_that_is_asked_all_at_once(chaos: Chaos) -> None:
    with ChaoticServer(refused=["gone@example.org"], messages=[chaos], pipelining=True) as server:
        sender = mailer(server.port, timeouts=SHORT)
        outcome, dots = send(sender, "gone@example.org")
        # A reset may take the refusal away before it is read: then it is tried again later.
        results = {Result.FAILED} if chaos is Chaos.NONE else {Result.FAILED, Result.NOT_SENT}
        assert outcome.result in results and outcome.phase is Phase.RCPT and dots == 0
        assert send(sender)[0].result is Result.SENT
        assert [taken.recipients for taken in server.accepted] == [("amal@example.org",)]


def send_all(sender: SmtpMailer, *people: str) -> list[Outcome]:
    """One after the other, as a sender does it that knows which one follows."""
    following = [*(("bounce@hearth.example", each) for each in people[1:]), None]
    return [
        sender.send("bounce@hearth.example", each, MESSAGE, on_final_dot=Dots(), following=after)
        for each, after in zip(people, following, strict=True)
    ]


PEOPLE = tuple(f"p{number}@example.org" for number in range(5))


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_server_that_is_told_of_the_next_message_takes_each_whole(pipelining: bool) -> None:
    with ChaoticServer(pipelining=pipelining) as server:
        sender = mailer(server.port, per_connection=3)
        assert [each.result for each in send_all(sender, *PEOPLE)] == [Result.SENT] * 5
        sender.close()
        assert [(each.recipients, each.data, each.connection) for each in server.accepted] == [
            ((person,), MESSAGE, number // 3) for number, person in enumerate(PEOPLE)
        ]


@pytest.mark.parametrize(
    ("chaos", "result", "phase", "code"),
    [
        (Chaos.CLOSE_421_AT_MAIL, Result.SENT, Phase.ACCEPTED, 250),
        (Chaos.DROP_AT_MAIL, Result.SENT, Phase.ACCEPTED, 250),
        (Chaos.GARBAGE_AT_RCPT, Result.NOT_SENT, Phase.RCPT, None),
        (Chaos.DEFER_AT_DATA, Result.DEFERRED, Phase.DATA, 452),
        (Chaos.SILENT_AT_DATA, Result.NOT_SENT, Phase.DATA, None),
        (Chaos.DROP_AFTER_TAKING, Result.UNKNOWN, Phase.DOT, None),
        (Chaos.SILENT_AFTER_TAKING, Result.UNKNOWN, Phase.DOT, None),
        (Chaos.DEFER_AT_DOT, Result.DEFERRED, Phase.DOT, 450),
        (Chaos.CLOSE_421_AT_DOT, Result.DEFERRED, Phase.DOT, 421),
        (Chaos.REFUSE_AT_DOT, Result.FAILED, Phase.DOT, 554),
    ],
)
def test_trouble_with_a_message_told_of_before_is_its_own_alone(
    chaos: Chaos, result: Result, phase: Phase, code: int | None
) -> None:
    message = b"Subject: long\r\n\r\n" + b"x" * 70 + b"\r\n"
    with ChaoticServer(messages=[Chaos.NONE, chaos], pipelining=True) as server:
        sender = mailer(server.port, timeouts=SHORT)
        outcomes = []
        for person, after in itertools.pairwise(PEOPLE[:4]):
            route = ("bounce@hearth.example", after)
            outcomes.append(sender.send("bounce@hearth.example", person, message, on_final_dot=Dots(), following=route))
        assert [each.result for each in outcomes] == [Result.SENT, result, Result.SENT]
        assert (outcomes[1].phase, outcomes[1].code) == (phase, code)
        assert len({each.recipients for each in server.accepted}) == len(server.accepted)


def test_a_following_address_that_cannot_be_told_is_no_concern_of_this_message() -> None:
    with ChaoticServer(pipelining=True) as server:
        route = ("bounce@hearth.example", "a b>\r\nDATA")
        sender, dots = mailer(server.port), Dots()
        outcome = sender.send("bounce@hearth.example", PEOPLE[0], MESSAGE, on_final_dot=dots, following=route)
        assert (outcome.result, dots.count, len(server.accepted)) == (Result.SENT, 1, 1)


def test_a_refused_recipient_told_of_before_gets_nothing() -> None:
    with ChaoticServer(refused=[PEOPLE[1]], pipelining=True) as server:
        outcomes = send_all(mailer(server.port, timeouts=SHORT), *PEOPLE[:3])
        assert [each.result for each in outcomes] == [Result.SENT, Result.FAILED, Result.SENT]
        assert [each.recipients for each in server.accepted] == [(PEOPLE[0],), (PEOPLE[2],)]


def test_another_message_than_the_server_was_told_of_goes_to_its_own_reader() -> None:
    with ChaoticServer(pipelining=True) as server:
        sender = mailer(server.port)
        for person in PEOPLE[:2]:
            route = ("bounce@hearth.example", "nobody@example.org")
            outcome = sender.send("bounce@hearth.example", person, MESSAGE, on_final_dot=Dots(), following=route)
            assert outcome.result is Result.SENT
        sender.close()  # and no QUIT, which would be taken for words to nobody@example.org
        assert send(sender, PEOPLE[2])[0].result is Result.SENT
        assert [each.recipients for each in server.accepted] == [(person,) for person in PEOPLE[:3]]
        assert "QUIT" not in server.commands


def test_a_slow_server_is_waited_for() -> None:
    with ChaoticServer(messages=[Chaos.SLOW]) as server:
        outcome, dots = send(mailer(server.port, timeouts=Timeouts(2, 2, 2)))
        assert (outcome.result, dots, len(server.accepted)) == (Result.SENT, 1, 1)


def test_greylisting_defers_once() -> None:
    with ChaoticServer(greylist=True) as server:
        sender = mailer(server.port)
        first, second = send(sender)[0], send(sender)[0]
    assert (first.result, first.code, first.enhanced) == (Result.DEFERRED, 451, "4.7.1")
    assert second.result is Result.SENT


def test_a_connection_is_kept_for_as_many_messages_as_allowed() -> None:
    with ChaoticServer() as server:
        sender = mailer(server.port, per_connection=3)
        assert [send(sender)[0].result for _ in range(7)] == [Result.SENT] * 7
        assert [taken.connection for taken in server.accepted] == [0, 0, 0, 1, 1, 1, 2]


@pytest.mark.parametrize("chaos", [Chaos.CLOSE_421_AT_MAIL, Chaos.DROP_AT_MAIL])
def test_a_kept_connection_that_the_server_ended_is_replaced_at_once(chaos: Chaos) -> None:
    with ChaoticServer(messages=[Chaos.NONE, chaos]) as server:
        sender = mailer(server.port)
        assert [send(sender)[0].result for _ in range(2)] == [Result.SENT, Result.SENT]
        assert server.connections == 2


def test_nothing_is_handed_over_when_the_caller_cannot_note_it() -> None:
    def broken() -> None:
        raise OSError("database is gone")

    with ChaoticServer() as server:
        sender = mailer(server.port)
        with pytest.raises(OSError, match="database is gone"):
            sender.send("b@hearth.example", "amal@example.org", MESSAGE, on_final_dot=broken)
        assert send(sender)[0].result is Result.SENT
        assert len(server.accepted) == 1


def test_a_bad_envelope_address_never_reaches_the_server() -> None:
    with ChaoticServer() as server:
        sender = mailer(server.port)
        for bad in ("a@b.example>\r\nRCPT TO:<c@d.example", "a b@c.example", "ü@example.org"):
            with pytest.raises(ValueError, match="envelope"):
                send(sender, bad)
        assert send(sender)[0].result is Result.SENT
        assert [command for command in server.commands if "d.example" in command] == []


def test_no_message_can_smuggle_another() -> None:
    smuggler = b"Subject: a\n\nhello\n.\nMAIL FROM:<x@y>\r.\rx"
    assert stuffed(smuggler) == b"Subject: a\r\n\r\nhello\r\n..\r\nMAIL FROM:<x@y>\r\n..\r\nx\r\n"
    with ChaoticServer() as server:
        send(mailer(server.port), message=smuggler)
    assert len(server.accepted) == 1


def certificate(folder: Path, *, expired: bool = False) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts for a server on 127.0.0.1 and for a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    end = now - datetime.timedelta(days=1) if expired else now + datetime.timedelta(days=2)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=9))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = built.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(private + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    return server, ssl.create_default_context(cadata=pem.decode())


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.IMPLICIT])
def test_speaks_tls_and_signs_in(security: Security, tmp_path: Path) -> None:
    inside, outside = certificate(tmp_path)
    implicit = security is Security.IMPLICIT
    with ChaoticServer(context=inside, implicit=implicit, sign_in="AGhlYXJ0aABzZWNyZXQ=") as server:
        sender = mailer(server.port, security, user="hearth", password="secret", context=outside)
        assert send(sender)[0].result is Result.SENT
        wrong = mailer(server.port, security, user="hearth", password="wrong", context=outside)
        outcome, dots = send(wrong)
    assert (outcome.result, dots, "wrong" in outcome.text) == (Result.NOT_SENT, 0, False)


def test_no_mail_where_tls_is_missing() -> None:
    with ChaoticServer() as server:
        outcome, dots = send(mailer(server.port, Security.STARTTLS))
        assert (outcome.result, outcome.text, dots) == (Result.NOT_SENT, "the server does not offer TLS", 0)
        assert not any(command.startswith("MAIL") for command in server.commands)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.IMPLICIT])
def test_no_mail_where_the_certificate_is_not_good(security: Security, tmp_path: Path) -> None:
    inside, outside = certificate(tmp_path, expired=True)
    with ChaoticServer(context=inside, implicit=security is Security.IMPLICIT) as server:
        for context in (outside, None):  # expired; not trusted at all
            outcome, dots = send(mailer(server.port, security, context=context))
            assert (outcome.result, dots, "certificate" in outcome.text) == (Result.NOT_SENT, 0, True)
        assert not any(command.startswith("MAIL") for command in server.commands)


class Keep:
    def __init__(self) -> None:
        self.contents: list[bytes] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.contents.append(envelope.content)  # type: ignore[attr-defined]
        return "250 2.0.0 ok"


def test_a_proper_server_takes_a_hundred_messages_over_one_connection() -> None:
    keep = Keep()
    controller = Controller(keep, hostname="127.0.0.1", port=free_ports(1)[0])
    controller.start()
    try:
        sender = mailer(controller.port)
        outcomes = [send(sender)[0].result for _ in range(100)]
        sender.close()
    finally:
        controller.stop(no_assert=True)
    assert outcomes == [Result.SENT] * 100
    assert keep.contents == [MESSAGE] * 100
