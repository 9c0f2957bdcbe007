"""``returnwatch cases confirm``, ``reject``, ``merge`` and their like: what people decide, each with who and why.

Every decision can be taken back, none deletes anything, and each is a line of the log that ``cases log`` prints and ``verify`` checks.
"""

import getpass
from collections.abc import Callable
from datetime import datetime
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cases.model import Label
from cases.register import CaseStatus
from scheduler.cli.options import DAY, as_json
from scheduler.cli.output import print_json, say

if TYPE_CHECKING:
    from cases.register import Case
    from cases.store import By, Rulings

_NO_REPORT = tuple(label.value for label in Label if label not in (Label.CASE_REPORT, Label.UNSUPPORTED_LANGUAGE))
Deed = Callable[..., str]


def _ruling(deed: Deed) -> click.Command:
    """Make a command of a deed: it opens the store, knows who acts and why, and says what was done."""

    def run(config: Path | None, *, by: str, reason: str, **asked: Any) -> None:  # noqa: ANN401 - each deed's own options
        from cases.store import By
        from scheduler.archiving import Archive
        from scheduler.assembly import open_watch, present
        from scheduler.feeding import Feeds

        with open_watch(config) as watch:
            say(deed(watch.store.rulings, By(actor=by, at=present(), reason=reason), **asked))
            Archive(watch).keep()  # what is held back leaves the pages of past digests at once, and the feeds
            Feeds(watch).keep(present())

    named = click.option("--by", metavar="NAME", default=user, show_default="your user name", help="Who decides this.")
    why = click.option("--reason", metavar="TEXT", default="", help="Why; it stands in the log.")
    name = deed.__name__.rstrip("_").replace("_", "-")
    command: Callable[..., None] = update_wrapper(run, deed)
    return click.command(name)(named(why(click.pass_obj(command))))


def user() -> str:
    """Give the name under which whoever runs the command works on this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


@_ruling
@click.argument("number")
def confirm(rulings: "Rulings", by: "By", *, number: str) -> str:
    """Note that you have checked a case."""
    return _stands(rulings.confirm(number, by))


@_ruling
@click.argument("number")
@click.option(
    "--label",
    type=click.Choice(_NO_REPORT),
    help="What its articles are instead: `cases export --format gold` gives them to the evaluation so.",
)
def reject(rulings: "Rulings", by: "By", *, number: str, label: str | None) -> str:
    """Say that a case is none: it leaves digests and exports, and stays away."""
    return _stands(rulings.hold(number, CaseStatus.REJECTED, by, label=label))


@_ruling
@click.argument("number")
def withhold(rulings: "Rulings", by: "By", *, number: str) -> str:
    """Hold a case back: it leaves digests and exports at once, and stays away when it is told again."""
    return _stands(rulings.hold(number, CaseStatus.WITHHELD, by))


@_ruling
@click.argument("number")
@click.option("--until", type=DAY, help="Day on which it ends by itself (YYYY-MM-DD); without it, you end it.")
def embargo(rulings: "Rulings", by: "By", *, number: str, until: datetime | None) -> str:
    """Hold a case back for a time, as a family may ask."""
    return _stands(rulings.hold(number, CaseStatus.EMBARGOED, by, until=until))


@_ruling
@click.argument("number")
def release(rulings: "Rulings", by: "By", *, number: str) -> str:
    """Take back a rejection, a withholding or an embargo."""
    return _stands(rulings.release(number, by))


@_ruling
@click.argument("number")
@click.argument("text")
def note(rulings: "Rulings", by: "By", *, number: str, text: str) -> str:
    """Add a note to a case's log."""
    rulings.note(number, text, by)
    return f"noted on {number}"


@_ruling
@click.argument("number")
@click.argument("into")
@click.option("--despite", is_flag=True, help="Although somebody said that they are not the same.")
def merge(rulings: "Rulings", by: "By", *, number: str, into: str, despite: bool) -> str:
    """Let case NUMBER stand in case INTO; its number leads there from then on."""
    merged = rulings.merge(number, into, by, despite=despite)
    return f"{number} is {merged.number} now, told by {len(merged.tellings)} articles"


