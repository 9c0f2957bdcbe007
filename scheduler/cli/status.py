"""``returnwatch status`` and ``health``: what the watch sees, and whether the service lives."""

import urllib.error
import urllib.request
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

    Each source with how its last visit ended and when it is due, whether the service runs, and what could not be delivered.
    """
    from scheduler.assembly import ALIVE_WITHIN, open_watch, present

    with open_watch(config) as watch:
        now = present()
        sources = watch.store.sources.status(now)
        service = watch.store.sources.service_alive(now, ALIVE_WITHIN.total_seconds())
        unsettled = [
            {"digest": one.digest, "period": one.period, "channel": one.channel, "state": one.state, "error": one.error}
            for one in watch.store.outbox.unsettled()
        ]
        store = watch.store.name
    if as_json:
        print_json({"store": store, "service": service, "sources": sources, "deliveries_unsettled": unsettled})
        return
    say(f"store    {store}")
    say(f"service  running as process {service.pid}" if service else "service  not running (returnwatch serve)")
    print_table(
        "\nSources", ("source", "last visit", "outcome", "articles", "reports", "next due"), map(_line, sources)
    )
    for one in sources:
        if one.last_run and one.last_run.detail:
            say(f"{one.name}: {one.last_run.detail}")
    for delivery in unsettled:
        say("digest {digest} {period} over {channel}: {state} {error}".format(**delivery))


def _line(one: SourceStatus) -> tuple[object, ...]:
    run = one.last_run
    outcome = run.outcome.replace("_", " ") if run else "never visited"
    due = "now" if one.running else one.next_due
    return (
        one.name,
        run and run.finished_at,
        outcome if one.enabled else "switched off",
        one.articles,
        one.reports,
        due if one.enabled else None,
    )


@click.command()
@click.pass_obj
def health(config: Path | None) -> None:
    """Ask the service whether it is ready.

    For containers and monitors: fails when it is not, or when none runs.
    """
    from scheduler.settings import config_folder, load_settings

    service = load_settings(config_folder(config)).service
    address = f"http://{service.host}:{service.port}/readyz"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            say(answer.read().decode())
    except urllib.error.HTTPError as refusal:
        raise WatchError(
            f"the service at {address} is not ready: {refusal.read().decode(errors='replace')}"
        ) from refusal
    except OSError as cause:
        raise WatchError(f"no service answers at {address}: {cause}") from cause


COMMANDS = (status, health)
