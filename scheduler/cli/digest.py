"""``returnwatch digest``: what would be sent, and sending it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from cases.errors import DeliveryError, InputError
from scheduler.cli.options import DAY
from scheduler.cli.output import say

if TYPE_CHECKING:
    from digests.delivery import Sending

Form = Literal["html", "text", "json"]


@click.command()
@click.argument("name", required=False)
@click.option("--since", type=DAY, help="Everything from this day on (YYYY-MM-DD), told already or not.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "text", "json"]),
    default="text",
    show_default=True,
    help="Form of the preview.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the preview to this file, readable by you alone.",
)
@click.option("--send", "sends", is_flag=True, help="Send it over its channels. What was told is not told again.")
@click.pass_obj
def digest(
    config: Path | None, name: str | None, since: datetime | None, form: Form, out: Path | None, *, sends: bool
) -> None:
    """Show a digest as it would be sent; send it.

    NAME is the digest's name in the configuration and may be left out when there is only one. A preview marks nothing as told.
    """
    from digests.rendering import render
    from scheduler.assembly import open_watch, present
    from scheduler.digesting import preview, send_now, templates_of

    with open_watch(config) as watch:
        spec = watch.settings.digest_named(name)
        if sends:
            sending = send_now(watch, spec, present(), since=since)
        else:
            rendered = render(preview(watch, spec, present(), since=since), templates_of(watch.settings))
    if not sends:
        _show({"html": rendered.page_html, "text": rendered.text, "json": rendered.json}[form], out)
        return
    tell(sending)
    if sending.errors:
        raise DeliveryError("; ".join(sending.errors))


def tell(sending: "Sending") -> None:
    """Say what became of the digest, and what this and earlier ones still owe."""
    if sending.state == "nothing_new":
        say("Nothing new: nothing was sent.")
    elif sending.state == "already_recorded":
        say("A digest of this very minute is sent already: this one was not. Ask again in a minute.")
    else:
        say(sending.subject)
    for receipt in sending.receipts:
        say(f"{receipt.channel}: {receipt.recipient} {receipt.said}")
    for attempt in sending.attempts:
        if attempt.dropped:
            say(attempt.dropped)
    tried = {attempt.delivery.id for attempt in sending.attempts}
    for owed in sending.owed:
        if owed.id not in tried:
            say(
                f"{owed.channel}: {owed.recipient} {owed.period} is {owed.state}: {owed.error or 'it waits for its time'}"
            )


def _show(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text)
        return
    try:
        out.touch(mode=0o600)
        if out.is_file():  # it may have been there before, and open to others
            out.chmod(0o600)
        out.write_text(text, encoding="utf-8")
    except OSError as cause:
        raise InputError(f"{out} cannot be written: {cause.strerror or cause}") from cause
    say(f"written to {out}")


COMMANDS = (digest,)