@_ruling
@click.argument("number")
def unmerge(rulings: "Rulings", by: "By", *, number: str) -> str:
    """Take a merged case out again, under its own number."""
    return _stands(rulings.unmerge(number, by))


@_ruling
@click.argument("number")
@click.argument("urls", metavar="ARTICLE...", nargs=-1, required=True)
def split(rulings: "Rulings", by: "By", *, number: str, urls: tuple[str, ...]) -> str:
    """Open a case of its own for what these articles tell of case NUMBER."""
    return f"{rulings.split(number, urls, by).number} is new, taken out of {number}"


@_ruling
@click.argument("number")
@click.argument("other")
def apart(rulings: "Rulings", by: "By", *, number: str, other: str) -> str:
    """Remember for good that two cases are not the same."""
    rulings.keep_apart(number, other, by)
    return f"{number} and {other} stay apart"


@_ruling
@click.argument("number")
@click.argument("value", metavar="FIELD=VALUE")
def correct(rulings: "Rulings", by: "By", *, number: str, value: str) -> str:
    """Set a value of a case by hand, above what its articles say.

    Such as to=KP, stage=completed, persons="about 600", persons=4-6, outcome=released; "to=" says that it is not known.
    """
    from cases.corrections import parse

    correction = parse(value, as_of=by.at.date())
    return _stands(rulings.correct(number, correction, by))


@_ruling
@click.argument("number")
@click.argument("field")
def uncorrect(rulings: "Rulings", by: "By", *, number: str, field: str) -> str:
    """Take a correction back: what the articles say of FIELD counts again."""
    return _stands(rulings.lift_correction(number, field, by))


@_ruling
@click.argument("number")
@click.option(
    "--source",
    type=click.Choice(list("ABCDEF"), case_sensitive=False),
    help="The outlet: A completely reliable … F not to be judged.",
)
@click.option(
    "--credibility",
    type=click.IntRange(1, 6),
    help="What it tells: 1 confirmed, 2 probably, 3 possibly true, 4 doubtful, 5 improbable, 6 not to be judged.",
)
@click.option("--article", metavar="URL", help="Only this article; without it all that tell the case.")
def grade(
    rulings: "Rulings", by: "By", *, number: str, source: str | None, credibility: int | None, article: str | None
) -> str:
    """Say how far an outlet, or what it tells of a case, is to be relied upon.

    Until somebody does, an outlet has the grade of its source file, or F, and what it tells is proposed as 3 at the most.
    """
    from cases.grading import grades

    case = rulings.grade(number, by, source=source, credibility=credibility, url=article)  # type: ignore[arg-type]  # click checked them
    told = zip(case.tellings, grades(case.tellings), strict=True)
    return "\n".join(f"{one.source_title or one.source}: {given.source}{given.credibility}" for one, given in told)


@click.command("log")
@click.argument("number", required=False)
@as_json
@click.pass_obj
def log(config: Path | None, number: str | None, *, as_json: bool) -> None:
    """Print who decided what, when and why; of one case if you name it."""
    from cases.errors import UsageError
    from scheduler.assembly import open_watch
    from scheduler.cli.case_table import print_decisions

    with open_watch(config) as watch:
        case = watch.store.cases.get(number) if number else None
        if number and case is None:
            raise UsageError(f"there is no case {number!r} in the register")
        lines = watch.store.custody.lines(subject=case.id if case else None)
        if as_json:
            print_json(lines)
        else:
            print_decisions(None, lines, watch.store.cases.numbers_of)


def _stands(case: "Case") -> str:
    until = f" until {case.embargo_until:%Y-%m-%d}" if case.embargo_until else ""
    return f"{case.number} is {case.status.value}{until}, revision {case.revision}"


COMMANDS = (
    confirm,
    reject,
    withhold,
    embargo,
    release,
    note,
    merge,
    unmerge,
    split,
    apart,
    correct,
    uncorrect,
    grade,
    log,
)
