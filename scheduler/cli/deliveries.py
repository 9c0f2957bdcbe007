"""``returnwatch deliveries`` and ``recipients``: what became of each message, who is not written to, and what a person decides."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cases.errors import InputError, UsageError
from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from cases.store import Delivery, DeliveryState, Suppression

_OPEN: "tuple[DeliveryState, ...]" = ("ready", "sending", "failed", "unknown")
_STATES: "tuple[DeliveryState, ...]" = (*_OPEN, "sent", "dropped")
_LARGEST_REPORT = 10_000_000


@click.group()
def deliveries() -> None:
    """See what became of each message, and decide about those that are stuck."""


@deliveries.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice(_STATES), help="Only these; may be given again.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Only the latest.")
@as_json
@click.pass_obj
def list_deliveries(config: Path | None, states: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """Show messages that have not arrived; with --state, those in other states too."""
    from scheduler.assembly import open_watch

    chosen = [state for state in _STATES if state in (states or _OPEN)]
    with open_watch(config) as watch:
        found = watch.store.deliveries.in_states(chosen, limit=limit)
    if as_json:
        print_json([_as_document(one) for one in found])
    elif not found:
        say("Every message has arrived." if not states else "There is none.")
    else:
        columns = ("number", "digest", "period", "to", "state", "next", "said")
        print_table(None, columns, [_row(one) for one in found])


@deliveries.command("retry")
@click.argument("number", type=int)
@click.pass_obj
def retry(config: Path | None, number: int) -> None:
    """Send a message again that failed, or whose fate nobody knows; the very same bytes."""
    from scheduler.assembly import open_watch, present

    with open_watch(config) as watch:
        watch.store.deliveries.retry(number, present())
    say(f"{number} is ready: the service sends it within a minute, or returnwatch digest --send does now")


@deliveries.command("accept")
@click.argument("number", type=int)
@click.pass_obj
def accept(config: Path | None, number: int) -> None:
    """Take a message as sent, because you saw that it arrived."""
    from scheduler.assembly import open_watch, present

    with open_watch(config) as watch:
        watch.store.deliveries.accept(number, "somebody saw that it arrived", present())
    say(f"{number} is sent")


@deliveries.command("drop")
@click.argument("number", type=int)
@click.option("--reason", metavar="TEXT", default="given up by hand", help="Why; it stands beside the message.")
@click.pass_obj
def drop(config: Path | None, number: int, reason: str) -> None:
    """Give a message up that has not arrived."""
    from scheduler.assembly import open_watch, present

    with open_watch(config) as watch:
        watch.store.deliveries.drop(number, reason, present())
    say(f"{number} is given up")


@click.group()
def recipients() -> None:
    """See who is not written to any more and why, and change it."""


@recipients.command("list")
@as_json
@click.pass_obj
def list_suppressed(config: Path | None, *, as_json: bool) -> None:
    """Show the addresses that are not written to: who unsubscribed, and whose mailbox does not exist."""
    from scheduler.assembly import open_watch

    with open_watch(config) as watch:
        found = watch.store.suppressions.standing()
    if as_json:
        print_json(found)
    elif not found:
        say("Everybody who is configured is written to.")
    else:
        print_table(
            None,
            ("address", "digest", "why", "since", "said"),
            [(one.recipient, one.digest or "all", one.reason, one.at, one.detail) for one in found],
        )


@recipients.command("suppress")
@click.argument("address")
@click.option("--digest", "digest", metavar="NAME", help="Only this digest; without it, all of them.")
@click.option("--reason", metavar="TEXT", default="", help="Why; it stands beside the address.")
@click.pass_obj
def suppress(config: Path | None, address: str, digest: str | None, reason: str) -> None:
    """Write to an address no longer."""
    from digests.spec import check_address
    from scheduler.assembly import open_watch, present

    try:
        check_address(address)
    except ValueError as cause:
        raise UsageError(str(cause)) from None
    with open_watch(config) as watch:
        name = watch.settings.digest_named(digest).name if digest else None
        news = watch.store.suppressions.suppress(address, digest=name, reason="decided", detail=reason, now=present())
    say(f"{address} gets {name or 'nothing'} no longer" if news and name else f"{address} is not written to")


@recipients.command("restore")
@click.argument("address")
@click.option("--digest", "digest", metavar="NAME", help="Only this digest; without it, all of them.")
@click.pass_obj
def restore(config: Path | None, address: str, digest: str | None) -> None:
    """Write to an address again. Ask the person first, if it was the person who unsubscribed."""
    from scheduler.assembly import open_watch, present

    with open_watch(config) as watch:
        lifted = watch.store.suppressions.lift(address, digest=digest, now=present())
    if not lifted:
        raise UsageError(f"{address} is written to already: returnwatch recipients list shows who is not")
    say(f"{address} is written to again; it was not, because: {', '.join(_told(one) for one in lifted)}")


@recipients.command("bounce")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def bounce(config: Path | None, file: Path) -> None:
    """Take in a report of undeliverable mail that you saved from a mail program (FILE.eml)."""
    from digests.returned import take_in
    from scheduler.assembly import open_watch, present

    if file.stat().st_size > _LARGEST_REPORT:
        raise InputError(f"{file} is no report of delivery: it is far too large")
    with open_watch(config) as watch:
        meant = list(take_in(watch.store, file.read_bytes(), now=present()))
    for one in meant:
        say(one.said)
    if not any(one.understood for one in meant):
        raise InputError(f"{file} tells nothing of a mail of ours")


def _as_document(one: "Delivery") -> dict[str, object]:
    names = ("id", "digest", "period", "channel", "recipient", "message_id", "state", "tries", "due_at", "changed_at")
    return {name: getattr(one, name) for name in (*names, "receipt", "error", "urgent")}


def _row(one: "Delivery") -> tuple[object, ...]:
    to = f"{one.channel}: {one.recipient}" if one.recipient else one.channel
    return one.id, one.digest, one.period, to, one.state, one.due_at, one.error or one.receipt


def _told(one: "Suppression") -> str:
    return f"{one.reason} on {one.at:%Y-%m-%d}" + (f" ({one.detail})" if one.detail else "")


COMMANDS = (deliveries, recipients)
