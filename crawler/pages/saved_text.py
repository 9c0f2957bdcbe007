"""saved text of a page → article: for pages that a person kept as plain text, with all their furniture around them.

The anchors are those of the magazine the product first watches: a line with date and byline glued together before the
body, "Reported by" or "Tagged With:" after it. A text without these anchors is taken as a body with a title above it.
"""

import re

from cases.errors import InputError
from cases.language import detect
from cases.model import Article
from crawler.pages.published import DateOrder, parse_published
from crawler.sources import Source

_DATELINE = re.compile(r"(?P<date>\d{1,4}[./-]\d{1,2}[./-]\d{1,4})\s*(?P<byline>[^|\n]{0,120}?)\s*\|")
_TAGGED = re.compile(r"Tagged With:\s*(?P<tags>.+)", re.IGNORECASE)
_REPORTED = re.compile(r"Reported by\b.{0,120}", re.IGNORECASE)
_PSEUDONYM = re.compile(r"\b(uses?|under) a pseudonym", re.IGNORECASE)
_AFTER = re.compile(
    r"(Related articles|Keep Reading|Primary Sidebar|Most Read|Footer|.{1,80} profile picture)", re.IGNORECASE
)
_CRUMBS = re.compile(r"Home(\s*/\s*[^/\n]{1,80})+")
_SENTENCE = re.compile(r"[.!?。！？…][\"'”’)\]»]*$")


def read_text(text: str, *, source: Source | None = None) -> Article:
    """Read a saved page or a bare text. Its address is unknown and stays empty.

    Raises InputError when nothing of it can be a body. Without a source the order of a date is only known where it
    cannot be read in two ways.
    """
    paragraphs = _paragraphs(text)
    if not paragraphs:
        raise InputError("the text is empty: there is nothing to read")
    at = next((number for number, one in enumerate(paragraphs) if _DATELINE.fullmatch(one)), None)
    if at is None:
        return _bare(paragraphs, source)
    return _saved(paragraphs, at, source)


def _saved(paragraphs: list[str], at: int, source: Source | None) -> Article:
    dateline = _DATELINE.fullmatch(paragraphs[at])
    end = next((n for n in range(at + 1, len(paragraphs)) if _ends_body(paragraphs[n])), len(paragraphs))
    body = _without_deck(paragraphs[at + 1 : end])
    if dateline is None or not body:
        raise InputError("the text has a date line, but no article after it")
    rest = paragraphs[end:]
    order, zone = _reading(source)
    text = "\n\n".join(body)
    return Article(
        url="",
        title=paragraphs[at - 1] if at else "",
        text=text,
        lang=detect(text),
        published=parse_published(dateline["date"], order=order, zone=zone),
        published_raw=dateline["date"],
        authors=(dateline["byline"],) if dateline["byline"] else (),
        byline_pseudonymous=True if _pseudonymous(rest) else None,
        tags=_tags(rest),
        sections=_sections(paragraphs[:at]),
        source=source.name if source is not None else "",
    )


def _bare(paragraphs: list[str], source: Source | None) -> Article:
    """Read a text without anchors: a first paragraph that does not end as a sentence does is the title of the rest."""
    titled = len(paragraphs) > 1 and len(paragraphs[0]) <= 300 and not _SENTENCE.search(paragraphs[0])  # noqa: PLR2004 - a headline
    text = "\n\n".join(paragraphs[1:] if titled else paragraphs)
    return Article(
        url="",
        title=paragraphs[0] if titled else "",
        text=text,
        lang=detect(text),
        source=source.name if source is not None else "",
    )


def _paragraphs(text: str) -> list[str]:
    """Cut at empty lines. At the date line and right after it, where title, date, alt text and deck crowd, each line counts."""
    plain = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    found: list[str] = []
    for chunk in re.split(r"\n[ \t\u00a0]*\n", plain):
        lines = [line for raw in chunk.split("\n") if (line := " ".join(raw.split()))]
        crowded = any(_DATELINE.fullmatch(line) for line in (*lines, *found[-1:]))
        found += lines if crowded or not lines else ["\n".join(lines)]
    return found


def _is_caption(line: str) -> bool:
    """Recognise a picture's alt text: a line of its own, short, and not a sentence."""
    return len(line) <= 120 and _SENTENCE.search(line) is None and not line.startswith("•")  # noqa: PLR2004 - a caption


def _ends_body(paragraph: str) -> bool:
    return any(pattern.match(paragraph) for pattern in (_REPORTED, _TAGGED)) or _AFTER.fullmatch(paragraph) is not None


def _without_deck(body: list[str]) -> list[str]:
    """Drop the picture's alt text and the deck after it: the deck repeats the story and is no second report.

    Only a caption shows that a deck follows; without one the first paragraph may be the story itself.
    """
    if len(body) > 2 and _is_caption(body[0]):  # noqa: PLR2004 - caption, deck, and something left to read
        return body[2:]
    return body


def _pseudonymous(rest: list[str]) -> bool:
    """Look at the author box alone: what follows it is other people's articles."""
    until = next((n for n, one in enumerate(rest) if one.casefold() in {"related articles", "keep reading"}), len(rest))
    return any(_PSEUDONYM.search(one) for one in rest[:until])


def _tags(rest: list[str]) -> tuple[str, ...]:
    line = next((match["tags"] for one in rest if (match := _TAGGED.match(one))), "")
    return tuple(tag for part in line.split(",") if (tag := part.strip()))


def _sections(before: list[str]) -> tuple[str, ...]:
    lines = [line for one in before for line in one.split("\n")]
    trail = next((line for line in reversed(lines) if _CRUMBS.fullmatch(line)), "")
    return tuple(part.strip() for part in trail.split("/")[1:])


def _reading(source: Source | None) -> tuple[DateOrder | None, str]:
    return (source.date_order, source.zone) if source is not None else (None, "UTC")
