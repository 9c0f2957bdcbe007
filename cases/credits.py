"""article → credits: which other newsroom the article itself names as its origin.

Read are: a dateline or closing line that names an agency, a notice such as "This article was first published by …", a line
"Source: …", an agency in the byline, and what the page says by its links (``Article.claims``). A newsroom that is cited inside
the story, as one source among others, is no credit. Where each language puts its words stands in ``packs/<language>/credits.toml``,
the newsrooms in ``packs/newsrooms.toml``. What an article says of its origin is a claim, and is shown as one.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import msgspec

from cases.model import Article

_PACKS = files("cases") / "packs"
_EDGE = 700
"""Characters at either end of a text in which a notice may stand; inside the story the same words tell of other things."""
_HEAD = 90
"""Characters in which a dateline names its agency."""
_LONGEST_LINE = 160
_LONGEST_CLOSING = 60
_LABEL = r"^\W{{0,3}}(?:{labels})\s?[:：]\s{{0,3}}{name}"
_NAME = r"[«“\"'《「『]?(?P<name>https?://[^\s<>]{1,200}|[^\W\d_][^\n,;:!?()（），。；：！？、]{1,60}?)[»”\"'》」』]?"
_ENDS = r"(?={name_ends}|\.(?!\w)|[\n,;:!?()（），。；：！？、]|\Z)"
_OPENING, _CLOSING = "(\\[（【〔/", ")\\]）】〕/"
_BRACKET = re.compile(rf"[{_OPENING}]([^{_OPENING}{_CLOSING}\n]{{2,40}})[{_CLOSING}]")
_DASH = re.compile(r"\s{0,2}[-–—:=]")
_JOINS = re.compile(r"\s*(?:[,/·・&+、=]|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bи\b|和|및)\s*")
_SET_OFF = " \t\u3000-–—.。()[]（）【】〔〕*=|"
_NO_CREDIT = re.compile(
    r"photo|picture|image|file|video|foto|imag|фото|사진|자료|그래픽|写真|画像|照片|圖|图", re.IGNORECASE
)
"""What makes a bracket or a line that of a picture."""


class _Newsrooms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: dict[str, list[str]]
    hosts: dict[str, list[str]]


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stems: list[str]
    notices: list[str]
    labels: list[str]
    name_ends: str
    datelines: list[str] = []


def credited(article: Article) -> tuple[str, ...]:
    """Give the newsrooms and hosts that an article credits with itself, sorted; none when it credits nobody.

    Known newsrooms come under one name however they are spelt; others as printed; addresses as their host.
    """
    text = article.text.replace("’", "'")
    found = [*_datelines(text, article.lang), *_closing(text), *_claimed(article)]
    found += (name for author in article.authors for name in _bylined(author))
    found += stated_in(text[:_EDGE], article.lang)
    found += stated_in(text[-_EDGE:].partition("\n")[2], article.lang) if len(text) > _EDGE else ()
    return tuple(sorted({name for name in found if name}))


def stated_in(text: str, lang: str | None) -> tuple[str, ...]:
    """Give whom the notices and source lines of a text name, in the words of its language or of English."""
    found: list[str] = []
    folded = text.lower()
    for language in dict.fromkeys((_language(lang), "en")):
        may_state = any(stem in folded for stem in _stems(language))
        for pattern in _notices(language) if may_state else ():
            found += (_known_as(match["name"]) for match in pattern.finditer(text) if _is_name(match["name"], language))
    return tuple(dict.fromkeys(found))


def newsroom_of(outlet: str) -> str | None:
    """Give the known newsroom to which an outlet belongs by its title ("Yonhap North Korea (EN)"); else None."""
    match = _newsroom_pattern().match(" ".join(outlet.split()).strip(_SET_OFF))
    return _newsroom_names()[match[0]] if match else None


def newsroom_named(name: str) -> str | None:
    """Give the known newsroom that a name is, in any of its spellings; None for a longer name that begins so."""
    return _newsroom_names().get(" ".join(name.split()).strip(_SET_OFF))


def origin_at(address: str) -> str:
    """Give the newsroom that publishes at an address, or the address's host; empty when it has none."""
    host, hosts = _host(address), _newsroom_hosts()
    parts = host.split(".")
    return next((hosts[tail] for start in range(len(parts)) if (tail := ".".join(parts[start:])) in hosts), host)


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.rpartition("@")[2].lower().removeprefix("www.")
    except ValueError:
        return ""


def _claimed(article: Article) -> Iterator[str]:
    """Yield whom the page names; of addresses those that are not the article's own site in another dress (``m.``, ``amp.``)."""
    own = _host(article.url)
    for claim in article.claims:
        host = _host(claim)
        if not host and ":" not in claim:
            yield _known_as(claim)
        elif host and own != host and not own.endswith(f".{host}") and not host.endswith(f".{own}"):
            yield origin_at(claim)


def _datelines(text: str, lang: str | None) -> Iterator[str]:
    """Yield agencies of "SEOUL, 3 March (Yonhap) --", "[연합뉴스]", "【共同】" or a language's own form."""
    head = text[:_HEAD].partition("\n")[0]
    for bracket in _BRACKET.finditer(head):
        stands_first = not head[: bracket.start()].strip(_SET_OFF)
        if stands_first or _DASH.match(head, bracket.end()):
            yield from _agencies_in(bracket[1])
        elif bracket[0].startswith("/"):
            yield from _all_newsrooms(bracket[1])
    for pattern in _dateline_patterns(_language(lang)):
        if match := pattern.match(text):
            yield _newsroom_names()[match["newsroom"]]


