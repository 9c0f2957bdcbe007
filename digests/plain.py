"""Values of the view → lines of plain text, for the templates that are not HTML."""

from digests.view import Passage
from digests.wrapping import columns, wrapped


def labelled(line: str, label: str) -> str:
    """Write a line of a card under its label, in two columns."""
    return f"  {label}{' ' * max(1, 13 - columns(label))}{wrapped(line, 15).lstrip()}"


def quoted(passage: Passage) -> str:
    """Write a passage in plain text: the main sentence stands between asterisks."""
    return "".join(f"*{piece.text.strip()}*" if piece.mark == "main" else piece.text for piece in passage.pieces)
