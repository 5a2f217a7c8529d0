"""Every event that is published has a listener; one without would stay in its outbox for ever."""

from importlib import import_module

from shared.contracts.registry import PUBLISHERS, events_of


def test_every_event_type_has_a_listener() -> None:
    wanted = {cls.NAME for name in PUBLISHERS for cls in import_module(f"services.{name}.consumers").HANDLERS}
    published = {event.NAME for name in PUBLISHERS for event in events_of(name)}
    assert wanted == published


def test_listeners_know_the_newest_version_of_what_they_listen_to() -> None:
    newest = {event.NAME: event for name in PUBLISHERS for event in events_of(name)}
    for name in PUBLISHERS:
        for cls in import_module(f"services.{name}.consumers").HANDLERS:
            assert cls is newest[cls.NAME]
