"""tags of an entry → is it watched? Compares whole terms, however they are spelled."""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

_GAPS = re.compile(r"[\s\-_\u2010-\u2015\u00ad#]+")
_ACCENTS_ON_LATIN = re.compile(r"(?<=[a-zA-Z])[\u0300-\u036f]+")
_LISTED = re.compile(r"\s*[,;，、؛،]\s*")
_NO_DECOMPOSITION = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})
"""Letters of Latin alphabets that Unicode does not take apart; WordPress writes them so in addresses."""


def is_watched(tags: Iterable[str], watched: Iterable[str]) -> bool:
    """Tell whether any tag is one of the watched ones.

    Case, spaces, hyphens, underscores, the slug of an address, a hash sign, accents on Latin letters, full-width letters
    and HTML entities make no difference. A tag is compared as a whole: "South and North Korea Relations" is not "North
    Korea".
    """
    wanted = {normalised(tag) for tag in watched} - {""}
    return any(normalised(tag) in wanted for tag in tags)


def normalised(tag: str) -> str:
    """Give the form in which two spellings of one tag are equal; it has no spaces: 강제 북송 and 강제북송 are one."""
    plain = html.unescape(unquote(tag) if "%" in tag else tag)
    return _without_accents(_GAPS.sub("", unicodedata.normalize("NFKC", plain).casefold()))


def slug(tag: str) -> str:
    """Give the form that WordPress uses in addresses: "North Korea" is ``north-korea``; other scripts stay as they are."""
    return slugs(tag)[0]


def slugs(tag: str) -> tuple[str, ...]:
    """Give the forms that a tag may have in addresses: one whose name is written with underscores keeps them there."""
    plain = _without_accents(html.unescape(unicodedata.normalize("NFKC", tag)).casefold())
    words = re.sub(r"[^\w\s-]", "", plain)
    hyphens = re.sub(r"[\s_-]+", "-", words).strip("-")
    return (hyphens, underscores) if "_" in (underscores := re.sub(r"[\s-]+", "-", words)) else (hyphens,)


def addressed(watched: Iterable[str]) -> dict[str, str]:
    """Give every form that watched tags may have in addresses, each with the tag that it is one of."""
    return {form: tag for tag in watched for form in slugs(tag) if form}


def spelled(watched: Iterable[str], spellings: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Put beside each watched tag what the source calls it: its own spellings, in other languages too."""
    own: dict[str, list[str]] = {}
    for tag, further in spellings.items():
        own.setdefault(normalised(tag), []).extend(further)
    return tuple(dict.fromkeys(name for tag in watched for name in (tag, *own.get(normalised(tag), ()))))


def parted(stated: str) -> tuple[str, ...]:
    """Take apart what states several tags at once, as keywords of feeds and sitemaps do: "Japan, North Korea"."""
    return tuple(part for part in _LISTED.split(stated.strip()) if part)


def _without_accents(text: str) -> str:
    bare = _ACCENTS_ON_LATIN.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare).translate(_NO_DECOMPOSITION)
