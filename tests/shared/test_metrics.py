"""Figures of one service do not mix with another's, and say what waits."""

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from shared.ids import new_id
from shared.messaging.backlog import read_backlog
from shared.metrics import Metrics
from shared.worker import EmbeddedBroker
from tests.shared.messaging.toy import Ignored, Toy, happened


def figures(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Sample name and label values -> value."""
    text, kind = metrics.render()
    assert kind.startswith("text/plain")
    families = text_string_to_metric_families(text.decode())
    return {(s.name, *(v for _, v in sorted(s.labels.items()))): s.value for f in families for s in f.samples}


def test_what_was_published_handled_and_parked_is_counted(tmp_path: Path) -> None:
    toy = Toy("toy", f"sqlite:///{tmp_path}/toy.sqlite3")
    toy.trouble = lambda _unit, event: 1 / 0 if event.number == 2 else None
    service = toy.service()
    service.metrics.watch(lambda: read_backlog(toy.engine, toy.clock()))
    service.metrics.watch(lambda: read_backlog(toy.engine, toy.clock()))
    toy.publish(*happened(new_id(), 1), *happened(new_id(), 2), Ignored(thing_id=new_id()))
    toy.insert_raw("{}")
    before = figures(service.metrics)
    assert before["hearth_outbox_events",] == 4
    EmbeddedBroker([service]).run_until_idle()
    after = figures(service.metrics)
    assert after["hearth_events_consumed_total", "done", "toy.happened"] == 1
    assert after["hearth_events_consumed_total", "parked", "toy.happened"] == 1
    assert after["hearth_events_consumed_total", "parked", "unknown"] == 1
    assert after["hearth_events_consumed_total", "retry", "toy.happened"] == 3
    assert after["hearth_outbox_events",] == after["hearth_outbox_unroutable",] == 1
    assert after["hearth_dead_letters",] == 2 and after["hearth_database_up",] == 1
    assert after["hearth_handler_seconds_count", "toy.happened"] > 0
    assert ("hearth_events_consumed_total", "done", "toy.happened") not in figures(Metrics())
    toy.engine.dispose()


def test_a_database_that_is_away_does_not_take_the_page_with_it() -> None:
    metrics = Metrics()
    metrics.watch(lambda: 1 / 0)
    assert figures(metrics)["hearth_database_up",] == 0


def test_requests_are_counted_by_route() -> None:
    metrics = Metrics()
    metrics.request("GET", "/apply/<id>", 200, 0.2)
    assert figures(metrics)["hearth_http_request_seconds_count", "GET", "/apply/<id>", "200"] == 1
