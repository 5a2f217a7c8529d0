"""Figures for Prometheus, in a registry of the service's own, so that three services can share one process."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.messaging.backlog import Backlog

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """One service's figures. Labels never hold anything that a person typed."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._watching = False
        self.published = Counter(
            "hearth_events_published", "Events confirmed and routed.", ["type"], registry=self.registry
        )
        self.unpublished = Counter(
            "hearth_events_unpublished", "Attempts to publish that failed.", ["reason"], registry=self.registry
        )
        self.consumed = Counter(
            "hearth_events_consumed",
            "Deliveries by what became of them: done, repeat, retry, parked.",
            ["type", "outcome"],
            registry=self.registry,
        )
        self.handler_seconds = Histogram(
            "hearth_handler_seconds",
            "Time in an event's or due row's handler.",
            ["type"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.due = Counter("hearth_due_run", "Due rows by outcome.", ["kind", "outcome"], registry=self.registry)
        self._requests = Histogram(
            "hearth_http_request_seconds",
            "Requests by route and status.",
            ["method", "route", "status"],
            buckets=_SECONDS,
            registry=self.registry,
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. `route` is the rule (`/apply/<id>`), never the path that was asked for."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def watch(self, read: Callable[[], Backlog]) -> None:
        """Show what `read` finds waiting in the database, at each scrape; once is enough, more changes nothing."""
        if not self._watching:
            self._watching = True
            self.registry.register(_Waiting(read))

    def render(self) -> tuple[bytes, str]:
        """The page for Prometheus and its content type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST


class _Waiting(Collector):
    def __init__(self, read: Callable[[], Backlog]) -> None:
        self._read = read

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: registering must not open the database."""
        return []

    def collect(self) -> Iterable[Metric]:
        """The gauges; only `hearth_database_up 0` when the database does not answer."""
        try:
            backlog = self._read()
        except Exception:
            yield GaugeMetricFamily("hearth_database_up", "Whether the database answered.", value=0)
            return
        yield GaugeMetricFamily("hearth_database_up", "Whether the database answered.", value=1)
        for name, text, value in (
            ("hearth_outbox_events", "Events that have not left yet.", backlog.outbox),
            ("hearth_outbox_oldest_seconds", "Age of the oldest event that has not left.", backlog.oldest_seconds),
            ("hearth_outbox_unroutable", "Events that nobody listens to.", backlog.unroutable),
            ("hearth_retries_waiting", "Events waiting to be tried again (embedded mode).", backlog.retries),
            ("hearth_dead_letters", "Events parked for an operator.", backlog.parked),
            ("hearth_due_overdue", "Due rows whose time has passed.", backlog.overdue),
            ("hearth_due_failing", "Due rows that failed several times.", backlog.failing),
        ):
            yield GaugeMetricFamily(name, text, value=value)
