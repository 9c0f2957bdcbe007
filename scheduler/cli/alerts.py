"""``returnwatch alerts``: what was told at once, what waits, and who has taken it on."""

from pathlib import Path

import click

from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, print_table, say
from scheduler.cli.rulings import user


@click.group("alerts")
def alerts() -> None:
    """Urgent cases that are told at once, and who has taken them on."""


@alerts.command("list")
@as_json
@click.pass_obj
def list_alerts(config: Path | None, *, as_json: bool) -> None:
    """List the alerts of the last 30 days, and who acknowledged them."""
    from scheduler.alerting import LISTED_FOR
    from scheduler.assembly import open_watch, present

    with open_watch(config) as watch:
        found = watch.store.alerts.since(present() - LISTED_FOR)
    if as_json:
        print_json(found)
    elif not found:
        say("No alert in the last 30 days.")
    else:
        rows = [
            (one.made_at, one.digest, ", ".join(one.cases), one.subject, one.acknowledged_by, one.acknowledged_at)
            for one in found
        ]
        print_table(None, ("sent (UTC)", "digest", "cases", "subject", "acknowledged by", "at"), rows)


@alerts.command("preview")
@click.argument("name", required=False)
@click.pass_obj
def preview_alert(config: Path | None, name: str | None) -> None:
    """Show the alert that waits, as it would go out now; nothing is marked as told.

    NAME is the digest's name in the configuration and may be left out when there is only one.
    """
    from cases.errors import UsageError
    from digests.alerting import preview
    from digests.rendering import render
    from scheduler.assembly import open_watch, present
    from scheduler.digesting import templates_of

    with open_watch(config) as watch:
        spec = watch.settings.digest_named(name)
        if spec.alerts is None:
            raise UsageError(f"the digest {spec.name!r} has no alerts; give it a table [digests.alerts]")
        digest, waits = preview(watch.store, spec, watch.settings.disclosure.policy(), now=present())
        if waits.since is None:
            say("No alert waits.")
            return
        rendered = render(digest, templates_of(watch.settings))
    say(f"Goes out at {waits.since + spec.alerts.window:%Y-%m-%d %H:%M} UTC.\n\n{rendered.subject}\n")
    say(rendered.text)


@alerts.command("acknowledge")
@click.argument("number")
@click.option("--by", metavar="NAME", default=user, show_default="your user name", help="Who takes it on.")
@click.pass_obj
def acknowledge(config: Path | None, number: str, *, by: str) -> None:
    """Say that somebody has taken on the alert of case NUMBER: nobody else is told of it."""
    from scheduler.alerting import acknowledge_case
    from scheduler.assembly import open_watch, present

    with open_watch(config) as watch:
        done = acknowledge_case(watch, number, by, present())
        standing = watch.store.alerts.of_case(number)
    if done:
        say(f"{number}: acknowledged by {by}; nobody else is told of it.")
        return
    before = standing[-1]
    say(
        f"{number}: {before.acknowledged_by} had acknowledged it already, at {before.acknowledged_at:%Y-%m-%d %H:%M} UTC."
    )


COMMANDS = (alerts,)
