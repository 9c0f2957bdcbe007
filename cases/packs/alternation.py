"""words → one regular expression that tries each letter once, so that long word lists stay fast."""

import re
from collections.abc import Collection, Iterable
from itertools import product

_END = ""
_LOOSE = {" ": r"\s{1,3}", "'": "['’]", "-": "[-‐‑–]"}
_FIRST = {" ": r"\s", "'": "'’", "-": r"\-‐‑–"}


_BRACKET = re.compile(r"\(([^()]*/[^()]*)\)")


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


def places_of(words: Collection[str], edge: str) -> re.Pattern[str]:
    """Compile what finds every place behind an edge where one of these words begins, overlapping ones too; group 1 is the word that stands there, the longest."""
    here = f"{edge}(?=({alternation(words)}))"
    if not words or "" in words:
        return re.compile(here)
    # the engine runs to the letters of one class several times as fast as to places where any of many words begins
    initials = "".join(_FIRST.get(letter, re.escape(letter)) for letter in sorted({word[0] for word in words}))
    return re.compile(f"[{initials}](?<={here}(?s:.))")


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


def spelt_out(word: str) -> tuple[str, ...]:
    """Give every form of a word whose endings are listed in brackets: "узбек(/а/у)" is узбек, узбека, узбеку."""
    pieces = _BRACKET.split(word)
    return tuple(
        "".join(form)
        for form in product(*([piece] if place % 2 == 0 else piece.split("/") for place, piece in enumerate(pieces)))
    )


def as_listed(matched: str) -> str:
    """Bring a matched word back to the form of the list: plain apostrophe, hyphen and single spaces, case folded."""
    straight = matched.replace("’", "'").translate(HYPHENS)
    return " ".join(straight.casefold().split())


HYPHENS = str.maketrans({"‐": "-", "‑": "-", "–": "-"})
"""The hyphen's kin, which a listed word also matches, to the hyphen."""
