"""Codes → names: countries by their ISO 3166-1 code, languages by their BCP 47 code, in English."""

from functools import cache
from importlib.resources import files

LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "kk": "Kazakh",
    "ko": "Korean",
    "ky": "Kyrgyz",
    "lo": "Lao",
    "mn": "Mongolian",
    "my": "Burmese",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "tg": "Tajik",
    "th": "Thai",
    "tr": "Turkish",
    "ug": "Uyghur",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "uz": "Uzbek",
    "vi": "Vietnamese",
    "zh": "Chinese",
    "zh-hans": "Chinese (simplified)",
    "zh-hant": "Chinese (traditional)",
}

RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def country(code: str) -> str:
    """Name a State; a code that is not in the table is given back as it is."""
    return _countries().get(code, code)


def language(code: str | None) -> str:
    """Name a language; a code that is not in the table is given back as it is, none is ``language unknown``."""
    if not code:
        return "language unknown"
    low = code.lower()
    return LANGUAGES.get(low) or LANGUAGES.get(low.partition("-")[0]) or code


def direction(code: str | None) -> str:
    """Say which way a language is written: ``ltr``, ``rtl``, or ``auto`` where it is not known."""
    if not code:
        return "auto"
    return "rtl" if code.lower().partition("-")[0] in RIGHT_TO_LEFT else "ltr"


@cache
def _countries() -> dict[str, str]:
    """Read the table that lies beside this module."""
    lines = files("digests").joinpath("countries.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if line and not line.startswith("#"))
