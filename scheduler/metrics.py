"""an installation at work → figures for Prometheus. No names of people, no addresses, no titles: counts, sizes and ages.

A registry of the service's own; nothing global. What the store is asked for is asked at most every fifteen seconds, however often
somebody scrapes.
"""

import threading
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from importlib.metadata import version

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from cases.errors import StoreError
from cases.ledger import Run, SetAside, SourceStatus
from cases.store import Store, StoreFigures
from scheduler.vitals import Vitals

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ASK_AGAIN_AFTER = timedelta(seconds=15)


_COUNTED = {
    "pages_read": "Pages that were read and judged",
    "pages_timed_out": "Pages whose reading took too long and was ended",
    "requests": "Requests to sites",
}


class Metrics:
    """What a scrape gives. ``visited`` is told of every visit; the callables are asked at each scrape."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime],
        tick_age_s: Callable[[], float | None],
        crawls_running: Callable[[], int],
        pages_waiting: Callable[[], int],
        vitals: Callable[[], Vitals | None],
    ) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._visits: Tally[str] = Tally()
        self._sums = Tally(dict.fromkeys(_COUNTED, 0))
        self._told = _Told(store, clock)
        self._clock, self._tick_age_s, self._vitals = clock, tick_age_s, vitals
        self._crawls_running, self._pages_waiting = crawls_running, pages_waiting
        self._registry.register(_Asked(self._gauges))

    def visited(self, run: Run) -> None:
        """Count one visit."""
        self._visits[run.outcome.value] += run.visits
        self._sums["pages_read"] += run.articles
        self._sums["pages_timed_out"] += run.set_aside.get(SetAside.READING_TIMED_OUT, 0)
        self._sums["requests"] += run.requests

    def page(self) -> bytes:
        """Give everything in Prometheus's text format. Asks the store: not for a running loop."""
        return generate_latest(self._registry)

    def _gauges(self) -> Iterator[Metric]:
        yield _gauge("build_info", "Version of the program", {version("returnwatch"): 1}, label="version")
        yield from self._counters()
        if (age := self._tick_age_s()) is not None:
            yield _gauge("tick_age_seconds", "Since the clock last ticked", age)
        yield _gauge("crawls_running", "Visits under way", self._crawls_running())
        yield _gauge("pages_waiting", "Pages that are being read, or wait for it", self._pages_waiting())
        if (vitals := self._vitals()) is not None:
            yield _gauge(
                "healthy", "1 when store, schema and room are as they must be", not vitals.faults(self._clock())
            )
            free = {room.place: room.free_bytes for room in vitals.rooms}
            yield _gauge("disk_free_bytes", "Room left, by place", free, label="place")
        try:
            sources, figures = self._told.now()
        except StoreError:
            return  # that it does not answer is told above
        yield from _of_sources(sources, self._clock())
        yield from _of_store(figures, self._clock())

    def _counters(self) -> Iterator[Metric]:
        visits = CounterMetricFamily("returnwatch_visits", "Visits to sources, by how they ended", labels=["outcome"])
        for outcome, count in sorted(self._visits.items()):
            visits.add_metric([outcome], count)
        yield visits
        for name, words in _COUNTED.items():
            yield CounterMetricFamily(f"returnwatch_{name}", words, value=self._sums[name])


class _Told:
    """What the store says, remembered for a while; several scrapes at once ask once."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._lock = threading.Lock()
        self._last: tuple[datetime, list[SourceStatus], StoreFigures] | None = None

    def now(self) -> tuple[list[SourceStatus], StoreFigures]:
        now = self._clock()
        with self._lock:
            if self._last is None or now - self._last[0] >= ASK_AGAIN_AFTER:
                self._last = now, self._store.sources.status(now), self._store.figures.now()
            return self._last[1:]


class _Asked(Collector):
    def __init__(self, gauges: Callable[[], Iterator[Metric]]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[Metric]:
        return self._gauges()


def state_of(source: SourceStatus) -> str:
    """Say how a source stands, in one word."""
    if not source.enabled:
        return "disabled"
    if source.failing:
        return "failing"
    if source.last_run is None:
        return "never_visited"
    return "ok" if source.quiet is None else "quiet"


def _of_sources(sources: list[SourceStatus], now: datetime) -> Iterator[Metric]:
    states = dict.fromkeys(("ok", "failing", "quiet", "never_visited", "disabled"), 0)
    for one in sources:
        states[state_of(one)] += 1
    yield _gauge("sources", "Sources by how they stand", states, label="state")
    read = {one.name: (now - one.last_success).total_seconds() for one in sources if one.enabled and one.last_success}
    yield _gauge("source_last_read_seconds", "Since a source that is switched on was last read", read, label="source")
    overdue = [(now - one.next_due).total_seconds() for one in sources if one.enabled and one.next_due is not None]
    yield _gauge("visit_overdue_seconds", "Of the visit that has waited longest", max([0.0, *overdue]))


def _of_store(figures: StoreFigures, now: datetime) -> Iterator[Metric]:
    yield _gauge("articles", "Articles in the store", figures.articles)
    yield _gauge("near_misses", "Articles that came near to being reports", figures.near_misses)
    yield _gauge("cases", "Cases by status", figures.cases, label="status")
    yield _gauge("quarantine_pages", "Pages that could not be read", figures.in_quarantine)
    yield _gauge("store_bytes", "Size of the database", figures.database_bytes)
    yield _gauge("captures_bytes", "Size of the closed files of captures", figures.captures_bytes)
    yield _gauge("outbox_messages", "Messages by state", figures.deliveries, label="state")
    ages = {state: (now - since).total_seconds() for state, since in figures.oldest_delivery.items()}
    yield _gauge(
        "outbox_oldest_seconds", "Age of the oldest message in a state that must not last", ages, label="state"
    )
    made = {name: at.timestamp() for name, at in figures.last_digest.items()}
    yield _gauge("digest_last_timestamp_seconds", "When a digest was made last", made, label="digest")


def _gauge(name: str, words: str, value: float | Mapping[str, float], label: str | None = None) -> Metric:
    family = GaugeMetricFamily(f"returnwatch_{name}", words, labels=None if label is None else [label])
    for key, one in value.items() if isinstance(value, Mapping) else ():
        family.add_metric([key], one)
    if not isinstance(value, Mapping):
        family.add_metric([], value)
    return family
