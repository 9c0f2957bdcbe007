"""``returnwatch cases export``: cases for other tools, as the one door lets them out, each export a line of the log."""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cases.errors import UsageError
from cases.register import CaseStatus
from scheduler.cli.options import DAY
from scheduler.cli.output import say
from scheduler.cli.rulings import user

if TYPE_CHECKING:
    from cases.exports import Batch
    from cases.register import Case
    from scheduler.assembly import Watch

_PRINTED = ("csv", "json", "geojson", "gold")
_FILED = ("xlsx", "uwazi", "wacz")


@click.command("export")
@click.argument("numbers", metavar="[NUMBER]...", nargs=-1)
@click.option("--format", "kind", type=click.Choice((*_PRINTED, *_FILED)), required=True, help="What to write.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; without it csv, json, geojson and gold are printed.",
)
@click.option("--status", type=click.Choice(("new", "confirmed")), help="Only cases that stand so.")
@click.option("--since", type=DAY, help="Only cases that changed since this day (YYYY-MM-DD).")
@click.option(
    "--as-published",
    is_flag=True,
    help="For wacz: let the pages leave as they were published, with every name in them.",
)
@click.option("--by", metavar="NAME", default=user, show_default="your user name", help="Who exports.")
@click.option("--reason", metavar="TEXT", default="", help="Why; it stands in the log.")
@click.pass_obj
def export(
    config: Path | None,
    numbers: tuple[str, ...],
    *,
    kind: str,
    out: Path | None,
    status: str | None,
    since: datetime | None,
    as_published: bool,
    by: str,
    reason: str,
) -> None:
    """Write cases for other tools: those named, or all.

    Names, days, towns and ages leave as [disclosure] allows, and cases that people hold back never; each file says what was
    withheld. csv: a row a case. json: event, acts and persons with the codes of HURIDOCS. xlsx: a workbook. uwazi: a ZIP for its CSV
    import. geojson: centres of prefectures. wacz: the captured pages of one case with their digests. gold: labelled texts for
    `returnwatch evaluate`, from confirmed and rejected cases. The export is noted in the log first.
    """
    from cases.store import By
    from scheduler.assembly import open_watch, present
    from scheduler.exporting import chosen, write_private

    _check(kind, numbers, out=out, status=status, as_published=as_published)
    with open_watch(config) as watch:
        now = present()
        asked = chosen(watch.store, numbers, status=CaseStatus(status) if status else None, since=since)
        content, told = _made(kind, watch, asked, now, named=bool(numbers or since))
        subject = asked[0].id if len(asked) == 1 else None
        watch.store.custody.note(
            "exported",
            subject,
            By(actor=by, at=now, reason=reason),
            format=kind,
            cases=sorted(case.number for case in asked if case.status in (CaseStatus.NEW, CaseStatus.CONFIRMED)),
            sha256=sha256(content).hexdigest(),
        )
    if out is None:
        click.echo(content, nl=False)
    else:
        write_private(out, content)
        say(f"written to {out}")
    for sentence in told:
        click.echo(f"{sentence}.", err=True)


def _check(kind: str, numbers: tuple[str, ...], *, out: Path | None, status: str | None, as_published: bool) -> None:
    if out is None and kind in _FILED:
        raise UsageError(f"{kind} is no text to print: name a file with --out")
    if kind == "gold" and status is not None:
        raise UsageError("gold is made of confirmed and rejected cases: leave out --status")
    if kind == "wacz" and len(numbers) != 1:
        raise UsageError("a package holds the evidence of one case: name one")
    if kind == "wacz" and not as_published:
        raise UsageError(
            "captured pages cannot leave without the names that were printed in them; if they may, say so with --as-published"
        )


def _made(
    kind: str, watch: "Watch", asked: list["Case"], now: datetime, *, named: bool
) -> tuple[bytes, tuple[str, ...]]:
    """Make the content of the file, and give what is to be said of what was withheld."""
    from cases.exports import as_gold, gather
    from scheduler.exporting import lessons

    if kind == "gold":
        labelled = lessons(watch, asked, named=named)
        left = f"{labelled.left_out} articles were left out since they also tell cases that nobody has decided or that are held back"
        return as_gold(labelled), (f"{len(labelled.items)} texts; masked as [disclosure] says", left)
    batch = gather(asked, watch.settings.disclosure.policy(), now=now)
    if kind == "wacz":
        return _package(watch, asked[0] if asked else None, batch), batch.notice.sentences()
    return _writers()[kind](batch), batch.notice.sentences()


def _package(watch: "Watch", case: "Case | None", batch: "Batch") -> bytes:
    from cases.exports import as_wacz
    from scheduler.exporting import exhibits

    if case is None or not batch.cases:
        raise UsageError(
            f"{case.number} is {case.status.value}: nothing of it leaves" if case else "no such case changed since"
        )
    records, left_out = exhibits(watch, case)
    if not records:
        raise UsageError(f"no capture of {case.number} may leave or was kept")
    return as_wacz(batch, records, articles_left_out=left_out)


def _writers() -> Mapping[str, Callable[["Batch"], bytes]]:
    from cases.exports import as_csv, as_geojson, as_json, as_uwazi, as_xlsx

    return {"csv": as_csv, "json": as_json, "geojson": as_geojson, "xlsx": as_xlsx, "uwazi": as_uwazi}
