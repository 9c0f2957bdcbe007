"""Codes → names: countries by their ISO 3166-1 code, languages by their BCP 47 code, in each language of the interface.

The names are Unicode's (CLDR), but where they read strangely in a report or where the field says another word.
"""

from babel import Locale, UnknownLocaleError

from digests.speech import ENGLISH, Speech

_COUNTRIES: dict[str, dict[str, str]] = {
    "en": {
        "CD": "DR Congo",
        "CG": "Republic of the Congo",
        "HK": "Hong Kong",
        "MM": "Myanmar",
        "MO": "Macau",
        "PS": "Palestine",
    },
    "ko": {
        "CD": "콩고민주공화국",
        "CG": "콩고공화국",
        "HK": "홍콩",
        "KR": "한국",
        "MO": "마카오",
        "PS": "팔레스타인",
    },
    "zh-Hans": {"HK": "香港", "MO": "澳门", "PS": "巴勒斯坦"},
    "ja": {
        "CD": "コンゴ民主共和国",
        "CG": "コンゴ共和国",
        "GB": "英国",
        "HK": "香港",
        "MM": "ミャンマー",
        "MO": "マカオ",
        "PS": "パレスチナ",
        "US": "米国",
    },
}
"""Names that differ from CLDR's: shorter where those carry a remark in brackets, as the press of the language writes them."""

_LANGUAGES: dict[str, dict[str, str]] = {
    "en": {"zh_Hans": "Chinese (simplified)", "zh_Hant": "Chinese (traditional)"},
    "ko": {"zh_Hans": "중국어(간체)", "zh_Hant": "중국어(번체)"},
    "zh-Hans": {},
    "ja": {"zh_Hans": "中国語（簡体字）", "zh_Hant": "中国語（繁体字）"},
}

RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def country(code: str, speech: Speech = ENGLISH) -> str:
    """Name a State; a code that nobody has given to one is given back as it is."""
    return _COUNTRIES[speech.code].get(code) or speech.locale.territories.get(code, code)


def language(code: str | None, speech: Speech = ENGLISH) -> str:
    """Name a language; a code that is not known is given back as it is, none is ``language unknown``."""
    if not code:
        return speech.gettext("language unknown")
    try:
        tongue = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        known = speech.locale.languages.get(code.lower().partition("-")[0])
        return known or code
    keys = [f"{tongue.language}_{tongue.script}" if tongue.script else "", tongue.language]
    own, names = _LANGUAGES[speech.code], speech.locale.languages
    return next((name for key in keys if (name := own.get(key) or names.get(key))), code)


def direction(code: str | None) -> str:
    """Say which way a language is written: ``ltr``, ``rtl``, or ``auto`` where it is not known."""
    if not code:
        return "auto"
    return "rtl" if code.lower().partition("-")[0] in RIGHT_TO_LEFT else "ltr"