def _closing(text: str) -> Iterator[str]:
    """Yield agencies that a last line, or a bracket at the very end, consists of."""
    last = text[-_LONGEST_LINE:].rpartition("\n")[2].strip()
    yield from _all_newsrooms(last)
    for bracket in _BRACKET.finditer(last):
        if not last[bracket.end() :].strip(_SET_OFF):
            yield from _all_newsrooms(bracket[1])


def _all_newsrooms(line: str) -> tuple[str, ...]:
    """Give the newsrooms of a line that names nothing else."""
    names = _newsroom_names()
    parts = (
        [part.strip(_SET_OFF) for part in _JOINS.split(line.strip(_SET_OFF))] if len(line) <= _LONGEST_CLOSING else []
    )
    whole = names.get(line.strip(_SET_OFF))
    if whole:
        return (whole,)
    return tuple(names[part] for part in parts) if parts and all(part in names for part in parts) else ()


def _agencies_in(bracket: str) -> tuple[str, ...]:
    """Give the newsrooms that a bracket names, beside places and days; none for the credit of a picture."""
    if _NO_CREDIT.search(bracket):
        return ()
    return tuple(_newsroom_names()[match[0]] for match in _newsroom_pattern().finditer(bracket))


def _bylined(author: str) -> Iterator[str]:
    parts = re.split(r"[,/|()]|\s[-–—]\s", author)
    yield from (_newsroom_names()[bare] for part in parts if (bare := part.strip(_SET_OFF)) in _newsroom_names())


def _known_as(name: str) -> str:
    plain = " ".join(name.split()).strip(_SET_OFF + "\"'«»“”《》「」『』")
    plain = plain[4:] if plain.lower().startswith("the ") else plain
    address = plain if "://" in plain else f"https://{plain}/"
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", plain) or "://" in plain:
        return origin_at(address)
    return newsroom_named(plain) or plain


def _is_name(name: str, language: str) -> bool:
    """Tell a name from a day ("was first published on Monday") and from common words, where capitals tell names."""
    first = name.split(maxsplit=1)[0].strip("\"'").casefold()
    return first not in _days(language) and (not name[0].islower() or "." in name)


# -- the tables -------------------------------------------------------------------------------------------------------


def _language(lang: str | None) -> str:
    """Give the language whose words are looked for: the article's own where they are known, else English."""
    primary = (lang or "").partition("-")[0].lower()
    return primary if primary in languages() else "en"


@cache
def languages() -> frozenset[str]:
    """Give the primary codes of all languages whose notices are known."""
    return frozenset(entry.name for entry in _PACKS.iterdir() if (entry / "credits.toml").is_file())


def _table(*path: str) -> dict[str, Any]:
    """Read a table; it ships with the program, so a missing one is a defect and raises."""
    return tomllib.loads(_PACKS.joinpath(*path).read_text("utf-8"))


@cache
def _words(language: str) -> _Words:
    return msgspec.convert(_table(language, "credits.toml"), _Words)


@cache
def _days(language: str) -> frozenset[str]:
    """Give the names of months and days of the week, folded."""
    words = _table(language, "dates.toml")["words"]
    return frozenset(word.casefold() for kind in ("month", "weekday") for word in words.get(kind, {}))


@cache
def _newsrooms() -> _Newsrooms:
    return msgspec.convert(_table("newsrooms.toml"), _Newsrooms)


@cache
def _newsroom_names() -> dict[str, str]:
    return {form: key for key, forms in _newsrooms().names.items() for form in forms}


@cache
def _newsroom_hosts() -> dict[str, str]:
    return {host: key for key, hosts in _newsrooms().hosts.items() for host in hosts}


@cache
def _newsroom_expression() -> str:
    """Give one expression for every name, the longest first; letters of an alphabet must not go on beside it."""
    spaced = sorted((name for name in _newsroom_names() if _is_spaced(name)), key=len, reverse=True)
    unspaced = sorted((name for name in _newsroom_names() if not _is_spaced(name)), key=len, reverse=True)
    words, signs = ("|".join(map(re.escape, names)) for names in (spaced, unspaced))
    return rf"(?:{signs}|(?<![^\W_])(?:{words})(?![^\W_]))"


def _is_spaced(name: str) -> bool:
    return name[0].isascii() or "\u0400" <= name[0] <= "\u04ff"


@cache
def _newsroom_pattern() -> re.Pattern[str]:
    return re.compile(_newsroom_expression())


@cache
def _stems(language: str) -> tuple[str, ...]:
    """Give what a text must hold at all, in small letters."""
    words = _words(language)
    return tuple(stem.lower() for stem in (*words.stems, *words.labels))


@cache
def _notices(language: str) -> tuple[re.Pattern[str], ...]:
    """Compile the notices of a language, and its source lines, whose name must fill the line."""
    words = _words(language)
    ends = _ENDS.format(name_ends=words.name_ends) if words.name_ends else _ENDS.replace("{name_ends}|", "")
    written = [
        notice.replace("{name}", _NAME + (ends if notice.endswith("{name}") else "")) for notice in words.notices
    ]
    labels = "|".join(re.escape(label) for label in words.labels)
    written.append(_LABEL.format(labels=labels, name=_NAME + r"\W{0,3}$"))
    return tuple(re.compile(one, re.IGNORECASE | re.MULTILINE) for one in written)


@cache
def _dateline_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    named = f"(?P<newsroom>{_newsroom_expression()})"
    return tuple(re.compile(one.replace("{newsroom}", named)) for one in _words(language).datelines)
