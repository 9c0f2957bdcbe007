"""``returnwatch backup`` and ``restore``: everything that is kept, in one file and back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cases.errors import StoreError, UsageError
from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, say, say_folded

if TYPE_CHECKING:
    from scheduler.backup.restoring import Destination


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Take the place of a file that is there.")
@as_json
@click.pass_obj
def backup(config: Path | None, file: Path, *, replace: bool, as_json: bool) -> None:
    """Write the store, every captured page and the configuration into one file.

    The service may go on working. The file is readable for its owner alone and holds names of people in danger: keep it encrypted, and
    elsewhere. Secrets are not in it. It stands there only when it is whole; with --json, what it holds.
    """
    from digests.words import counted
    from scheduler.assembly import open_watch, present
    from scheduler.backup.taking import back_up

    with open_watch(config) as watch:
        manifest = back_up(watch, file, now=present(), replace=replace)
    if as_json:
        print_json({"file": str(file), "bytes": manifest.bytes, "members": manifest.members})
        return
    say(f"{counted(len(manifest.members), 'file')} and {manifest.bytes / 1_000_000:,.1f} MB are in {file}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Restore into this folder instead."
)
@click.option("--replace", is_flag=True, help="Move what stands there aside; nothing is deleted.")
@click.pass_obj
def restore(config: Path | None, file: Path, *, folder: Path | None, replace: bool) -> None:
    """Put a backup back, after every byte of it was proved.

    Without --to it goes where the configuration says that store and captures lie, and the configuration stays as it is. With --to a whole
    installation is made in that folder, its configuration too. Messages that waited to be sent are held: they may have gone out since.
    """
    from digests.words import counted
    from scheduler.assembly import present
    from scheduler.backup.restoring import restore as put_back

    to = _destination(config, folder)
    restored = put_back(file, to, now=present(), replace=replace)
    say(f"restored what Returnwatch {restored.about.program} kept on {restored.about.made_at:%Y-%m-%d %H:%M} UTC")
    for path in restored.moved_aside:
        say(f"what stood there before is now {path}")
    if restored.held:
        say_folded(
            f"{counted(restored.held, 'message')} that waited may have gone out since, and are held: returnwatch status",
            further=2,
        )
    _prove(to)
    if to.config is not None:
        say(f"use it with  returnwatch --config {to.config} status")


def _destination(config: Path | None, folder: Path | None) -> "Destination":
    from cases.errors import ConfigError
    from scheduler.backup.restoring import Destination, below
    from scheduler.settings import config_folder, load_settings

    if folder is not None:
        return below(folder)
    try:
        settings = load_settings(config_folder(config))
    except ConfigError as cause:
        raise UsageError(f"{cause}; restore into a folder of its own with --to") from cause
    return Destination(store_url=settings.store.url, captures=settings.store.captures.absolute())


def _prove(to: "Destination") -> None:
    """Compare what now stands there, as ``verify`` does."""
    from cases.store import open_store
    from crawler.evidence.verification import Verification
    from scheduler.cli.evidence import summed, told

    with open_store(to.store_url) as store:
        verification = Verification(store, to.captures)
        for finding in verification.run():
            if finding.is_wrong:
                say(told(finding))
        faults = store.custody.faults()
    say_folded(summed(verification.summary))
    if verification.summary.wrong or verification.summary.unsupported or faults:
        raise StoreError(
            "it was restored as it was backed up; what is told above was so already when the backup was taken"
        )


COMMANDS = (backup, restore)
