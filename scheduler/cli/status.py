"""``returnwatch status`` and ``health``: what the watch sees, and whether the service lives."""

import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path

import click

from cases.errors import WatchError
from cases.ledger import SourceStatus
from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, print_table, say


@click.command()
@as_json
@click.pass_obj
def status(config: Path | None, *, as_json: bool) -> None:
    """Tell what the watch sees.

    Each source with how its last visit ended and when it is due, whether the service runs, when digests go out, and what could
    not be delivered.
    """
    from scheduler.assembly import ALIVE_WITHIN, open_watch, present
    from scheduler.digesting import next_turns

    with open_watch(config) as watch:
        now = present()
        sources = watch.store.sources.status(now)
        service = watch.store.sources.service_alive(now, ALIVE_WITHIN.total_seconds())
        unsettled = [
            {"digest": one.digest, "period": one.period, "channel": one.channel, "state": one.state, "error": one.error}
            for one in watch.store.outbox.unsettled()
        ]
        store, digests = watch.store.name, next_turns(watch.settings, now)
    if as_json:
        document = {"store": store, "service": service, "sources": sources, "digests_next": digests}
        print_json({**document, "deliveries_unsettled": unsettled})
        return
    say(f"store    {store}")
    say(f"service  running as process {service.pid}" if service else "service  not running (returnwatch serve)")
    for name, turn in digests.items():
        say(f"digest   {name}, next on {turn:%Y-%m-%d %H:%M %Z}")
    print_table(
        "\nSources (times are UTC)",
        ("source", "last visit", "outcome", "articles", "reports", "next due"),
        (line(one, now) for one in sources),
    )
    for one in sources:
        if one.last_run and one.last_run.detail:
            say(f"{one.name}: {one.last_run.detail}")
    for delivery in unsettled:
        say("digest {digest} {period} over {channel}: {state} {error}".format(**delivery))


def line(one: SourceStatus, now: datetime) -> tuple[object, ...]:
    """Tell of one source as a row: its name, last visit and outcome, its articles and reports, and when it is due."""
    from digests.words import OUTCOMES_OF_VISITS

    run = one.last_run
    outcome = OUTCOMES_OF_VISITS[run.outcome] if run else "never visited"
    return (
        one.name,
        run and run.finished_at,
        outcome if one.enabled else "switched off",
        one.articles,
        one.reports,
        _due(one, now),
    )


def _due(one: SourceStatus, now: datetime) -> datetime | str:
    if not one.enabled:
        return ""
    if one.running:
        return "under way"
    return one.next_due if one.next_due and one.next_due > now else "now"


@click.command()
@click.pass_obj
def health(config: Path | None) -> None:
    """Ask the service whether it is ready.

    For containers and monitors: fails when it is not, or when none runs.
    """
    from scheduler.settings import config_folder, load_settings

    service = load_settings(config_folder(config)).service
    host = f"[{service.host}]" if ":" in service.host else service.host
    address = f"http://{host}:{service.port}/readyz"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            say(answer.read().decode())
    except urllib.error.HTTPError as refusal:
        raise WatchError(
            f"the service at {address} is not ready: {refusal.read().decode(errors='replace')}"
        ) from refusal
    except OSError as cause:
        raise WatchError(f"no service answers at {address}: {getattr(cause, 'reason', cause)}") from cause


COMMANDS = (status, health)
