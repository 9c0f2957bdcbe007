"""text → places of the wide world: cities and border posts outside the corridor, each with every State it may lie in.

Two tables: ``cases/world.tsv`` (larger cities, from GeoNames) and ``cases/posts.tsv`` (written by hand: border posts, airports,
camps, prisons, islands, regions, and names that the first lacks). Names are looked up word by word in the scripts with
words, sign by sign in the others, and in Russian and Korean without their endings. What a name means here is decided by
whoever asks.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

from cases.extraction.pack import table

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "en": ("en",),
    "es": ("es", "en"),
    "fr": ("fr", "en"),
    "it": ("en",),
    "de": ("en",),
    "ru": ("ru",),
    "ko": ("ko",),
    "ja": ("ja",),
    "zh": ("zh",),
}
_TABLES = ("world.tsv", "posts.tsv")
CAPITAL = 10_000
"""Added to the size of a State's capital; sizes are thousands of people."""


class Spot(NamedTuple):
    """One place of the world."""

    name: str
    country: str
    size: int
    kind: str


class Found(NamedTuple):
    """A name in a text in its dictionary form, with the places it may be."""

    start: int
    end: int
    name: str
    spots: tuple[Spot, ...]


class _Entry(NamedTuple):
    words: tuple[str, ...]
    name: str
    spots: tuple[Spot, ...]


Finder = Callable[[str], Iterator[Found]]

_WORD = re.compile(r"[^\W_]+")
_JOINT = re.compile(r"[ \n'’.‑-]{1,2}")
_HANGUL = re.compile(r"(?<![가-힣])[가-힣]{2,20}")
_AFTER_HANGUL = re.compile(
    r"(?:시|주|군|구|성|현|섬|항|국제공항|공항|역)?(?:까지|에서|에서는|에서도|으로|로|으로부터|로부터|에|에는|에도|의|을|를|은|는|이|가|과|와|부터|발|행|내|"
    r"인근|외곽|근교|지역|출신|주민|당국|경찰|법원|쪽|측|산)?(?![가-힣])"
)
_SIGN = re.compile(r"[一-鿿ァ-ヶー]")
_KANA = re.compile(r"[ァ-ヶー]")


def find_world(text: str, language: str) -> tuple[Found, ...]:
    """Find the names of the table in order, the longest at each place, none overlapping."""
    return tuple(_finder(language)(text))


@cache
def _finder(language: str) -> Finder:
    names = _names(language)
    if language == "ru":
        return _worded(names, declined, endings_of)
    if language == "ko":
        return _by_token(names)
    if language in ("ja", "zh"):
        return _by_sign(names)
    return _worded(names, lambda word: ((_plain(word), ""),), lambda word: ((_plain(word), ""),))


def spots_named(name: str, language: str) -> tuple[Spot, ...]:
    """Give the places of exactly that name as the language writes it."""
    return _names(language).get(name, ())


def is_doubtful(name: str, language: str) -> bool:
    """Tell whether a name is also an ordinary word or the name of a person in that language."""
    return name in _doubtful(language)


@cache
def _doubtful(language: str) -> frozenset[str]:
    return frozenset(table(language, "places").get("doubtful", ()))


@cache
def _names(language: str) -> dict[str, tuple[Spot, ...]]:
    """Read the names of one language, each with its places."""
    names: dict[str, tuple[Spot, ...]] = {}
    for spot, forms in _spots(language):
        for form in forms.split("|"):
            known = names.get(form)
            if known is None:
                names[form] = (spot,)
            elif all(one.name != spot.name or one.country != spot.country for one in known):
                names[form] = (*known, spot)
    return names


def _spots(language: str) -> Iterator[tuple[Spot, str]]:
    """Give each place that has a name in a language, with the forms of that name."""
    for file in _TABLES:
        head, *rows = (
            line.split("\t")
            for line in (files("cases") / file).read_text(encoding="utf-8").splitlines()
            if line and line[0] != "#"
        )
        country, size, usual = (head.index(name) for name in ("country", "size", "en"))
        kind = head.index("kind") if "kind" in head else None
        columns = [head.index(name) for name in COLUMNS[language] if name in head]
        for row in rows:
            forms = next((row[column] for column in columns if row[column]), None)
            if forms is not None:
                what = row[kind] if kind is not None else "city"
                yield Spot(row[usual].partition("|")[0], row[country], int(row[size]), what), forms


Inflections = Callable[[str], tuple[tuple[str, str], ...]]
"""A word → pairs of what stays and what may change."""


def _worded(names: Mapping[str, tuple[Spot, ...]], listed: Inflections, read: Inflections) -> Finder:
    """Look names up by their words; a name begins with a capital."""
    begins: dict[tuple[str, ...], list[_Entry]] = {}
    """Names by the stems of their first two words: many begin with San, La or New."""
    for name, spots in names.items():
        words = tuple(_WORD.findall(name))
        for stems in product(*({stem for stem, _ in listed(word)} for word in words[:2])):
            begins.setdefault(stems, []).append(_Entry(words, name, spots))
    for entries in begins.values():
        entries.sort(key=lambda entry: -len(entry.words))

    def find(text: str) -> Iterator[Found]:
        end = 0
        for match in _WORD.finditer(text):
            if match.start() < end or not match[0][0].isupper():
                continue
            second = _next_word(text, match.end())
            further = [(), *((stem,) for stem, _ in read(second[0]))] if second else [()]
            entries = [
                entry for stem, _ in read(match[0]) for more in further for entry in begins.get((stem, *more), ())
            ]
            ends = [(_fits(text, match, entry, listed, read), entry) for entry in entries]
            end = max((stop for stop, _ in ends), default=0)
            longest = [entry for stop, entry in ends if stop == end]
            if end:
                spots = dict.fromkeys(spot for entry in longest for spot in entry.spots)
                yield Found(match.start(), end, longest[0].name, _by_size(tuple(spots)))

    return find


