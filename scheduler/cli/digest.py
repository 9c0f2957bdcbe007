"""``returnwatch digest``: what would be sent, and sending it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import click

from cases.errors import DeliveryError, InputError, UsageError
from scheduler.cli.options import DAY
from scheduler.cli.output import say

if TYPE_CHECKING:
    from digests.delivery import Sending
    from digests.rendering import Rendered
    from digests.templating import Templates

Form = Literal["html", "mail", "text", "json", "pdf"]


@click.command()
@click.argument("name", required=False)
@click.option("--since", type=DAY, help="Everything from this day on (YYYY-MM-DD), told already or not.")
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Form)),
    default="text",
    show_default=True,
    help="Form of the preview; pdf needs --out and the extra returnwatch[pdf].",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the preview to this file, readable by you alone.",
)
@click.option("--send", "sends", is_flag=True, help="Send it over its channels. What was told is not told again.")
@click.option(
    "--archive", "archives", is_flag=True, help="Bring the pages of past digests up to date, and say where they lie."
)
@click.pass_obj
def digest(
    config: Path | None,
    name: str | None,
    since: datetime | None,
    form: Form,
    out: Path | None,
    *,
    sends: bool,
    archives: bool,
) -> None:
    """Show a digest as it would be sent; send it.

    NAME is the digest's name in the configuration and may be left out when there is only one. A preview marks nothing as told.
    """
    from digests.rendering import render
    from scheduler.archiving import Archive
    from scheduler.assembly import open_watch, present
    from scheduler.digesting import preview, send_now, templates_of

    with open_watch(config) as watch:
        if archives:
            say(str(Archive(watch).keep() or "no digest has been written to the folder of the channel file yet"))
            return
        spec = watch.settings.digest_named(name)
        if sends:
            sending = send_now(watch, spec, present(), since=since)
            Archive(watch).keep()
        else:
            templates = templates_of(watch.settings)
            rendered = render(preview(watch, spec, present(), since=since), templates)
    if not sends:
        _show(_formed(rendered, form, templates), out)
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


def _formed(rendered: "Rendered", form: Form, templates: "Templates") -> str | bytes:
    """Give one form of what would be sent."""
    if form == "pdf":
        from digests.pdf import pdf

        return pdf(rendered, templates)
    return {
        "html": rendered.page_html,
        "mail": rendered.mail_html,
        "text": rendered.text,
        "json": rendered.json,
    }[form]


def _show(made: str | bytes, out: Path | None) -> None:
    if out is None:
        if isinstance(made, bytes):
            raise UsageError("a PDF is no text: name the file to write it to with --out")
        click.echo(made)
        return
    try:
        out.touch(mode=0o600)
        if out.is_file():  # it may have been there before, and open to others
            out.chmod(0o600)
        out.write_bytes(made if isinstance(made, bytes) else made.encode())
    except OSError as cause:
        raise InputError(f"{out} cannot be written: {cause.strerror or cause}") from cause
    say(f"written to {out}")


@click.command()
@click.pass_obj
def feeds(config: Path | None) -> None:
    """Write the feeds of cases now, and say where they lie.

    Each list of the configuration has an Atom and a JSON feed, once [feeds] asks for them. The names are secret: whoever knows one
    can read that feed where it can be reached.
    """
    from scheduler.assembly import open_watch, present
    from scheduler.feeding import Feeds

    with open_watch(config) as watch:
        paths = Feeds(watch).keep(present())
    for path in paths:
        say(str(path))
    if not paths:
        say("No feeds are written: [feeds] in the configuration names no folder.")


COMMANDS = (digest, feeds)
