"""``returnwatch doctor``: what is wrong with this installation, and how to mend it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cases.errors import WatchError
from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, say, say_folded

if TYPE_CHECKING:
    from scheduler.doctor import Examination
    from scheduler.doctor.premises import Finding


@click.command()
@click.option("--online", is_flag=True, help="Ask the internet too: SPF, DMARC and DKIM of the sender's domain.")
@as_json
@click.pass_obj
def doctor(config: Path | None, *, online: bool, as_json: bool) -> None:
    """Find what is wrong with this installation, and say how to mend it.

    Looks at the machine, the configuration, the store, the mail server and the work that gets done. Changes nothing and sends
    nothing. Fails when something grave is found.
    """
    from scheduler.assembly import present
    from scheduler.doctor import examine

    examination = examine(config, now=present(), online=online)
    if as_json:
        print_json({"sound": examination.is_sound, **_document(examination)})
    else:
        _tell(examination)
    if not examination.is_sound:
        grave = sum(finding.grave for finding in examination.findings)
        raise WatchError(f"{grave} of these {'needs' if grave == 1 else 'need'} to be mended")


def _document(examination: "Examination") -> dict[str, object]:
    return {name: getattr(examination, name) for name in examination.__struct_fields__}


def _tell(examination: "Examination") -> None:
    for finding in examination.findings:
        _tell_finding(finding)
    counted = f"{len(examination.looked_at)} checks made"
    if examination.left_out:
        say_folded(f"{counted}. Left out, until what is told above is mended: {', '.join(examination.left_out)}.")
    elif examination.findings:
        say(f"{counted}.")
    else:
        say(f"{counted}: nothing is wrong.")


def _tell_finding(finding: "Finding") -> None:
    say_folded(f"{'BROKEN' if finding.grave else 'note'}  {finding.subject}: {finding.words}", further=8)
    say_folded(f"mend: {finding.mend}", indent=" " * 8, further=6)
    if finding.command:
        say(f"{' ' * 8}$ {finding.command}")
    say()


COMMANDS = (doctor,)
