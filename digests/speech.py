"""A language of the interface as a value: its sentences by gettext, its dates, numbers and lists by Unicode's CLDR.

Whoever words something is given a ``Speech`` and asks it; no language is set anywhere. English is what the program is written
in; the other languages lie in ``digests/locale`` as gettext catalogues, which are read as they are, so that nothing has to be
compiled. A sentence that a catalogue lacks is said in English rather than not at all; the tests let none be lacking.

Sentences are whole, with named places for values (``{who} forcibly returned to {end}``), because the order of words differs
from language to language. ``term`` and ``terms`` mark words that stand in tables, where no language is at hand yet.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Literal, cast

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from cases.errors import ConfigError
from digests.particles import fill

Language = Literal["en", "ko", "zh-Hans", "ja"]
"""BCP 47 codes of the languages in which a digest can be worded."""

DOMAIN = "returnwatch"
_LOCALES: dict[str, str] = {"en": "en_GB", "ko": "ko", "zh-Hans": "zh_Hans", "ja": "ja"}
"""English is written as in Britain: 9 September 2018."""

_ALSO: dict[str, str] = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-hans-cn": "zh-Hans"}
_LONGEST_SHOWN = 40
_LONGEST_HEADER = 200


@dataclass(frozen=True, eq=False)
class Speech:
    """One language: what it calls things, and how it writes numbers, days and lists."""

    code: Language
    locale: Locale
    catalogue: NullTranslations

    def gettext(self, message: str, **values: object) -> str:
        """Say a sentence with its values in their places."""
        return fill(self.catalogue.gettext(message), values)

    def pgettext(self, context: str, message: str, **values: object) -> str:
        """Say a word or sentence that means something of its own in this context."""
        return fill(self.catalogue.pgettext(context, message), values)

    def ngettext(self, one: str, many: str, count: int, **values: object) -> str:
        """Say a sentence about a number of things; ``{count}`` is the number in figures."""
        return fill(self.catalogue.ngettext(one, many, count), {"count": self.figures(count), **values})

    def figures(self, number: int) -> str:
        """Write a number in figures: ``1,200``."""
        return format_decimal(number, locale=self.locale)

    def listed(self, words: Sequence[str]) -> str:
        """Join words as a sentence does: ``a``, ``a and b``, ``a, b and c``."""
        return format_list(words, locale=self.locale)

    def row(self, words: Iterable[str]) -> str:
        """Join words that stand one after another, without an "and": ``a, b, c``."""
        # Translators: what stands between words in a row: in English a comma and a blank.
        return self.pgettext("words in a row", "{one}, {next}", one="", next="").join(words)

    def clauses(self, said: Iterable[str]) -> str:
        """Join parts of a sentence that hold commas of their own: ``a, b; c``."""
        # Translators: what stands between two parts of a sentence: in English a semicolon and a blank.
        return self.pgettext("parts of a sentence", "{one}; {next}", one="", next="").join(filter(None, said))

    def sentences(self, said: Iterable[str]) -> str:
        """Set sentences one after another, with a blank between them where the language has one."""
        # Translators: what stands between two sentences: in English a blank, in Chinese and Japanese nothing.
        return self.pgettext("sentences", "{one} {next}", one="", next="").join(filter(None, said))

    @property
    def year_first(self) -> bool:
        """True where what is larger comes first in dates and addresses, as in Korean, Chinese and Japanese."""
        pattern: str = self.locale.date_formats["long"].pattern
        return pattern.index("y") < pattern.index("d")

    def day(self, value: date) -> str:
        """Write a day: ``9 September 2018``."""
        return format_date(value, "long", locale=self.locale)

    def month(self, value: date) -> str:
        """Write the month of a day: ``September 2018``."""
        return format_skeleton("yMMMM", value, locale=self.locale)

    def year(self, value: date) -> str:
        """Write the year of a day: ``2018``, ``2018년``."""
        return format_skeleton("y", value, locale=self.locale)

    def month_alone(self, value: date) -> str:
        """Write a month whose year is said beside it: ``September``."""
        return format_date(value, "MMM" if self.year_first else "MMMM", locale=self.locale)

    def day_of_month(self, value: date) -> str:
        """Write a day whose month and year are said beside it: ``9``, ``9일``."""
        return format_skeleton("d", value, locale=self.locale)

    def day_of_year(self, value: date) -> str:
        """Write a day whose year is said beside it: ``9 September``."""
        return format_skeleton("MMMMd", value, locale=self.locale)


def speech(code: str) -> Speech:
    """Give the language of a code, such as ``ko`` or ``zh-CN``. Raises ConfigError for one that has no catalogue."""
    return _speech(offered(code))


def offered(code: str) -> Language:
    """Give the code of the language in which a digest can be worded for this one. Raises ConfigError when there is none."""
    tag = code.strip().lower().replace("_", "-")
    for known in _LOCALES:
        if tag == known.lower() or (known not in _ALSO.values() and tag.startswith(f"{known}-")):
            return cast("Language", known)
    if tag in _ALSO:
        return cast("Language", _ALSO[tag])
    shown = code if len(code) <= _LONGEST_SHOWN else f"{code[:_LONGEST_SHOWN]}…"
    raise ConfigError(f"{shown!r} is no language in which a digest can be worded; there are: {', '.join(_LOCALES)}")


def preferred(accepted: str) -> Speech:
    """Choose by what a browser accepts (``Accept-Language``, RFC 9110): the best that there is, else English."""
    ranked: list[tuple[float, Language]] = []
    for part in accepted[:_LONGEST_HEADER].split(","):
        tag, _, weight = part.partition(";")
        with suppress(ConfigError, ValueError):
            ranked.append((float(weight.strip().removeprefix("q=") or 1), offered(tag)))
    worth, best = max(ranked, key=lambda one: one[0], default=(0.0, ENGLISH.code))
    return _speech(best) if worth > 0 else ENGLISH


@cache
def _speech(code: Language) -> Speech:
    return Speech(code=code, locale=Locale.parse(_LOCALES[code]), catalogue=_catalogue(_LOCALES[code]))


def _catalogue(locale: str) -> NullTranslations:
    """Read the catalogue of a locale; English has none, because the program is written in it."""
    path = files("digests").joinpath("locale", locale, "LC_MESSAGES", f"{DOMAIN}.po")
    if not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as text:
        write_mo(compiled, read_po(text, locale=locale, domain=DOMAIN))
    compiled.seek(0)
    return GNUTranslations(compiled)


def term(message: str) -> str:
    """Mark a word of a table for the catalogues; it is said later, by ``Speech.gettext``."""
    return message


def terms(one: str, many: str) -> tuple[str, str]:
    """Mark a word of a table in the singular and the plural; it is said later, by ``Speech.ngettext``."""
    return one, many


def of_context(context: str, message: str) -> tuple[str, str]:
    """Mark a word of a table that means something of its own in this context; it is said later, by ``Speech.pgettext``."""
    return context, message


ENGLISH = _speech("en")
