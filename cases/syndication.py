"""texts → copies: how much of one text stands in another, and a sketch by which to find the two among a million.

A text is cut into shingles: runs of a few words, or of a few characters where a script puts no spaces between words. Case,
punctuation, spacing and the order of paragraphs say nothing. What counts is the shorter text: a reprint that keeps the
first paragraphs of a long story stands in it whole. Words in quotation marks prove nothing by themselves, since two
newsrooms may quote one statement at length; so as much must be shared outside of them. A translation is not seen here.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

COPY = 0.5
"""Share from which the shorter text is a copy: most of it stands in the other.

Measured on invented texts in five languages (tests/cases/test_syndication.py): reprints that are cut, edited, or given a
new lead and a local ending share 0.66 and more; independent stories on one event at most 0.01, and 0.01 too when both
quote a statement that is most of the shorter; no two of the demonstration's articles more than 0.05.
"""
COPY_OF_A_NOTE = 0.8
"""The same for a note of a few sentences, in which names and set phrases alone are a good part."""
_NOTE = 45
"""Shingles under which a text is a note."""
_LINE = 9
"""Shingles under which it is a line: then only all of it will do."""

_WORDS, _SIGNS = 3, 6
"""Length of a shingle, in words or in characters: of 2 to 5 words none told copies from others better."""
_LONGEST = 20_000
"""Characters that are looked at. Of a longer text its beginning stands for it."""
_ONE_IN, _FEWEST, _MOST = 8, 12, 96
"""A sketch holds one in eight of a text's shingles, within bounds: then even a reprinted paragraph is found."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SIGN = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_INVISIBLE = dict.fromkeys([0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF])
_QUOTED = re.compile(r"[“”„«»「『\"][^“”„«»「」『』\"\n]{1,3000}[“”«»」』\"]")
_WRITTEN_OUT = 12
"""Words outside quotation marks that a text must have for them to be looked at alone."""

Shingle = tuple[str, ...]


def share(one: str, other: str) -> float:
    """Give the share of the shorter text, from 0 to 1, that stands in the longer one; symmetric.

    The smaller of two shares: of all words, and of those outside quotation marks. 0 when either has no words.
    """
    return _compared(one[:_LONGEST], other[:_LONGEST])[0]


def copied(one: str, other: str) -> float | None:
    """Give the share if one text is a copy of the other, or of a part of it; else None."""
    found, length = _compared(*sorted((one[:_LONGEST], other[:_LONGEST])))
    needed = 1.0 if length < _LINE else COPY_OF_A_NOTE if length < _NOTE else COPY
    return found if found >= needed else None


@lru_cache(maxsize=1024)
def _compared(one: str, other: str) -> tuple[float, int]:
    """Give the share, and of how many shingles. A case with hundreds of copies asks for the same pairs at each of them."""
    words, other_words = _words(one), _words(other)
    mine, theirs = _shingles(words), _shingles(other_words)
    length = min(len(mine), len(theirs))
    found = 1.0 if words == other_words != () else _overlap(mine, theirs)
    if not 0.0 < found < 1.0:
        return found, length
    written, other_written = _words(_unquoted(one)), _words(_unquoted(other))
    if min(len(written), len(other_written)) >= _WRITTEN_OUT:
        found = min(found, _overlap(_shingles(written), _shingles(other_written)))
    return found, length


def sketch(text: str) -> tuple[int, ...]:
    """Give the text's sketch, sorted: signed numbers of 64 bits, the same on every machine; empty without words.

    Texts that share a part are likely to share numbers, the more the larger the part. The shingles that rank first by a
    checksum are chosen, so two texts choose alike without knowing of one another.
    """
    return _sketch(text[:_LONGEST])


@lru_cache(maxsize=512)
def _sketch(text: str) -> tuple[int, ...]:
    words = _words(text)
    width = _width(words)
    parts = {" ".join(words[start : start + width]).encode() for start in _starts(words, width)}
    ranked = sorted((zlib.crc32(part), part) for part in parts)
    chosen = ranked[: min(max(len(ranked) // _ONE_IN, _FEWEST), _MOST)]
    return tuple(sorted({_number(part) for _, part in chosen}))


def _number(part: bytes) -> int:
    return int.from_bytes(blake2b(part, digest_size=8).digest(), "big", signed=True)


def may_share(one: Sequence[int], other: Sequence[int]) -> bool:
    """Tell from two sketches whether it is worth comparing the texts."""
    return looks_shared(len(set(one) & set(other)), min(len(one), len(other)))


def looks_shared(common: int, size: int) -> bool:
    """Tell it from how many numbers two sketches have in common, and how many the smaller has: one in six is enough.

    A third of what a copy is expected to share, since a sketch is a sample; a chance meeting costs a comparison.
    """
    return common > 0 and common * 6 >= size


def families(texts: Iterable[str]) -> tuple[int, ...]:
    """Give each text the index of the first text of its family: copies of one another, or of a third between them.

    Sketches tell which texts to compare at all, so the cost follows the number of texts and of copies, not of pairs.
    A text without words is a family of its own.
    """
    every = tuple(texts)
    family = list(range(len(every)))
    holders: dict[int, list[int]] = {}
    for index, text in enumerate(every):
        numbers = sketch(text)
        near = {first for number in numbers for first in holders.get(number, ())}
        for first in sorted(near):
            if family[index] != family[first] and _are_copies(text, every[first]):
                young, old = sorted((family[index], family[first]), reverse=True)
                family = [old if one == young else one for one in family]
        for number in numbers:
            holders.setdefault(number, []).append(index)
    return tuple(family)


def _are_copies(one: str, other: str) -> bool:
    return may_share(sketch(one), sketch(other)) and copied(one, other) is not None


def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).casefold()
    return tuple(_WORD.findall(plain))


def _unquoted(text: str) -> str:
    return _QUOTED.sub(" ", text)


def _shingles(words: tuple[str, ...]) -> frozenset[Shingle]:
    """Cut words into shingles; what is shorter than one is one."""
    width = _width(words)
    return frozenset(words[start : start + width] for start in _starts(words, width))


def _width(words: Sequence[str]) -> int:
    signs = sum(_SIGN.match(word) is not None for word in words)
    return _SIGNS if signs * 2 > len(words) else _WORDS


def _starts(words: Sequence[str], width: int) -> range:
    return range(max(len(words) - width, 0) + 1 if words else 0)


def _overlap(one: frozenset[Shingle], other: frozenset[Shingle]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0
