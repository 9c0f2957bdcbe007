"""A pattern and its values → text, with the Korean particles that the values call for.

Korean joins words by particles whose form follows the sound that stands before them: 북한**으로**, 러시아**로**. A pattern
names both forms between a slash, right behind a value: ``{end}(으로/로)``. Only the pattern is read so; what looks like it inside a
value stays as it is. Other languages have no such marks, and their patterns are filled as they are.
"""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{(\w+)\}(?:\((이/가|을/를|은/는|과/와|으로/로|이라고/라고|이나/나)\))?")
_SYLLABLES = range(0xAC00, 0xD7A4)
_FINALS = 28
_RIEUL = 8
_SILENT = re.compile(r"[\s\"'”’»›)\]）］」』》〉】〕]+\Z")
"""What is written but not spoken: closing marks and blanks."""

_DIGITS = {"0": "consonant", "1": "rieul", "3": "consonant", "6": "consonant", "7": "rieul", "8": "rieul"}
"""How the names of the digits end (영 or 십, 일, 삼, 육, 칠, 팔); the others end in a vowel."""


def fill(pattern: str, values: Mapping[str, object]) -> str:
    """Put values into the places of a pattern that bear their names. Raises KeyError when one is missing.

    Names only: ``str.format`` would also read attributes of the values, which a template must not.
    """

    def said(place: re.Match[str]) -> str:
        value = str(values[place[1]])
        return value + particle(value, place[2]) if place[2] else value

    return _PLACE.sub(said, pattern)


def particle(before: str, forms: str) -> str:
    """Choose one of two forms (``이/가``, ``으로/로``) by how the text before it ends; both, where that is not known."""
    closed, open_ = forms.split("/")
    ending = _ending(before)
    if ending == "unknown":
        return f"{closed}({open_})"
    if ending == "rieul" and forms == "으로/로":
        return open_
    return open_ if ending == "vowel" else closed


def _ending(text: str) -> str:
    """Tell how the last letter sounds: ``vowel``, ``consonant``, ``rieul`` (ㄹ), or ``unknown`` for other scripts."""
    last = _SILENT.sub("", text)[-1:]
    if last.isascii() and last.isdigit():
        return _DIGITS.get(last, "vowel")
    if not last or ord(last) not in _SYLLABLES:
        return "unknown"
    final = (ord(last) - _SYLLABLES.start) % _FINALS
    return {0: "vowel", _RIEUL: "rieul"}.get(final, "consonant")
