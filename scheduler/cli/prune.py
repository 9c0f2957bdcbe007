"""``returnwatch prune``: what is older than ``[retention]`` says is taken away."""

from pathlib import Path

import click

from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, say


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count what would be taken away.")
@as_json
@click.pass_obj
def prune(config: Path | None, *, dry_run: bool, as_json: bool) -> None:
    """Take away what is older than [retention] says.

    Texts of articles that told nothing, files of captures on which nothing rests, old visits. Cases and what they rest on stay. The service
    does the same once a day. Without limits in the configuration nothing is taken away.
    """
    from digests.words import counted
    from scheduler.assembly import open_watch, present
    from scheduler.pruning import prune as take_away

    with open_watch(config) as watch:
        pruned = take_away(watch, present(), dry_run=dry_run)
    if as_json:
        print_json(pruned)
        return
    what = f"{counted(pruned.versions, 'text')}, {counted(pruned.runs, 'visit')}, {counted(pruned.files, 'file')} of captures ({pruned.bytes / 1_000_000:,.1f} MB)"
    say(f"{'would be taken away' if dry_run else 'taken away'}: {what}")


COMMANDS = (prune,)
