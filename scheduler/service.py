"""``returnwatch serve``: one process that crawls when sources are due and sends digests when their turn has come.

    tick (1 s)      claims due and requested sources, starts crawls as tasks that are kept
    digests (20 s)  finds out what became of mail of unknown fate and sends what is due, in a thread: a slow mail server does
                    not stop the clock; then brings the archive and the feeds up to date
    bounces (5 m)   reads what came back, in a thread
    alerts (15 s)   tells at once who may still be helped, in a thread of its own: a long digest does not hold it up
    custody (10 m)  ends embargoes whose day has come, and closes each day in the log of decisions
    stamps (10 m)   asks the configured authorities for time-stamps of closed days; nothing waits for them
    retention (1 d) takes away what is older than [retention] says, in a thread
    silence (1 h)   looks which sources have become quieter than usual, in a thread
    vital signs     (5 s) whether the store answers and can be written, for /readyz, /metrics and systemd's status line
    attendance      (1 min) tells the operator what needs a person, once, and when it is well again
    pages           /healthz, /readyz, /metrics, and for who has the token one-off work, on the local machine; what readers
                    of mail may open, behind a proxy
    watchdog        fed only while the tick is fresh

SIGTERM and SIGINT end it in order: nothing new starts, pages under way are finished and kept, leases are given back; a message
under way is handed over before the process ends.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import timedelta

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from cases.errors import StoreError, WatchError
from cases.ledger import Run
from cases.store import Pruned
from crawler.evidence.timestamps import check_custody
from digests.channels import Channel
from digests.rendering import check_templates
from scheduler.alerting import send_alerts
from scheduler.announcing import Announcer
from scheduler.archiving import Archive
from scheduler.asking import Asking, Board
from scheduler.assembly import Watch, present
from scheduler.attendance import Attendance
from scheduler.crawls import Crawls
from scheduler.digesting import all_channels, send_due, templates_of
from scheduler.feeding import Feeds
from scheduler.gate import Gate, gate_of
from scheduler.health import health_routes
from scheduler.lock import alone
from scheduler.postroom import collect_bounces, public_routes, settle_unknown, take_over
from scheduler.pruning import prune
from scheduler.signals import stop_on_signals
from scheduler.stamping import stamp_days
from scheduler.supervisor import notify, watchdog_interval
from scheduler.timetable import Timetable
from scheduler.webserver import listening
from scheduler.workplace import crawls_here

log = logging.getLogger(__name__)

TICK = timedelta(seconds=1)
DIGESTS = timedelta(seconds=20)
BOUNCES = timedelta(minutes=5)
ALERTS = timedelta(seconds=15)
CUSTODY = timedelta(minutes=10)
SILENCE = timedelta(hours=1)
RETENTION = timedelta(days=1)


async def serve(watch: Watch, slots: int | None = None) -> None:
    """Run until SIGTERM or SIGINT. Raises ConfigError, PluginError and StoreError before anything is started.

    ``slots`` bounds the sites that it crawls at the same time, instead of the configured number; with 0 it leaves them to workers.
    Raises StoreError as well when it finds that it is no longer the only service on its store: whoever runs it starts it again.
    """
    channels = all_channels(watch.settings)
    gate = gate_of(watch.settings)
    board = Board()
    check_templates(templates_of(watch.settings))
    pages = public_routes(watch)
    check_custody(watch.settings.custody)
    with alone(watch.settings.store.captures), watch.store.presence.alone() as holds:
        take_over(watch, now=present())
        announcer = Announcer(log)
        announcer.begin(watch.store.sources.status(present()))
        attendance = Attendance(watch, channels)
        heard = _both(announcer.visited, attendance.visited)
        async with crawls_here(watch, role="service", slots=slots, on_progress=board.note, on_end=heard) as crawls:
            attendance.crawls, crawls.keeps_trying = crawls, True
            service = _Service(
                watch,
                crawls,
                channels=channels,
                announcer=announcer,
                attendance=attendance,
                pages=pages,
                holds=holds,
            )
            service.admit(Asking(watch, board, crawls.start_due), gate)
            await service.run()


class _Service:
    """The running service: what its jobs share."""

    def __init__(
        self,
        watch: Watch,
        crawls: Crawls,
        *,
        channels: Mapping[str, Channel],
        announcer: Announcer,
        attendance: Attendance,
        pages: Sequence[BaseRoute],
        holds: Callable[[], bool],
    ) -> None:
        self._watch, self._crawls, self._channels, self._announcer = watch, crawls, channels, announcer
        self._holds = holds
        self._stop = asyncio.Event()
        self._displaced = False
        self._asking: Asking | None = None
        self._archive, self._feeds = Archive(watch), Feeds(watch)
        self._pages = [*pages, *self._feeds.routes()]
        self._attendance, self._pulse = attendance, attendance.pulse
        self._started_at = present()

    def admit(self, asking: Asking, gate: Gate) -> None:
        """Let programs with the token ask for one-off work."""
        self._asking = asking
        self._pages += asking.routes(gate)

    async def run(self) -> None:
        """Start the clock and the pages, and wait for the order to stop."""
        timetable = Timetable()
        timetable.every(TICK, "tick", self._tick)
        timetable.every(DIGESTS, "digests", self._send_digests)
        timetable.every(BOUNCES, "bounces", self._collect_bounces)
        if any(spec.alerts for spec in self._watch.settings.digests):
            timetable.every(ALERTS, "alerts", self._send_alerts)
        timetable.every(CUSTODY, "custody", self._keep_custody)
        timetable.every(CUSTODY, "stamps", self._stamp_days)
        timetable.every(SILENCE, "silence", self._listen)
        timetable.every(RETENTION, "retention", self._prune)
        self._attendance.attend(timetable)
        if (interval := watchdog_interval()) is not None:
            timetable.every(timedelta(seconds=interval), "watchdog", self._feed_watchdog)
        async with self._web_pages():
            with stop_on_signals(self._stop):
                timetable.start()
                notify("READY=1")
                log.info("watching %d sources", sum(source.enabled for source in self._watch.sources.values()))
                await self._stop.wait()
            self._pulse.stopping = True
            notify("STOPPING=1")
            timetable.stop()
            if self._asking is not None:
                await self._asking.close()
            await self._crawls.stop(self._watch.settings.service.stop_within_s)
        if self._displaced:
            raise StoreError(
                "the service lost its connection to PostgreSQL, and with it the right to send; start it again"
            )

    async def _tick(self) -> None:
        """Start what is due. A store that cannot be written stops that, not the clock: it is tried again at the next tick."""
        try:
            await self._crawls.start_due()
        except StoreError:
            self._pulse.beat()
            raise
        self._pulse.beat()

    async def _send_digests(self) -> None:
        if not await asyncio.to_thread(self._holds):
            self._displaced = True
            self._stop.set()
            return
        try:
            await asyncio.to_thread(settle_unknown, self._watch, self._channels, now=present())
            await self._send_due()
        finally:  # what people hold back leaves the pages, whatever became of the mail
            await asyncio.to_thread(self._archive.keep)
            await asyncio.to_thread(self._feeds.keep, present())

    async def _send_due(self) -> None:
        try:
            made = await asyncio.to_thread(
                send_due, self._watch, self._channels, now=present(), watched_since=self._started_at
            )
        except WatchError as fault:
            self._attendance.digest_failed(str(fault))
            raise
        await self._attendance.digests_made(made)

    async def _collect_bounces(self) -> None:
        await asyncio.to_thread(collect_bounces, self._watch, self._channels, now=present())

    async def _send_alerts(self) -> None:
        await asyncio.to_thread(send_alerts, self._watch, self._channels, now=present())

    async def _keep_custody(self) -> None:
        """Release what people held back until now, and close the days that are over."""
        store, now = self._watch.store, present()
        for case in await asyncio.to_thread(store.rulings.end_embargoes, now):
            log.info("case %s: its embargo ended", case.number)
        for line in await asyncio.to_thread(store.custody.close_days, now):
            log.info("log of decisions: %s closed with %s", line.subject, (line.detail or {}).get("root"))

    async def _stamp_days(self) -> None:
        await stamp_days(self._watch)

    async def _prune(self) -> None:
        """Take away what is older than its limits."""
        pruned = await asyncio.to_thread(prune, self._watch, present())
        if pruned != Pruned():
            log.info("retention: %d texts, %d visits, %d files of captures", pruned.versions, pruned.runs, pruned.files)

    async def _listen(self) -> None:
        """Tell which sources fell silent or publish again."""
        sources = await asyncio.to_thread(self._watch.store.sources.status, present())
        self._announcer.silences({one.name: one.quiet for one in sources if one.quiet is not None})

    async def _feed_watchdog(self) -> None:
        if self._pulse.is_fresh:
            notify("WATCHDOG=1")

    @contextlib.asynccontextmanager
    async def _web_pages(self) -> AsyncIterator[None]:
        service = self._watch.settings.service
        app = Starlette(routes=[*health_routes(self._pulse, self._attendance.metrics.page), *self._pages])
        async with listening(app, service.host, service.port) as address:
            log.info("pages at %s", address)
            yield


def _both(first: Callable[[Run], None], second: Callable[[Run], None]) -> Callable[[Run], None]:
    """Tell two of every visit."""

    def tell(run: Run) -> None:
        first(run)
        second(run)

    return tell
