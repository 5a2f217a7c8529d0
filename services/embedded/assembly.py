"""The three services put together in one process."""

import base64
from dataclasses import dataclass
from typing import Any

from jinja2 import FileSystemBytecodeCache

from services.applications import app as applications
from services.applications.config import Config as ApplicationsConfig
from services.cohorts import app as cohorts
from services.cohorts.config import Config as CohortsConfig
from services.embedded.home import Home
from services.notifications import app as notifications
from services.notifications.config import Config as NotificationsConfig
from services.notifications.config import sender
from shared import migrations
from shared.service import Service
from shared.timekeeping import Clock
from shared.worker import EmbeddedBroker

SENDER = "Leading Together <hello@leading-together.example>"
PROGRAMME = "Leading Together"


@dataclass(frozen=True)
class Assembly:
    """All three, with the broker between them."""

    applications: Service[Any]
    cohorts: Service[Any]
    notifications: Service[Any]
    broker: EmbeddedBroker

    @property
    def services(self) -> tuple[Service[Any], ...]:
        """In the order in which they are started."""
        return self.applications, self.cohorts, self.notifications

    def dispose(self) -> None:
        """Let go of the databases."""
        for service in self.services:
            service.units.engine.dispose()


def assemble(home: Home, public_url: str, clock: Clock, *, demo: bool) -> Assembly:
    """Build and migrate all three."""
    secrets = home.secrets()
    keys = {name: base64.b64decode(key) for name, key in secrets["field_keys"].items()}
    public = secrets["identity_public_key"]
    services = (
        applications.build(
            ApplicationsConfig(
                database_url=home.database_url("applications"),
                public_url=public_url,
                secret_key=secrets["applications"],
                identity_private_key=secrets["identity_private_key"],
                identity_public_key=public,
                field_keys=keys,
                demo=demo,
            ),
            clock,
        ),
        cohorts.build(
            CohortsConfig(
                database_url=home.database_url("cohorts"),
                public_url=public_url,
                secret_key=secrets["cohorts"],
                identity_public_key=public,
                demo=demo,
            ),
            clock,
        ),
        notifications.build(
            NotificationsConfig(
                database_url=home.database_url("notifications"),
                public_url=public_url,
                secret_key=secrets["notifications"],
                identity_public_key=public,
                mailer=f"folder:{home.mail}",
                sender=sender(SENDER),
                programme=PROGRAMME,
                demo=demo,
            ),
            clock,
        ),
    )
    for service in services:
        migrations.upgrade(service.units.engine, service.migrations)
        service.check()
        service.web.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(home.templates))
    return Assembly(*services, EmbeddedBroker(services))
