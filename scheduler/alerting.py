"""window over → alert sent; not acknowledged → further people told. What the service does, and what a person asks for."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from cases.errors import UsageError
from cases.store import Alert
from digests.alerting import Way, escalate, raise_alert
from digests.channels import Channel
from digests.dispatch import Attempt, deliver_due
from scheduler.assembly import Watch
from scheduler.digesting import templates_of

log = logging.getLogger(__name__)

LISTED_FOR = timedelta(days=30)
"""How far back alerts are listed."""


def send_alerts(watch: Watch, channels: Mapping[str, Channel], *, now: datetime) -> tuple[Attempt, ...]:
    """Raise the alerts that are due, tell further people of those that nobody acknowledged, and send what the outbox holds."""
    way = way_of(watch, channels)
    for spec in watch.settings.digests:
        if subject := raise_alert(watch.store, spec, way, now=now):
            log.info("alert of %s: %s", spec.name, subject)
        if further := escalate(watch.store, spec, way, now=now):
            log.warning("alert of %s: nobody acknowledged it, so %d more are told", spec.name, len(further))
    attempts = deliver_due(watch.store, channels, now=now)
    for attempt in attempts:
        if attempt.error:
            log.error("%s", attempt.error)
    return attempts


def way_of(watch: Watch, channels: Mapping[str, Channel]) -> Way:
    """Give what alerts of this installation are worded and sent with."""
    settings = watch.settings
    return Way(
        policy=settings.disclosure.policy(),
        channels=channels,
        templates=templates_of(settings),
        links=settings.web.links(),
    )


def acknowledge_case(watch: Watch, number: str, actor: str, now: datetime) -> list[Alert]:
    """Acknowledge every alert that told a case; gives those that nobody had acknowledged before. Raises UsageError."""
    alerts = watch.store.alerts.of_case(number)
    if not alerts:
        raise UsageError(f"no alert has told a case {number!r}; see: returnwatch alerts list")
    return [alert for alert in alerts if watch.store.alerts.acknowledge(alert.id, actor, now)]
