"""text + what must not leave → text: names become labels, exact days months, and small places the area they lie in.

A mask is cut from the names, places and ages that the reports hold, in every form in which an article is likely to repeat
them. It covers too much rather than too little: a word that only looks like a protected surname goes as well.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from cases.gazetteer import gazetteer
from cases.model import Place
from cases.whereabouts import FINE, script

WITHHELD = "[name withheld]"
"""Stands for a name that has no label in the case at hand."""

Mask = Callable[[str], str]
_ALPHABETIC = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_TITLES = r"(?:Ms|Mr|Mrs|Miss|Mx|Dr|Madame|Madam|Mme|Mlle|M|Sra|Sr|Sig|Herr|Frau|Г-жа|Г-н|госпожа|господин)\.?"
_EASTERN_TITLES = r"\s*(?:모\s*씨|모\s*양|모\s*군|모|씨|양|군|氏|某某|某|女士|小姐|先生|さん|くん|ちゃん)"
_BETWEEN = r"[\s\u00a0·.'’‐‑–-]*"
_ORDINARY = frozenset(
    {
        "A",
        "An",
        "As",
        "At",
        "Do",
        "Go",
        "He",
        "I",
        "If",
        "In",
        "Is",
        "May",
        "Me",
        "My",
        "No",
        "Of",
        "Oh",
        "On",
        "Or",
        "She",
        "So",
        "Song",
        "To",
        "We",
        "You",
    }
)
"""Words of English that are also syllables of names: alone they are masked only after a title."""
_OPENERS = (
    "After|Although|And|Because|Before|But|Even|Her|His|How|Later|Now|Once|Only|Since|That|The|Then|They|This|Today|What|When"
    "|Where|Which|While|Why|With|Yesterday|Yet|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March"
    "|April|June|July|August|September|October|November|December"
)
_GIVEN = rf"(?!(?:{_OPENERS}|{'|'.join(sorted(_ORDINARY))})\b)[A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŘŚŞŠŹŻŽА-ЯЁ][\w’'-]+"
"""A word with a capital that may be the given name of the surname behind it; words that only begin a sentence are none."""


def together(masks: Iterable[Mask]) -> Mask:
    """Make one mask of several, laid on one after the other."""
    layers = tuple(masks)

    def lay(text: str) -> str:
        for mask in layers:
            text = mask(text)
        return text

    return lay


# -- names ------------------------------------------------------------------------------------------------------------


def names_mask(labels: Mapping[str, str]) -> Mask:
    """Mask every form of these names by their label: all full names first, then parts that could give them away."""
    forms = [(name, label, _forms(name)) for name, label in sorted(labels.items(), key=lambda pair: -len(pair[0]))]
    whole = [(form, label) for _, label, (full, _) in forms for form in full]
    parts = [(form, label) for _, label, (_, part) in forms for form in part]
    return together([_replacing(re.compile(form), label) for form, label in whole + parts])


def names_blot(names: Iterable[str], sign: str, *, whole: bool = False) -> Mask:
    """Blot every form of these names, each letter by a sign; ``whole``: only where a name stands in full."""
    forms = [_forms(name) for name in sorted(names, key=lambda name: (-len(name), name))]
    patterns = [form for full, _ in forms for form in full]
    patterns += [] if whole else [form for _, parts in forms for form in parts]
    return together([_blotting(re.compile(pattern), sign) for pattern in patterns])


def _blotting(pattern: re.Pattern[str], sign: str) -> Mask:
    return lambda text: pattern.sub(lambda found: sign * len(found[0]), text)


def _replacing(pattern: re.Pattern[str], label: str) -> Mask:
    return lambda text: pattern.sub(lambda _: label, text)


Forms = tuple[list[str], list[str]]
"""Patterns of a name as a whole, and of its parts."""


def _forms(name: str) -> Forms:
    """Give patterns for a name as printed, its parts in either order, and its surname with and without a title."""
    chunks = [tuple(re.findall(r"\w+", chunk)) for chunk in name.split()]
    chunks = [chunk for chunk in chunks if chunk]
    if not chunks:
        return ([re.escape(name)] if name.strip() else []), []
    if script(name) not in _ALPHABETIC:
        return _eastern_forms(name, [word for chunk in chunks for word in chunk])
    return _alphabetic_forms(chunks)


def _alphabetic_forms(chunks: Sequence[tuple[str, ...]]) -> Forms:
    """Give the forms of a name in Latin or Cyrillic letters: as recorded first, so that no other order cuts into it."""
    chunks = [chunk for chunk in chunks if not re.fullmatch(_TITLES, chunk[0], re.IGNORECASE)] or list(chunks)
    orders = (chunks, (*chunks[1:], *chunks[:1]), (*chunks[-1:], *chunks[:-1]), chunks[1:], chunks[:-1])
    groups = dict.fromkeys(tuple(word for chunk in order for word in chunk) for order in orders)
    titled = rf"(?:{_TITLES}\s+)?"
    full = [_whole(titled + _BETWEEN.join(map(_spelt, group)), ignore_case=True) for group in groups if len(group) > 1]
    if len(chunks) == 1 and chunks[0][0].capitalize() not in _ORDINARY:
        # Of somebody who was only met as "Mr. Marsh", the text may say "Jon Marsh" elsewhere.
        full.append(_whole(rf"{titled}{_GIVEN}\s+{_BETWEEN.join(map(_spelt, chunks[0]))}"))
    ends = (chunks[0], chunks[-1])
    parts = [_whole(rf"{_TITLES}\s+{_BETWEEN.join(map(_spelt, chunk))}", ignore_case=True) for chunk in ends]
    for word in {chunk[0] for chunk in ends if len(chunk) == 1 and (len(chunk[0]) > 1 or len(chunks) == 1)}:
        if word.capitalize() not in _ORDINARY:
            parts += [_whole(_spelt(written)) for written in {word, word.capitalize(), word.upper()}]
    return full, parts


def _spelt(word: str) -> str:
    """Write a word so that its accents, and the case endings of Russian, do not matter."""
    plain, ending = unicodedata.normalize("NFC", word), ""
    if script(plain) == "CYRILLIC" and len(plain) > 2:  # noqa: PLR2004 - "Ким" is a stem with endings, "Ли" is not
        plain, ending = re.sub("[ьйая]$", "", plain), "[а-яё]{0,3}"
    return "".join(_letter(letter) for letter in plain) + ending


def _letter(letter: str) -> str:
    bare = unicodedata.normalize("NFD", letter)[0]
    return re.escape(letter) if bare == letter else f"[{re.escape(letter)}{re.escape(bare)}]"


def _whole(pattern: str, *, ignore_case: bool = False) -> str:
    flag = "i" if ignore_case else ""
    return rf"(?{flag}:(?<!\w){pattern}(?!\w))" if flag else rf"(?<!\w){pattern}(?!\w)"


def _eastern_forms(name: str, words: Sequence[str]) -> Forms:
    """Give the forms of a name in Hangul, Han or Kana, to which particles are glued and where no space ends a word."""
    joined = "".join(words)
    bare = re.sub(_EASTERN_TITLES + "$", "", joined) or joined
    surname = bare[0] if len(words) == 1 else words[0]
    full = [_BETWEEN.join(map(re.escape, joined)), re.escape(name)]
    if len(bare) > 1:
        full.append(_BETWEEN.join(map(re.escape, bare)))
    parts = [re.escape(surname) + _EASTERN_TITLES]
    if len(bare) > 2:  # noqa: PLR2004 - a given name of two syllables
        parts.append(re.escape(bare[len(surname) :]))
    return full, parts


# -- days -------------------------------------------------------------------------------------------------------------

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    "|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    "|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"
    "|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember"
    "|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|er|º)?"
_FIRST_DAY = rf"{_DAY}\.?"
"""A day before its month: German puts a full stop after it, which after a month would be that of the sentence."""
_TO = r"\s*(?:-|–|to|and|or|et|au|y|al|e|und|bis|и|по)\s*"
_NO_YEAR = r"(?!\w)(?!,?\s*\d{4}\b)(?!,\d)"
_DAYS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), shown)
    for pattern, shown in (
        (r"(?<!\d)(\d{4})[-./](\d{1,2})[-./]\d{1,2}(?!\d)", r"[\1-\2]"),
        (r"(?<!\d)\d{1,2}[-./]\d{1,2}[-./](\d{4})(?!\d)", r"[\1]"),
        (rf"\b({_MONTHS})\.?\s+{_DAY}(?:{_TO}{_DAY})*{_NO_YEAR}", r"[\1]"),
        (rf"\b({_MONTHS})\.?\s+{_DAY}(?:{_TO}{_DAY})*,?\s+(?=\d{{4}}\b)", r"[\1] "),
        (rf"(?<!\w){_FIRST_DAY}(?:{_TO}{_FIRST_DAY})*\s+(?:of\s+|de\s+)?({_MONTHS})\b", r"[\1]"),
        (r"(\d{1,2}\s*[月월])\s*\d{1,2}\s*[日号號일](?:\s*[-~–至]\s*\d{1,2}\s*[日号號일])?", r"[\1]"),
        (r"(?<![\d가-힣])\d{1,2}\s*(?:[日号號](?!本|\w*报)|일(?!\d)(?=[\s,.에은부오새저아밤]))", r"[…]"),
        (rf"\bthe\s+{_DAY}(?<=[a-z])(?=\s+of\b|[,.;])", r"the [day]"),
    )
)


def days_mask(text: str) -> str:
    """Take the day out of every date that names one; the month and the year stay, in brackets."""
    for pattern, shown in _DAYS:
        text = pattern.sub(shown, text)
    return text


# -- places -----------------------------------------------------------------------------------------------------------


def places_mask(places: Iterable[Place], area_of: Callable[[Place], str | None], narrow: frozenset[str] = FINE) -> Mask:
    """Mask the names of these places, and of every place of the gazetteer of a narrow level, by the area they lie in."""
    forms: dict[str, str] = {}
    for place in places:
        shown = _area(area_of(place))
        forms |= {form.casefold(): shown for form in (place.name, *_gazetteer_forms(place)) if len(form) > 1}
    own = _alternatives(forms, ignore_case=True)
    return together([mask for mask in (own, _everywhere(narrow)) if mask])


def _area(name: str | None) -> str:
    return f"[place in {name}]" if name else "[place withheld]"


def _gazetteer_forms(place: Place) -> list[str]:
    row = gazetteer().find(place.gazetteer_id)
    if row is None:
        return []
    return [form.text for forms in row.forms.values() for form in forms if not form.weak]


@cache
def _everywhere(narrow: frozenset[str]) -> Mask | None:
    """Mask every place of the gazetteer of these levels, by the area above them that it lies in."""
    forms: dict[str, str] = {}
    for row in gazetteer():
        if row.level in narrow:
            above = next((one for one in gazetteer().parents(row) if one.level not in narrow), None)
            shown = _area(above.name if above else None)
            forms |= {form.text: shown for names in row.forms.values() for form in names if not form.weak}
    return _alternatives(forms, ignore_case=False)


def _alternatives(forms: Mapping[str, str], *, ignore_case: bool) -> Mask | None:
    """Replace any of many words by what is to be shown for it, the longest first."""
    if not forms:
        return None
    ordered = sorted(forms, key=len, reverse=True)
    pattern = re.compile(
        "|".join(_whole(re.escape(form)) if script(form) in _ALPHABETIC else re.escape(form) for form in ordered),
        re.IGNORECASE if ignore_case else 0,
    )
    return lambda text: pattern.sub(lambda found: forms[found[0].casefold() if ignore_case else found[0]], text)
