"""Reports as mail servers send them, for tests of what is made of them."""

from services.notifications.domain.signing import return_path
from services.notifications.storage.tables import MessageRow
from tests.notifications.postbox import Postbox

BOUNCES = "bounces@example.org"


def path_of(postbox: Postbox, row: MessageRow) -> str:
    """The return path that this message went out with."""
    return return_path(postbox.config.secret_key, BOUNCES, row.id)


def dsn(to: str, action: str = "failed", status: str = "5.1.1", diagnostic: str = "", number: int = 1) -> bytes:
    """A delivery status in the form of RFC 3464."""
    said = f"Diagnostic-Code: smtp; {diagnostic}\r\n" if diagnostic else ""
    return f"""From: MAILER-DAEMON@mx.example.net\r
To: {to}\r
Message-ID: <report-{number}@mx.example.net>\r
Subject: Delivery report\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
It did not work.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example.net\r
\r
Final-Recipient: rfc822; p@example.net\r
Action: {action}\r
Status: {status}\r
{said}\r
--b--\r
""".encode()


def complaint(to: str, message_id: str, kind: str = "abuse") -> bytes:
    """A complaint in the form of RFC 5965."""
    return f"""From: feedback@mail.example.net\r
To: {to}\r
Message-ID: <complaint-1@mail.example.net>\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
A complaint.\r
--b\r
Content-Type: message/feedback-report\r
\r
Feedback-Type: {kind}\r
User-Agent: Loop/1\r
Version: 1\r
\r
--b\r
Content-Type: message/rfc822\r
\r
From: hearth@example.org\r
Message-ID: {message_id}\r
Subject: Digest\r
\r
Hello\r
--b--\r
""".encode()


QMAIL = b"""From: MAILER-DAEMON@mx.example.net (Mail Delivery System)\r
To: %(to)s\r
Message-ID: <old-1@mx.example.net>\r
Subject: Undelivered Mail Returned to Sender\r
Content-Type: text/plain\r
\r
Hi. This is the qmail-send program at mx.example.net.\r
I'm afraid I wasn't able to deliver your message to the following addresses.\r
This is a permanent error; I've given up. Sorry it didn't work out.\r
\r
<p@example.net>:\r
192.0.2.1 does not like recipient.\r
Remote host said: 550 no such user\r
Giving up on 192.0.2.1.\r
\r
--- Below this line is a copy of the message.\r
\r
Subject: hello\r
"""
