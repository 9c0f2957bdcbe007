"""A paragraph → lines for a terminal, by the columns that its characters take: Chinese and Korean take two each.

Lines break at blanks, and in Chinese and Japanese, which have none, between characters. A word without a place to break, such
as an address, stays whole however long it is.
"""

import re
import unicodedata
from functools import lru_cache

WIDTH = 78

# One Han character, kana or full-width sign with the closing punctuation that must not begin a line; or a run of others.
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_OPENING = "「『（《〈【〔“‘"
_CLOSING = "、。，．：；！？」』）》〉】〕”’…ー"
_UNIT = re.compile(f"[{_OPENING}]*[{_HAN}][{_CLOSING}]*|[{_CLOSING}]+|[^{_HAN}{_OPENING}{_CLOSING}]+|[{_OPENING}]+")


def columns(text: str) -> int:
    """Count the columns of a terminal that a text takes."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def wrapped(text: str, indent: int = 0, first: int | None = None, width: int = WIDTH) -> str:
    """Wrap one paragraph; ``indent`` blanks stand before each line, ``first`` (when given) before the first."""
    lines: list[str] = []
    line, taken, free = "", 0, width - (indent if first is None else first)
    for glue, unit in _units(text):
        wide = columns(unit)
        if line and taken + len(glue) + wide > free:
            lines.append(line)
            line, taken, free = unit, wide, width - indent
        else:
            line, taken = (f"{line}{glue}{unit}", taken + len(glue) + wide) if line else (unit, wide)
    lines.append(line)
    starts = [" " * (indent if first is None else first)] + [" " * indent] * (len(lines) - 1)
    return "\n".join((start + line).rstrip() for start, line in zip(starts, lines, strict=True))


def _units(text: str) -> list[tuple[str, str]]:
    """Cut a text into pieces that stay whole, each with the blank that stands before it."""
    units: list[tuple[str, str]] = []
    for word in text.split():
        parts = [word] if "://" in word else _UNIT.findall(word)
        units.extend((" " if n == 0 else "", part) for n, part in enumerate(parts))
    return units


@lru_cache(maxsize=16_384)
def _columns_of(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