def _fits(text: str, first: re.Match[str], entry: _Entry, listed: Inflections, read: Inflections) -> int:
    """Give where a name ends that begins here; 0 where it does not stand here."""
    match: re.Match[str] | None = first
    end = first.start()
    for position, word in enumerate(entry.words):
        if position:
            match = _next_word(text, end)
        if match is None or not set(listed(word)) & set(read(match[0])):
            return 0
        end = match.end()
    return end


def _next_word(text: str, end: int) -> re.Match[str] | None:
    joint = _JOINT.match(text, end)
    return _WORD.match(text, joint.end()) if joint else None


@lru_cache(maxsize=65_536)
def _plain(word: str) -> str:
    """Give a word without case and marks."""
    if word.isascii():
        return word.lower()
    bare = unicodedata.normalize("NFD", word.casefold()).translate(_LETTERS)
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


_LETTERS = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})

_DECLENSIONS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("ый", "ий", "ой"), ("ый", "ий", "ой", "ого", "его", "ому", "ему", "ым", "им", "ом", "ем")),
    (("ая", "яя"), ("ая", "яя", "ой", "ей", "ую", "юю")),
    (("ое", "ее"), ("ое", "ее", "ого", "его", "ому", "ему", "ом", "ем", "ым", "им")),
    (("а", "я"), ("а", "я", "ы", "и", "е", "у", "ю", "ой", "ою", "ей")),
    (("ь",), ("ь", "я", "ю", "е", "и", "ем", "ём", "ью")),
    (("й",), ("й", "я", "ю", "е", "и", "ем")),
    (("ы",), ("ы", "", "ам", "ами", "ах")),
    (("и",), ("и", "ам", "ами", "ах", "ям", "ями", "ях")),
    (("о",), ("о", "а", "у", "ом", "е")),
)
_CONSONANT = ("", "а", "у", "ом", "ем", "е", "ы", "ов")
_ENDINGS = frozenset(_CONSONANT).union(*(endings for _, endings in _DECLENSIONS))
_LONGEST = max(map(len, _ENDINGS))


@cache
def declined(word: str) -> tuple[tuple[str, str], ...]:
    """Give the stems of a Russian name's word with each ending that it takes."""
    plain = word.lower().replace("ё", "е")
    pairs = {(plain, "")}
    for nominative, endings in _DECLENSIONS:
        if plain.endswith(nominative) and len(plain) > len(nominative[0]) + 1:
            pairs |= {(plain[: -len(nominative[0])], ending) for ending in endings}
    if plain[-1] not in "аеиоуыэюяйь":
        pairs |= {(plain, ending) for ending in _CONSONANT}
    if plain.endswith("ец"):
        pairs |= {(plain[:-2] + "ц", ending) for ending in ("а", "у", "ом", "ем", "е")}
    return tuple(pairs)


@lru_cache(maxsize=65_536)
def endings_of(word: str) -> tuple[tuple[str, str], ...]:
    """Give every way to part a word of a Russian text into a stem and an ending."""
    plain = word.lower().replace("ё", "е")
    parted = (
        (plain[: len(plain) - length], plain[len(plain) - length :])
        for length in range(min(_LONGEST, len(plain) - 2) + 1)
    )
    return tuple((stem, ending) for stem, ending in parted if ending in _ENDINGS)


def _by_token(names: Mapping[str, tuple[Spot, ...]]) -> Finder:
    """Look Korean names up at the beginning of a word; particles and words for kinds may follow."""
    longest = max(map(len, names))

    def find(text: str) -> Iterator[Found]:
        for match in _HANGUL.finditer(text):
            for length in range(min(longest, len(match[0])), 1, -1):
                name = match[0][:length]
                if name in names and _AFTER_HANGUL.match(text, match.start() + length):
                    yield Found(match.start(), match.start() + length, name, _by_size(names[name]))
                    break

    return find


def _by_sign(names: Mapping[str, tuple[Spot, ...]]) -> Finder:
    """Look Chinese and Japanese names up by their first two signs; a name in kana is a whole run of kana."""
    by_head: dict[str, list[str]] = {}
    for name in names:
        by_head.setdefault(name[:2], []).append(name)
    for listed in by_head.values():
        listed.sort(key=len, reverse=True)

    def find(text: str) -> Iterator[Found]:
        end = 0
        for match in _SIGN.finditer(text):
            start = match.start()
            if start < end:
                continue
            for name in by_head.get(text[start : start + 2], ()):
                if text.startswith(name, start) and _stands_alone(text, start, start + len(name)):
                    end = start + len(name)
                    yield Found(start, end, name, _by_size(names[name]))
                    break

    return find


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a name in kana is not the piece of a longer word in kana."""
    within = bool(_KANA.match(text, end)) and bool(_KANA.match(text, end - 1))
    behind = start > 0 and bool(_KANA.match(text, start - 1)) and bool(_KANA.match(text, start))
    return not (within or behind)


def _by_size(spots: tuple[Spot, ...]) -> tuple[Spot, ...]:
    return tuple(sorted(spots, key=lambda spot: -spot.size))
