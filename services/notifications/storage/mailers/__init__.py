"""Outward adapters for sending: an SMTP server, or a folder of files that stands in for one.

`open_mailer(address)` makes the one that a setting names.
"""

from collections.abc import Collection

from services.notifications.storage.mailers.address import FolderAddress, parse_address
from services.notifications.storage.mailers.folder import FolderMailer
from services.notifications.storage.mailers.protocol import Mailer
from services.notifications.storage.mailers.session import Timeouts
from services.notifications.storage.mailers.smtp import SmtpMailer

__all__ = ["Mailer", "Timeouts", "open_mailer"]


def open_mailer(text: str, *, insecure_hosts: Collection[str] = (), timeouts: Timeouts | None = None) -> Mailer:
    """The mailer for `smtps://user:password@host:465`, `smtp+starttls://…`, `smtp+insecure://…` or `folder:/path`.

    Nothing is connected yet. Raises Invalid for an address that is wrong or not safe.
    """
    address = parse_address(text, insecure_hosts)
    if isinstance(address, FolderAddress):
        return FolderMailer(address.folder)
    return SmtpMailer(address, timeouts=timeouts)
