"""text → cell: nothing that a spreadsheet would take for a formula, and no character that a file cannot hold."""

import unicodedata

_STARTERS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BREAKS = dict.fromkeys(map(ord, "\r\n\t\v\f\x85\u2028\u2029"), " ")
_REVERSING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    """Leave out control characters, halves of characters and what turns the reading direction; line breaks become spaces."""
    return "".join(
        c for c in text.translate(_BREAKS) if unicodedata.category(c) not in {"Cc", "Cs"} and c not in _REVERSING
    )


def defused(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run: it shows the text as it stands then."""
    text = plain(text)
    return f"'{text}" if text.lstrip().startswith(_STARTERS) else text
