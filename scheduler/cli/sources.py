"""``returnwatch sources``: the catalogue."""

from pathlib import Path

import click

from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, print_table, say


@click.group()
def sources() -> None:
    """Show the catalogue of sources."""


@sources.command("list")
@as_json
@click.pass_obj
def list_sources(config: Path | None, *, as_json: bool) -> None:
    """List the sources of the configuration: how each is read, and whether somebody tried it live."""
    from crawler.sources import written
    from digests.words import counted
    from scheduler.settings import SOURCES, config_folder, load_catalogue

    folder = config_folder(config)
    catalogue = load_catalogue(folder).values()
    if as_json:
        print_json([source.model_dump(mode="json") for source in catalogue])
        return
    print_table(
        None,
        ("source", "title", "languages", "read by", "every", "grade", "tried live", "on"),
        (
            (
                source.name,
                source.title,
                " ".join(source.languages),
                ", ".join(reader.kind for reader in source.readers),
                written(source.every),
                source.grade,
                "yes" if source.verified else "no",
                "yes" if source.enabled else "no",
            )
            for source in catalogue
        ),
    )
    say(f"{counted(len(catalogue), 'source')} in {folder / SOURCES}")


COMMANDS = (sources,)
