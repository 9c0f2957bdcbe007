"""crawls → a moving line: what is happening, while it happens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.text import Text

from crawler.progress import Progress
from scheduler.cli.output import safe


@contextmanager
def progress_of_crawls(*, shown: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Give what a crawl reports to: a bar a source on standard error, or nothing where nobody looks."""
    if not shown:
        yield None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, TextColumn("{task.fields[phase]}"), console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def report(progress: Progress) -> None:
            if progress.source not in tasks:
                tasks[progress.source] = bars.add_task(progress.source, total=None, phase="")
            total = progress.total or None
            bars.update(tasks[progress.source], completed=progress.done, total=total, phase=progress.phase)

        yield report


@contextmanager
def progress_of_errand(*, shown: bool) -> Iterator[Callable[[str], None]]:
    """Give what an errand tells each address before it asks for it: a moving line on standard error, or nothing."""
    if not shown:
        yield lambda _: None
        return
    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    with console.status("asking") as status:
        yield lambda address: status.update(Text(f"asking {safe(address.partition('?')[0])}"))
