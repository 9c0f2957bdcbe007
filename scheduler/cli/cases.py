"""``returnwatch cases``: the register, as the person who keeps it sees it."""

from pathlib import Path
from typing import Any

import click

from cases.errors import UsageError
from cases.model import Stage
from cases.register import Case, CaseStatus
from scheduler.cli import rulings
from scheduler.cli.exports import export
from scheduler.cli.options import DAY, as_json
from scheduler.cli.output import print_json, say
from scheduler.cli.purge import purge


@click.group()
def cases() -> None:
    """Show the register of cases, and decide what stands in it."""


@cases.command("list")
@click.option("--status", type=click.Choice([status.value for status in CaseStatus]), help="Only cases that stand so.")
@click.option("--stage", type=click.Choice([stage.value for stage in Stage]), help="Only cases at this stage.")
@click.option("--from", "from_state", metavar="STATE", help="Only returns from this State, such as CN.")
@click.option("--to", "to_state", metavar="STATE", help="Only returns to this State, such as KP.")
@click.option("--source", metavar="NAME", help="Only cases that this source tells.")
@click.option("--since", type=DAY, help="Only cases that changed since this day (YYYY-MM-DD).")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many, the last changed first. Without it: all.")
@as_json
@click.pass_obj
def list_cases(
    config: Path | None,
    /,
    *,
    status: str | None,
    limit: int | None,
    as_json: bool,
    stage: str | None,
    **like: Any,  # noqa: ANN401 - the other options, by name
) -> None:
    """List the cases, the last changed first. No names are printed."""
    from cases.store import Filter
    from digests.words import counted
    from scheduler.assembly import open_watch
    from scheduler.cli.register_table import print_cases

    states = {name: like[name] and like[name].upper() for name in ("from_state", "to_state")}
    asked = Filter(**like | states, stage=Stage(stage) if stage else None)
    with open_watch(config) as watch:
        found = watch.store.cases.rows(status=[CaseStatus(status)] if status else None, limit=limit, like=asked)
    if as_json:
        print_json([row(case) for case in found])
    else:
        print_cases(found)
        say(counted(len(found), "case"))


@cases.command("show")
@click.argument("number")
@as_json
@click.pass_obj
def show_case(config: Path | None, number: str, *, as_json: bool) -> None:
    """Show one case: every value with the sentence that says it, and the digest of the capture in which it stands.

    NUMBER is a case's number, such as 2026-0007, or its id; that of a merged case leads to the case that it stands in. Shows where
    the articles disagree, how far each is to be relied upon, and what was decided. Prints what the articles say, names too.
    """
    from scheduler.assembly import open_watch
    from scheduler.cli.case_table import case_document, print_case

    with open_watch(config) as watch:
        case = watch.store.cases.get(number)
        if case is None:
            raise UsageError(f"there is no case {number!r} in the register")
        if as_json:
            print_json(case_document(watch.store, case, number))
        else:
            print_case(watch.store, case, number)


def row(case: Case) -> dict[str, Any]:
    """Give a case as ``cases list --json`` promises it."""
    from cases.corroboration import origin_of_each

    report = case.report
    return {
        "id": case.id,
        "number": case.number,
        "revision": case.revision,
        "status": case.status,
        "stage": report.stage,
        "from": report.from_state,
        "to": report.to_state,
        "persons": report.persons,
        "events": report.events,
        "places": report.places,
        "reports": [
            {
                "url": telling.url,
                "title": telling.title,
                "published": telling.published,
                "lang": telling.lang,
                "source": telling.source,
                "origin": origin,
            }
            for telling, origin in zip(case.tellings, origin_of_each(case.tellings), strict=True)
        ],
    }


for ruling in rulings.COMMANDS:
    cases.add_command(ruling)
cases.add_command(export)
cases.add_command(purge)

COMMANDS = (cases,)
