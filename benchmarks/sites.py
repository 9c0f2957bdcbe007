"""numbers → sites: magazines with feeds and article pages, the same on every machine, in invented words.

Pages look like those of a magazine: a head with scripts, a menu, the article, and twice as much furniture as text. What is
written depends on the numbers alone.
"""

import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import NamedTuple

WRITTEN_AT = datetime(2026, 11, 1, 8, tzinfo=UTC)
"""When every file of a site was last changed, as far as its server says."""

_VOCABULARY = (
    "river town market winter station border village office teacher letter family bridge harvest train "
    "morning street journey soldier paper doctor evening winter window garden question answer road season "
    "worker neighbour harbour mountain valley meeting quiet broken distant narrow crowded empty early late "
    "old new careful sudden slow former local remembers carries waits returns writes asks tells leaves "
    "crosses finds keeps hears follows opens closes"
)
_WORDS = _VOCABULARY.split()
_ROBOTS = "User-agent: *\nDisallow: /private/\n"


class Story(NamedTuple):
    """An article of a generated site."""

    slug: str
    title: str
    paragraphs: tuple[str, ...]
    published: datetime
    tags: tuple[str, ...]


def stories(site: int, count: int, *, paragraphs: int = 12, tags: tuple[str, ...] = ("Harvest",)) -> list[Story]:
    """Invent the articles of a site, newest first."""
    return [_story(site, n, paragraphs, tags) for n in range(count)]


def write_site(folder: Path, told: list[Story], *, page_bytes: int = 0) -> None:
    """Write robots.txt and the feed ``feed/``; with ``page_bytes``, also the page of each story, of about that size."""
    _write(folder / "robots.txt", _ROBOTS)
    _write(folder / "feed" / "index.xml", feed(told))
    if page_bytes:
        for story in told:
            _write(folder / story.slug / "index.html", page(story, told, page_bytes))


def feed(told: list[Story]) -> str:
    """Write the stories as RSS; addresses are relative to the site, as the standard's readers allow."""
    items = "\n".join(
        f"<item><title>{story.title}</title><link>/{story.slug}/</link><guid isPermaLink='false'>{story.slug}</guid>"
        f"<pubDate>{format_datetime(story.published)}</pubDate>"
        + "".join(f"<category>{tag}</category>" for tag in story.tags)
        + f"<description>{story.paragraphs[0]}</description></item>"
        for story in told
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<rss version='2.0'><channel><title>Magazine</title>"
        f"<link>/</link><description>Invented news</description>\n{items}\n</channel></rss>\n"
    )


def page(story: Story, others: list[Story], size: int) -> str:
    """Write a story's page of about ``size`` bytes; what the text does not fill, furniture does."""
    tags = ", ".join(f"<a rel='tag' href='/tag/{tag.lower()}/'>{tag}</a>" for tag in story.tags)
    related = "".join(f"<li><a href='/{other.slug}/'>{other.title}</a></li>" for other in others[:10] if other != story)
    text = "".join(f"<p>{paragraph}</p>\n" for paragraph in story.paragraphs)
    head = (
        f"<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'><title>{story.title} - Magazine</title>\n"
        f"<link rel='canonical' href='/{story.slug}/'>\n"
        f"<meta property='article:published_time' content='{story.published.isoformat()}'>\n"
    )
    body = (
        "</head><body><header><nav><ul><li><a href='/'>Home</a></li><li><a href='/about/'>About</a></li></ul></nav></header>\n"
        f"<main><article class='post'><header class='entry-header'><h1 class='entry-title'>{story.title}</h1>\n"
        f"<p class='entry-meta'><time class='entry-time' datetime='{story.published.isoformat()}'>"
        f"{story.published:%B %d, %Y}</time> by <span class='entry-author-name'>Wen Example</span></p></header>\n"
        f"<div class='entry-content'>{text}</div>\n<footer class='entry-footer'>Tagged With: {tags}</footer></article>\n"
        f"<section class='related'><h3>Related articles</h3><ul>{related}</ul></section></main>\n<aside class='sidebar'>"
    )
    end = "</aside><footer class='site-footer'><p>Magazine, 1 Example Street</p></footer></body></html>\n"
    chance = random.Random(f"furniture of {story.slug}")
    missing = max(0, size - len(head) - len(body) - len(end))
    return head + _scripts(chance, missing // 2) + body + _menus(chance, missing - missing // 2) + end


def _story(site: int, number: int, paragraphs: int, tags: tuple[str, ...]) -> Story:
    chance = random.Random(f"story {number} of site {site}")
    title = " ".join(chance.choices(_WORDS, k=7)).capitalize()
    return Story(
        slug=f"story-{site}-{number}",
        title=title,
        paragraphs=tuple(" ".join(_sentence(chance) for _ in range(5)) for _ in range(paragraphs)),
        published=WRITTEN_AT - timedelta(hours=7 * number + 1),
        tags=tags,
    )


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(9, 18))).capitalize() + "."


def _scripts(chance: random.Random, size: int) -> str:
    return _filled(size, lambda n: f'<script>var part{n}={{"k":"{chance.getrandbits(512):x}"}};</script>\n')


def _menus(chance: random.Random, size: int) -> str:
    return _filled(
        size,
        lambda n: f"<div class='widget w{n}'><a href='/topic/{n}/'>{' '.join(chance.choices(_WORDS, k=3))}</a></div>\n",
    )


def _filled(size: int, part: Callable[[int], str]) -> str:
    made: list[str] = []
    length = 0
    while length < size:
        made.append(part(len(made)))
        length += len(made[-1])
    return "".join(made)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (WRITTEN_AT.timestamp(), WRITTEN_AT.timestamp()))
