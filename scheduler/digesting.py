"""schedule → digest sent: which digests are due, and what a person asks for."""

import logging
from collections.abc import Mapping
from datetime import datetime

from cases.store import Store
from digests.channels import Channel, open_channels
from digests.composing import Edition
from digests.delivery import Sending, send
from digests.digest import compose
from digests.dispatch import Attempt, deliver_due
from digests.material import Material, collect
from digests.settling import settle
from digests.spec import DigestSpec
from digests.speech import speech
from digests.templating import Templates
from digests.view import Digest
from scheduler.assembly import Watch
from scheduler.settings import Settings

log = logging.getLogger(__name__)


def all_channels(settings: Settings) -> dict[str, Channel]:
    """Open every channel that some digest names. Raises ConfigError or PluginError, so that a service does not start blind."""
    names = dict.fromkeys([*(name for spec in settings.digests for name in spec.channels), *settings.operator.channels])
    return open_channels(list(names), settings.channels, settings.web.links())


def templates_of(settings: Settings) -> Templates:
    """Give the templates of this installation. Raises RenderError when its own folder holds what stands in for nothing."""
    return Templates(settings.templates.folder)


def preview(watch: Watch, spec: DigestSpec, now: datetime, *, since: datetime | None = None) -> Digest:
    """Make the digest that a person would get if it were sent now; nothing is marked as told."""
    return edition(watch, spec, collect(watch.store, spec, now=now, since=since, requested=True))(spec.language)


def edition(watch: Watch, spec: DigestSpec, material: Material) -> Edition:
    """Give what words the digest made of some material in a language that is asked for."""
    policy = watch.settings.disclosure.policy()
    return lambda language: compose(spec, material, policy=policy, speech=speech(language))


def send_now(watch: Watch, spec: DigestSpec, now: datetime, *, since: datetime | None = None) -> Sending:
    """Send a digest because a person asks for it; with nothing to tell, nothing is sent.

    What other digests still owe goes out as well, so every channel is opened, not only those of this digest.
    """
    channels = all_channels(watch.settings)
    settle(watch.store, channels, now=now)
    made = edition(watch, spec, collect(watch.store, spec, now=now, since=since, requested=True))
    templates = templates_of(watch.settings)
    return send(watch.store, spec, made, channels, now=now, requested=True, templates=templates)


def is_turn(spec: DigestSpec, store: Store, *, now: datetime, watched_since: datetime) -> bool:
    """Tell whether a digest's turn has come and was not taken yet, by this process or another.

    A turn that passed while nothing ran is still taken, unless this digest has never had one: then it lies before
    ``watched_since``, when the service began to watch, and there is nothing to catch up with.
    """
    if store.outbox.find(spec.name, spec.schedule.period(now, spec.zone)) is not None:
        return False
    return bool(store.outbox.past(spec.name)) or spec.schedule.latest(now, spec.zone) >= watched_since


def next_turns(settings: Settings, now: datetime) -> dict[str, datetime]:
    """Say when each digest's next turn is, by its name, each in the digest's own zone."""
    return {spec.name: spec.schedule.next(now, spec.zone) for spec in settings.digests}


def send_due(
    watch: Watch, channels: Mapping[str, Channel], *, now: datetime, watched_since: datetime
) -> dict[str, Sending]:
    """Send every digest whose turn has come, and give what became of each; then whatever the outbox still owes."""
    sendings, templates = {}, templates_of(watch.settings)
    for spec in watch.settings.digests:
        if is_turn(spec, watch.store, now=now, watched_since=watched_since):
            made = edition(watch, spec, collect(watch.store, spec, now=now))
            sendings[spec.name] = send(watch.store, spec, made, channels, now=now, templates=templates)
    for sending in sendings.values():
        _log(sending.attempts)
    _log(deliver_due(watch.store, channels, now=now))
    return sendings


def _log(attempts: tuple[Attempt, ...]) -> None:
    for attempt in attempts:
        if attempt.error:
            log.error("%s", attempt.error)
        elif attempt.dropped:
            log.info("%s", attempt.dropped)
