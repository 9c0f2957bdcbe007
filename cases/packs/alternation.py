"""words → one regular expression that tries each letter once, so that long word lists stay fast."""

import re
from collections.abc import Iterable

_END = ""
_LOOSE = {" ": r"\s{1,3}", "'": "['’]", "-": "[-‐‑–]"}


class _Node(dict[str, "_Node"]):
    """The letters that may follow; the empty string marks that a word may end here."""


def alternation(words: Iterable[str]) -> str:
    """Give a pattern for exactly these words, the longest first.

    A space stands for one to three spaces or line ends, a straight apostrophe and hyphen also for their curly kin. The
    pattern has no boundaries of its own. An empty list gives a pattern that never matches.
    """
    root = _Node()
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, _Node())
        node[_END] = _Node()
    return _pattern(root) if root else r"(?!)"


def _pattern(node: _Node) -> str:
    branches = [
        _LOOSE.get(letter, re.escape(letter)) + _pattern(below)
        for letter, below in sorted(node.items())
        if letter != _END
    ]
    if not branches:
        return ""
    if _END in node:
        return f"(?:{'|'.join(branches)})?"
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def as_listed(matched: str) -> str:
    """Bring a matched word back to the form of the list: plain apostrophe, hyphen and single spaces, case folded."""
    straight = matched.replace("’", "'").translate(_HYPHENS)
    return " ".join(straight.casefold().split())


_HYPHENS = str.maketrans({"‐": "-", "‑": "-", "–": "-"})
