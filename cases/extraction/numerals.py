"""numeral → number: whole numbers in digits and words, by each language's table ``packs/<language>/numerals.toml``.

A table holds ``words`` (value by word), ``scales`` (multipliers such as thousand), ``joint`` (pattern between two words),
``mark`` (what separates groups of three digits) and, where there are such, ``articles``, and ``decimal``, what stands before
the fraction in "4,2 thousand".
"""

import re
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from cases.extraction.pack import table
from cases.packs.alternation import alternation, as_listed

_HUGE = 10**9
_MYRIAD = 10_000
_THOUSAND = 1000
_BASE = 10


class Numerals(NamedTuple):
    """How a language writes whole numbers: ``pattern`` finds one, ``tokens`` cuts it into words and digits."""

    pattern: str
    tokens: re.Pattern[str]
    words: dict[str, int]
    scales: dict[str, int]
    articles: frozenset[str]
    """Words for one that are articles too: with a nationality they count nobody, "un Guinéen"."""
    decimal: str | None = None
    unjoined: bool = False
    """Nothing stands between its words: digits may be written one by one, 二〇二三."""


@cache
def numerals(language: str) -> Numerals:
    """Load the numerals of a language that has a pack."""
    data = table(language, "numerals")
    words, scales = dict[str, int](data["words"]), dict[str, int](data["scales"])
    word = alternation([*words, *scales])
    digits = rf"\d{{1,3}}(?:{data['mark']}\d{{3}}){{1,3}}(?!\d)|\d{{1,9}}"
    decimal = data.get("decimal")
    if decimal:
        digits = rf"\d{{1,3}}{re.escape(decimal)}\d{{1,2}}(?=\s?{alternation(scales)})|{digits}"
    joint = data["joint"]
    once = ">" if joint else ":"  # spaced numerals are read whole; unspaced ones may give a last sign back to the unit
    pattern = rf"(?{once}(?:{digits})(?:\s?{alternation(scales)}(?:{digits})?){{0,3}}|{word}(?:{joint}{word}){{0,6}})"
    tokens = re.compile(rf"{digits}|{word}", re.IGNORECASE)
    return Numerals(pattern, tokens, words, scales, frozenset(data.get("articles", ())), decimal, not joint)


def number_in(raw: str, language: str) -> int | None:
    """Read a numeral of a language; ``None`` when it holds none or is beyond a thousand million."""
    known = numerals(language)
    total = current = Fraction(0)
    found = in_places = scaled = False
    for token in known.tokens.findall(raw):
        found = True
        listed = as_listed(token)
        if (scale := known.scales.get(listed)) is not None:
            total, current = _scaled(total, current, scale)
        elif listed in known.words:
            current = current * (_BASE if in_places else 1) + known.words[listed]
        else:
            current += _digits(token, known.decimal)
        in_places = known.unjoined and not scaled and known.words.get(listed, _BASE) < _BASE
        scaled = listed in known.scales or (scaled and known.words.get(listed) == 0)
    value = int(total + current)
    return value if found and value < _HUGE else None


def _digits(token: str, decimal: str | None) -> Fraction:
    """Read digits, with their fraction where the language writes one before a scale word."""
    whole, _, part = token.partition(decimal) if decimal else (token, "", "")
    return Fraction(re.sub(r"\D", "", whole)) + (Fraction(int(part), 10 ** len(part)) if part else 0)


def _scaled(total: Fraction, current: Fraction, scale: int) -> tuple[Fraction, Fraction]:
    """Multiply what stands before a scale word: hundred in place, thousand closes a group, 万 takes all before it."""
    if scale >= _MYRIAD:
        return ((total + current) or Fraction(1)) * scale, Fraction(0)
    if scale >= _THOUSAND:
        return total + (current or Fraction(1)) * scale, Fraction(0)
    below = current % scale
    return total, current - below + (below or Fraction(1)) * scale
