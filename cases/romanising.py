"""a Korean name in Hangul or Latin letters → its sound, so that 김서진, Kim Seo-jin and Gim Seojin meet.

Hangul is spelt syllable by syllable after the Revised Romanisation, without the changes of sound that speech makes; Latin surnames are
read by the table of surnames, and given names by the usual older spellings. What is alike is one sound, not one person.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_HANGUL = re.compile(r"[가-힣\s]+")
_LATIN = re.compile(r"[A-Za-z\s\-'.,]+")
_LATIN_WORD = re.compile(r"[a-z]+")
_FIRST = ord("가")
_INITIALS = "g kk n d tt r m b pp s ss - j jj ch k t p h".split()  # noqa: SIM905 - in the order of Unicode
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()  # noqa: SIM905
_FINALS = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()  # noqa: SIM905
_SPELLINGS = (
    ("oo", "u"),
    ("ee", "i"),
    ("woo", "u"),
    ("young", "yeong"),
    ("sung", "seong"),
    ("jung", "jeong"),
    ("hyun", "hyeon"),
)
_COMPOUND = frozenset({"남궁", "황보", "제갈", "선우", "사공", "서문", "독고"})


def sounds_of(name: str) -> frozenset[tuple[str, str]]:
    """Give surname and given name of a Korean by sound; nothing for a name that is not written as one.

    In Latin letters the surname may stand first or last, so that a name may be heard in two ways.
    """
    if _HANGUL.fullmatch(name.strip()):
        letters = "".join(name.split())
        cut = 2 if letters[:2] in _COMPOUND else 1
        given = "".join(_syllable(letter) for letter in letters[cut:])
        return frozenset({(_hangul_surnames().get(letters[:cut], letters[:cut]), _folded(given))} if given else ())
    words = _LATIN_WORD.findall(name.casefold())
    if len(words) < 2 or not _LATIN.fullmatch(name):  # noqa: PLR2004 - a surname and a given name
        return frozenset()
    ways = ((words[0], words[1:]), (words[-1], words[:-1]))
    surnames = _latin_surnames()
    return frozenset((surnames[first], _folded("".join(rest))) for first, rest in ways if first in surnames)


def _syllable(character: str) -> str:
    code = ord(character) - _FIRST
    initial, rest = divmod(code, 21 * 28)
    vowel, final = divmod(rest, 28)
    return (_INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]).replace("-", "")


def _folded(given: str) -> str:
    """Give one spelling for those that writers choose between."""
    for spelling, usual in _SPELLINGS:
        given = given.replace(spelling, usual)
    return given


@cache
def _hangul_surnames() -> Mapping[str, str]:
    """Surname in Hangul → its first form in the table, North and South alike (리 and 이)."""
    return {form: key for key, hangul, _ in _table() for form in hangul}


@cache
def _latin_surnames() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for key, _, latin in _table():
        for form in latin:
            found.setdefault(form, key)
    return found


@cache
def _table() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    text = (files("cases") / "surnames_ko.csv").read_text(encoding="utf-8")
    return tuple(
        (row["hangul"], tuple(row["hangul"].split("/")), tuple(re.findall(r"[a-z]+", row["romanisations"].casefold())))
        for row in csv.DictReader(text.splitlines())
    )
