"""tags of an entry → is it watched? Compares whole terms, however they are spelled."""

import html
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

_GAPS = re.compile(r"[\s\-_\u2010-\u2015\u00ad#]+")


def is_watched(tags: Iterable[str], watched: Iterable[str]) -> bool:
    """Tell whether any tag is one of the watched ones.

    Case, spaces, hyphens, the slug of an address, full-width letters and HTML entities make no difference. A tag is
    compared as a whole: "South and North Korea Relations" is not "North Korea".
    """
    wanted = {normalised(tag) for tag in watched} - {""}
    return any(normalised(tag) in wanted for tag in tags)


def normalised(tag: str) -> str:
    """Give the form in which two spellings of one tag are equal."""
    plain = html.unescape(unquote(tag) if "%" in tag else tag)
    return _GAPS.sub(" ", unicodedata.normalize("NFKC", plain).casefold()).strip()


def slug(tag: str) -> str:
    """Give the form that WordPress uses in addresses: "North Korea" is ``north-korea``; other scripts stay as they are."""
    kept = re.sub(r"[^\w\s-]", "", html.unescape(unicodedata.normalize("NFKC", tag)).casefold())
    return re.sub(r"[\s_-]+", "-", kept).strip("-")
