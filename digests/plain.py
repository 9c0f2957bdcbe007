"""Values of the view → lines of plain text, for the templates that are not HTML."""

from collections.abc import Iterable

from digests.view import Counted, Passage
from digests.wrapping import wrapped


def labelled(line: str, label: str) -> str:
    """Write a line of a card under its label, in two columns."""
    return f"  {label:<13}{wrapped(line, 15).lstrip()}"


def quoted(passage: Passage) -> str:
    """Write a passage in plain text: the main sentence stands between asterisks."""
    return "".join(f"*{piece.text.strip()}*" if piece.mark == "main" else piece.text for piece in passage.pieces)


def tallied(counts: Iterable[Counted]) -> str:
    """Write numbers with what they count: ``12 too old, 3 unreadable``."""
    return ", ".join(f"{one.count:,} {one.words}" for one in counts)
