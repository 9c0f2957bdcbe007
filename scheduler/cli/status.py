"""``returnwatch status`` and ``health``: what the watch sees, and whether the service lives."""

import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from cases.errors import WatchError
from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, print_table, say, say_folded
from scheduler.cli.standing_table import COLUMNS, headline, line, remarks, state, worst_first

if TYPE_CHECKING:
    from scheduler.assembly import Watch


@click.command()
@click.option(
    "--funnel", is_flag=True, help="Tell instead what became of everything that was listed, by source and day."
)
@click.option(
    "--days", type=click.IntRange(1, 366), default=7, show_default=True, help="How many days the funnel shows."
)
@as_json
@click.pass_obj
def status(config: Path | None, *, funnel: bool, days: int, as_json: bool) -> None:
    """Tell what the watch sees.

    Each source with how it stands, what fails first; whether the service runs, when digests go out, and what could not be
    delivered. With --funnel, where the entries of listings went: days are those of UTC, and today's is still open.
    """
    from scheduler.assembly import open_watch, present

    with open_watch(config) as watch:
        if funnel:
            _tell_funnel(watch, present(), days, as_json=as_json)
        else:
            _tell_standing(watch, present(), as_json=as_json)


def _tell_standing(watch: "Watch", now: datetime, *, as_json: bool) -> None:
    from digests.words import counted
    from scheduler.assembly import ALIVE_WITHIN
    from scheduler.digesting import next_turns

    sources = worst_first(watch.store.sources.status(now))
    alive = watch.store.presence.alive(now, ALIVE_WITHIN.total_seconds(), "service", "worker")
    service = next((one for one in alive if one.role == "service"), None)
    workers = sorted((one for one in alive if one.role == "worker"), key=lambda one: one.who)
    unsettled = [
        {"digest": one.digest, "period": one.period, "channel": one.channel, "state": one.state, "error": one.error}
        for one in watch.store.deliveries.unsettled()
    ]
    digests = next_turns(watch.settings, now)
    if as_json:
        told = [{**msgspec.structs.asdict(one), "failing": one.failing, "state": state(one)} for one in sources]
        document = {
            "store": watch.store.name,
            "service": service,
            "workers": workers,
            "sources": told,
            "digests_next": digests,
        }
        print_json({**document, "deliveries_unsettled": unsettled})
        return
    say(f"store    {watch.store.name}")
    say(f"service  running as process {service.pid}" if service else "service  not running (returnwatch serve)")
    for one in workers:
        say(f"worker   {one.who} with {counted(one.slots or 0, 'slot')}, visits {counted(one.busy or 0, 'source')}")
    for name, turn in digests.items():
        say(f"digest   {name}, next on {turn:%Y-%m-%d %H:%M %Z}")
    say(f"sources  {headline(sources)}")
    say()
    print_table(None, COLUMNS, (line(one, now) for one in sources))
    said = [f"{one.name}: {words}" for one in sources for words in remarks(one)]
    for words in ["", *said] if said else []:
        say_folded(words, further=2)
    for delivery in unsettled:
        say("digest {digest} {period} over {channel}: {state} {error}".format(**delivery))


def _tell_funnel(watch: "Watch", now: datetime, days: int, *, as_json: bool) -> None:
    from cases.funnel import funnel
    from scheduler.cli import funnel_table

    first = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
    rows = funnel(watch.store.runs.since(first))
    if as_json:
        print_json({"since": first, "funnel": funnel_table.document(rows)})
        return
    if not rows:
        say(f"No source was visited since {first:%Y-%m-%d}.")
        return
    print_table(None, funnel_table.COLUMNS, funnel_table.lines(rows))


@click.command()
@click.option("--worker", is_flag=True, help="Ask instead whether a worker on this machine gives signs of life.")
@click.pass_obj
def health(config: Path | None, *, worker: bool) -> None:
    """Ask the service whether it is ready.

    For containers and monitors: fails when it is not, or when none runs.
    """
    if worker:
        say(_worker_here(config))
        return
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


def _worker_here(config: Path | None) -> str:
    """Name the worker of this machine; it has no pages of its own, but the store knows its signs of life."""
    from cases.store import open_store
    from scheduler.assembly import ALIVE_WITHIN, present
    from scheduler.process import this_host
    from scheduler.settings import config_folder, load_settings

    with open_store(load_settings(config_folder(config)).store.url, migrate=False) as store:
        alive = store.presence.alive(present(), ALIVE_WITHIN.total_seconds(), "worker")
        here = [one.who for one in alive if one.who.rpartition(":")[0] == this_host()]
    if not here:
        raise WatchError(
            f"no worker on {this_host()} has given a sign of life for {ALIVE_WITHIN.total_seconds():.0f} s"
        )
    return f"{', '.join(here)}: alive"


COMMANDS = (status, health)
