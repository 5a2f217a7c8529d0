"""The usual shape of sending from a Django project, as a yardstick: everything anew for each message.

A template rendered (compiled once), its CSS inlined, a calendar with its time zone built by the library, a connection
opened, and the row saved twice in the same database: when it is queued, and when it is sent.
"""

import smtplib
from datetime import UTC, datetime, timedelta
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from functools import lru_cache
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import css_inline
from icalendar import Calendar, Event, vCalAddress, vText
from sqlalchemy import Engine as Database
from sqlalchemy import text

from services.notifications.domain.templating.layout import STYLE

try:
    import django
    from django.conf import settings
    from django.core.mail import EmailMultiAlternatives, get_connection
    from django.template import Context, Engine
except ImportError:
    django = None

_PAGE = """<!DOCTYPE html><html><head><style>{style}</style></head><body class="body"><table class="outer"><tr>
<td class="outer-cell"><table class="card"><tr><td class="content"><h1>You are invited</h1><p>Hello {{{{ name }}}},</p>
<p><strong>{{{{ session }}}}</strong></p><p>When: {{{{ when }}}}</p><p>Where: {{{{ place }}}}</p>
<p>We practise saying what we do and why, in our own words.</p></td></tr></table></td></tr></table></body></html>"""


def send_all(port: int, count: int, database: Database) -> None:
    """Send so many invitations to the server at this port."""
    if django is not None and not settings.configured:
        settings.configure(DEFAULT_CHARSET="utf-8")
    _commit(database, "CREATE TABLE IF NOT EXISTS django_message (id VARCHAR(40) PRIMARY KEY, state VARCHAR(20))")
    for number in range(count):
        one(port, database, f"Person {number}", f"p{number}@example.org")


def _commit(database: Database, words: str, **values: str) -> None:
    with database.begin() as connection:
        connection.execute(text(words), values)


def one(port: int, database: Database, name: str, address: str) -> None:
    """One message, from the template to the saved row."""
    key, starts = str(uuid4()), (datetime.now(UTC) + timedelta(days=9)).astimezone(ZoneInfo("Europe/London"))
    _commit(database, "INSERT INTO django_message VALUES (:key, 'queued')", key=key)
    values = {"name": name, "session": "Telling your story", "when": starts.isoformat(), "place": "Room 2"}
    html = css_inline.inline(_rendered(values))
    _send(port, address, html, _calendar(name, address, starts))
    _commit(database, "UPDATE django_message SET state = 'sent' WHERE id = :key", key=key)


def _rendered(values: dict[str, str]) -> str:
    if django is not None:
        return str(_template().render(Context(values)))
    source = _PAGE.format(style=STYLE)
    for name, value in values.items():
        source = source.replace("{{ " + name + " }}", value)
    return source


@lru_cache(maxsize=1)
def _template() -> Any:
    return Engine().from_string(_PAGE.format(style=STYLE))


def _calendar(name: str, address: str, starts: datetime) -> bytes:
    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//shape//")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    event.add("summary", "Telling your story")
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=90))
    event.add("uid", str(uuid4()))
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["cn"] = vText(name)
    event.add("attendee", attendee)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _send(port: int, address: str, html: str, ics: bytes) -> None:
    if django is None:
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.sendmail("hearth@example.org", [address], _standard(address, html, ics))
        return
    backend = "django.core.mail.backends.smtp.EmailBackend"
    connection = get_connection(backend, host="127.0.0.1", port=port, username="", password="", use_tls=False)
    message = EmailMultiAlternatives(
        "You are invited", "You are invited.", "hearth@example.org", [address], connection=connection
    )
    message.attach_alternative(html, "text/html")
    message.attach("invite.ics", ics, "text/calendar")
    message.send()


def _standard(address: str, html: str, ics: bytes) -> bytes:
    whole: Any = MIMEMultipart("mixed")
    whole["Subject"], whole["From"], whole["To"] = "You are invited", "hearth@example.org", address
    alternative = MIMEMultipart("alternative")
    alternative.attach(MIMEText("You are invited.", "plain", "utf-8"))
    alternative.attach(MIMEText(html, "html", "utf-8"))
    whole.attach(alternative)
    part = MIMEBase("text", "calendar")
    part.set_payload(ics.decode())
    whole.attach(part)
    return bytes(whole.as_bytes())
