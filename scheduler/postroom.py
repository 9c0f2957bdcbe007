"""mail under way → known: what arrived after all, what came back, and the pages that readers of mail may open."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from starlette.routing import BaseRoute

from cases.errors import DigestError
from digests.acknowledge_page import acknowledge_pages
from digests.channels import Channel
from digests.mailserver import EmailSettings
from digests.returned import collect
from digests.settling import settle
from digests.unsubscribing import unsubscribing
from scheduler.assembly import Watch, present

log = logging.getLogger(__name__)


def take_over(watch: Watch, *, now: datetime) -> None:
    """At start: whatever a process that died was sending is of unknown fate, and asked for by ``settle_unknown``."""
    for delivery in watch.store.deliveries.recover(now):
        log.warning("delivery %d of %s %s: %s", delivery.id, delivery.digest, delivery.period, delivery.error)


def settle_unknown(watch: Watch, channels: Mapping[str, Channel], *, now: datetime) -> None:
    """Find out what became of mail whose fate nobody saw, and tell what a person must decide."""
    for one in settle(watch.store, channels, now=now):
        level = {"held": logging.ERROR, "ready": logging.WARNING}.get(one.became, logging.INFO)
        log.log(level, "delivery %d of %s %s: %s", one.delivery.id, one.delivery.digest, one.delivery.period, one.said)


def collect_bounces(watch: Watch, channels: Mapping[str, Channel], *, now: datetime) -> None:
    """Read what came back, and tell it; a mailbox that cannot be read is told and read the next time."""
    for channel in channels.values():
        settings = getattr(channel, "settings", None)
        if not isinstance(settings, EmailSettings):
            continue
        try:
            for one in collect(watch.store, settings, now=now):
                log.error("%s", one.said)
        except DigestError as failure:
            log.error("bounces: %s", failure)  # noqa: TRY400 - a sentence for the operator, not a traceback


def public_routes(watch: Watch) -> Sequence[BaseRoute]:
    """Give the pages that readers may open, if they can reach them. Raises ConfigError for a key that is none."""
    links = watch.settings.web.links()
    if links is None:
        return ()
    return [*unsubscribing(watch.store, links, present), *acknowledge_pages(watch.store, links, present)]
