"""What commands print: tables and sentences for people, JSON for programs. Colour only on a terminal."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from textwrap import wrap
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

RISKY = dict.fromkeys(
    (*range(32), *range(127, 160), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
)
"""Control characters, line ends that are none of ours, and overrides of direction: a hostile title could rewrite the terminal with them."""


UNBOUNDED = 220
"""Width of tables that go to a file or a pipe, where no terminal sets one."""

LONGEST_NAME = 24
"""Up to so many characters a first column keeps each of its cells on one line."""


def console() -> Console:
    """Give a console on standard output that takes text as it is: no markup, no emoji codes, no guessing at numbers."""
    width = None if sys.stdout.isatty() else UNBOUNDED
    return Console(markup=False, emoji=False, highlight=False, soft_wrap=False, width=width)


def say(text: str = "", *, err: bool = False) -> None:
    """Print one line of plain text, made safe for a terminal."""
    click.echo(safe(text), err=err)


def say_folded(text: str, *, indent: str = "", further: int = 0) -> None:
    """Print one paragraph folded between words to the terminal's width, its later lines ``further`` to the right."""
    width = max(40, console().width - 1)
    lines = wrap(
        safe(text),
        width,
        initial_indent=indent,
        subsequent_indent=indent + " " * further,
        break_long_words=False,
        break_on_hyphens=False,
    )
    click.echo("\n".join(lines))


def safe(text: str) -> str:
    """Take the characters out of a text that would command a terminal; line breaks stay."""
    return "\n".join(line.translate(RISKY) for line in text.split("\n"))


def print_json(value: Any, *, lines: bool = False) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Print a value as JSON: indented on its own, or as one line of JSON lines."""
    plain = msgspec.to_builtins(value)
    click.echo(json.dumps(plain, ensure_ascii=not _can_print_unicode(), indent=None if lines else 2))


def print_table(title: str | None, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under columns, folded to the terminal's width; an empty cell stands for what is not known.

    Columns of numbers, and a first column of names, are never folded: the others give way.
    """
    lines = [tuple(row) for row in rows]
    if title:
        say(title)
    table = Table(header_style="bold", pad_edge=False, box=None)
    for index, column in enumerate(columns):
        cells = [line[index] for line in lines if index < len(line)]
        is_count = bool(cells) and all(isinstance(value, int) for value in cells)
        is_name = index == 0 and all(len(cell(value)) <= LONGEST_NAME for value in cells)
        table.add_column(column, overflow="fold", no_wrap=is_count or is_name, justify="right" if is_count else "left")
    for line in lines:
        table.add_row(*(cell(value) for value in line))
    console().print(table)


def cell(value: object) -> str:
    """Write one value for a table: dates to the minute, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return safe(str(value))


def _can_print_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().startswith("utf")
