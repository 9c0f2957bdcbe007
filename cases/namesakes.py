"""two victims' names → same, similar, unlike or different: real names help, pseudonyms say nothing.

A name that an article does not mark may be either; it helps less, and its difference only speaks against.
"""

import re
import unicodedata
from enum import Enum, auto

from cases.model import Victim
from cases.romanising import sounds_of
from cases.whereabouts import script

_MASKED = re.compile(r"[〇○×*?_]|某|모(?:씨|양|군)?$|(?:^|\s)[A-Z]\.?\s*(?:씨|さん|氏)?$|さん|氏$")
_TITLES = frozenset({"ms", "mr", "mrs", "miss", "dr", "mme", "m", "herr", "frau", "sr", "sra"})
_SHORTEST = {"HANGUL": 3, "CJK": 2}
_SHORTEST_ALPHABETIC = 5


class Likeness(Enum):
    """What two names say of their bearers."""

    SAME = auto()
    """One real name."""
    SIMILAR = auto()
    """One full name, of which nobody says that it is real."""
    UNLIKE = auto()
    """Two full names that nobody says are real."""
    DIFFERENT = auto()
    """Two real names."""
    SILENT = auto()
    """Nothing: a pseudonym, no name, a surname or initial alone, or two scripts that do not sound alike."""


def compare_names(one: Victim, other: Victim) -> Likeness:
    """Compare two victims by name alone; order of family and given name, marks, hyphens and romanisation do not matter."""
    if one.pseudonym is True or other.pseudonym is True or not (one.name and other.name):
        return Likeness.SILENT
    if not (is_full(one.name) and is_full(other.name)):
        return Likeness.SILENT
    real = one.pseudonym is False and other.pseudonym is False
    if turned(one.name) & turned(other.name) or _sound_alike(one.name, other.name):
        return Likeness.SAME if real else Likeness.SIMILAR
    if script(one.name) != script(other.name):
        return Likeness.SILENT
    return Likeness.DIFFERENT if real else Likeness.UNLIKE


def _sound_alike(one: str, other: str) -> bool:
    """Whether two Korean names are one in sound, however they are romanised."""
    return bool(sounds_of(one) & sounds_of(other))


def is_full(name: str) -> bool:
    """Whether a name is more than a surname, an initial or a mask such as 김모 or 金某."""
    if _MASKED.search(name):
        return False
    shortest = _SHORTEST.get(script(name))
    if shortest is not None:
        return len("".join(name.split())) >= shortest
    return len(_words(name)) > 1 and sum(map(len, _words(name))) >= _SHORTEST_ALPHABETIC


def turned(name: str) -> frozenset[str]:
    """Give a name without titles and marks, run together, from each of its words on: given name first or last is one name."""
    words = _words(name)
    return frozenset("".join(words[start:] + words[:start]) for start in range(len(words)))


def _words(name: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = re.findall(r"\w+", unicodedata.normalize("NFC", plain).casefold())
    return [word for word in words if word not in _TITLES]
