"""sentence → proper nouns that may be persons: capitals alone, enough to say that *somebody* is told, never who.

A name for a victim is only what the grammar of names finds. This is the weaker question, for scripts with capitals:
does a run of capitalised words stand where a person would?
"""

import re
from collections.abc import Sequence

from cases.extraction.mention import Mention
from cases.packs.notation import fold
from cases.packs.tables import Hit

_RUN = re.compile(
    r"(?<![\w-])(?:[A-ZÀ-ÞА-ЯЁ][\w'’.-]{1,20})(?:\s(?:(?:al|bin|ben|de|del|la|van|von|el|al-)\s)?[A-ZÀ-ÞА-ЯЁ][\w'’-]{0,20}){1,3}"
)
_HEADLINE = 0.6
"""From this share of capitalised words on, capitals mean nothing."""
_WORD = re.compile(r"[^\W\d_]{2,}")


def find_proper(text: str, *, bodies: frozenset[str], others: Sequence[Mention]) -> tuple[Hit, ...]:
    """Find runs of two to four capitalised words that no other mention covers and that hold no word for a body.

    ``bodies`` are folded words that tell an organisation, a title, a day or a month. Headlines give nothing.
    """
    words = _WORD.findall(text)
    if not words or sum(word[0].isupper() for word in words) >= _HEADLINE * len(words):
        return ()
    return tuple(
        Hit("any", match.start(), match.end())
        for match in _RUN.finditer(text)
        if not bodies & set(fold(match.group()).replace("-", " ").split())
        and not any(match.start() < other.end and other.start < match.end() for other in others)
    )
