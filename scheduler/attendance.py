"""the service at work → whoever keeps it running: vital signs, figures, one line for systemd, and word when a person is needed.

Everything that may wait for a disk or a server runs in a thread; the loop only looks at what came of it.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta

from cases.errors import StoreError
from cases.ledger import Run
from digests.channels import Channel
from digests.delivery import Sending
from scheduler.alarm import Alarm
from scheduler.assembly import Watch, present
from scheduler.crawls import Crawls
from scheduler.deadman import ping
from scheduler.health import Pulse
from scheduler.memory import GIVE_BACK_EVERY, give_back
from scheduler.metrics import Metrics
from scheduler.supervisor import notify
from scheduler.timetable import Timetable
from scheduler.troubles import Standing, troubles
from scheduler.vitals import MEASURE_EVERY, measured

log = logging.getLogger(__name__)

ATTEND_EVERY = timedelta(minutes=1)


class Attendance:
    """Watches over the service that it is part of. Use it on one running loop."""

    def __init__(self, watch: Watch, channels: Mapping[str, Channel]) -> None:
        self._watch = watch
        self.pulse = Pulse(present)
        self.crawls: Crawls | None = None
        """Set once there are some."""
        self._alarm = Alarm(watch.store, watch.settings.operator, channels)
        self._digest_failures: dict[str, str] = {}
        self._failing = 0
        self.metrics = Metrics(
            watch.store,
            clock=present,
            tick_age_s=lambda: self.pulse.tick_age_s,
            crawls_running=self._visits_under_way,
            pages_waiting=lambda: 0 if self.crawls is None else self.crawls.pages_waiting,
            vitals=lambda: self.pulse.vitals,
        )

    def attend(self, timetable: Timetable) -> None:
        """Begin to look, again and again."""
        timetable.every(MEASURE_EVERY, "vital signs", self._measure)
        timetable.every(ATTEND_EVERY, "attendance", self._look)
        timetable.every(GIVE_BACK_EVERY, "memory", self._give_back)

    def visited(self, run: Run) -> None:
        """Count a visit."""
        self.metrics.visited(run)

    def digest_failed(self, why: str) -> None:
        """Note that digests could not be made."""
        self._digest_failures = {"": why}

    async def digests_made(self, sendings: Mapping[str, Sending]) -> None:
        """Note what was made, and give a sign elsewhere when every message of it went out."""
        self._digest_failures = {}
        variable = self._watch.settings.operator.ping_url_env
        if variable and sendings and not any(sending.errors for sending in sendings.values()):
            await asyncio.to_thread(ping, variable)

    async def _give_back(self) -> None:
        """Keep no more memory than is used."""
        await asyncio.to_thread(give_back)

    async def _measure(self) -> None:
        """Measure, and say in one line how the service is."""
        before = self.pulse.vitals
        self.pulse.vitals = vitals = await asyncio.to_thread(
            measured, self._watch.store, self._watch.settings, present()
        )
        faults = vitals.faults(present())
        if before is not None and faults.keys() != before.faults(before.at).keys():
            log.error("not ready: %s", "; ".join(faults.values())) if faults else log.warning("ready again")
        notify(f"STATUS={self._status(faults)}")

    async def _look(self) -> None:
        """Tell the operator what began and what ended."""
        standing = await asyncio.to_thread(self._standing)
        self._failing = sum(one.failing for one in standing.sources)
        settings = self._watch.settings
        found = troubles(
            standing,
            now=present(),
            patience=timedelta(days=settings.operator.source_fails_days),
            least_free=settings.service.least_free_mb * 1_000_000,
            open_keys=self._alarm.open_keys,
        )
        await asyncio.to_thread(self._alarm.tell, found, present())

    def _standing(self) -> Standing:
        store, vitals = self._watch.store, self.pulse.vitals
        try:
            sources, unsettled = store.sources.status(present()), store.deliveries.unsettled()
        except StoreError as fault:
            if vitals is None or vitals.store_fault is None:
                log.debug("the store could not be asked how everything stands: %s", fault)
            return Standing(vitals=vitals, digest_failures=dict(self._digest_failures))
        return Standing(
            sources=tuple(sources),
            unsettled=tuple(unsettled),
            vitals=vitals,
            digest_failures=dict(self._digest_failures),
        )

    def _visits_under_way(self) -> int:
        return 0 if self.crawls is None else len(self.crawls.running)

    def _status(self, faults: Mapping[str, str]) -> str:
        """Say how the service is, as ``systemctl status`` shows it."""
        if faults:
            return f"not ready: {'; '.join(faults.values())}"
        watched = sum(source.enabled for source in self._watch.sources.values())
        failing = f", {self._failing} of them fail" if self._failing else ""
        return f"watching {watched} sources{failing}; {self._visits_under_way()} visits under way"
