"""``returnwatch channels``: see whether messages get out."""

from pathlib import Path

import click

from cases.errors import DeliveryError, UsageError
from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, say


@click.group()
def channels() -> None:
    """See whether messages get out."""


@channels.command("test")
@click.argument("name")
@click.option("--to", "recipients", multiple=True, metavar="ADDRESS", help="Who gets it by mail; may be given again.")
@as_json
@click.pass_obj
def test(config: Path | None, name: str, recipients: tuple[str, ...], *, as_json: bool) -> None:
    """Send a harmless message over one channel now, and say what happened.

    By mail it goes to --to alone; a webhook or chat channel sends it to each receiver of its table. It holds nothing of any
    case, is not recorded, and is not tried again.
    """
    from digests.channels import open_channel
    from digests.spec import check_address
    from digests.trial import tried
    from scheduler.assembly import present
    from scheduler.settings import config_folder, load_settings

    for address in recipients:
        try:
            check_address(address)
        except ValueError as cause:
            raise UsageError(f"--to: {cause}") from cause
    settings = load_settings(config_folder(config))
    outcomes = tried(open_channel(name, settings.channels.get(name)), recipients, present())
    if not outcomes:
        raise UsageError(f"{name} writes to recipients: name one, such as --to you@example.org")
    if as_json:
        print_json(outcomes)
    else:
        for one in outcomes:
            to = f" to {one.recipient}" if one.recipient else ""
            say(f"{name}{to}: {'sent' if one.arrived else 'FAILED'}: {one.said}")
    failed = sum(not one.arrived for one in outcomes)
    if failed:
        raise DeliveryError(f"{name}: {failed} of {len(outcomes)} test messages did not get out")


COMMANDS = (channels,)
