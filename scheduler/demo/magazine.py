"""bundled files → magazines: the invented outlets that the demonstration serves, as values.

An outlet is a folder below ``articles/``: ``magazine.toml`` says what stands around the articles, and each ``*.md`` file
is one article, a TOML front matter between two ``+++`` lines and then its paragraphs, parted by blank lines. A paragraph
that begins with ``## `` is a subheading. All of it is read through :mod:`importlib.resources`, so it works from a wheel.
"""

import re
import tomllib
import unicodedata
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

import msgspec

from cases.errors import ConfigError
from cases.model import Value

Layout = Literal["courier", "wire"]
"""Which set of templates dresses the pages."""
Channel = Literal["rest", "feeds", "tag_pages", "sitemap"]
"""A way in which a site lets its articles be found, apart from its front page."""

_FENCE = "+++\n"
_OWN_WORDS = re.compile(r"[^\w]+")


class Author(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A by-line and what the author box says below an article."""

    name: str
    note: str = ""


class Post(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One article of an outlet, as its editors would type it. ``tags`` keep the spelling of the day."""

    slug: str
    title: str
    date: datetime
    author: str
    modified: datetime | None = None
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ("News",)
    lang: str = "en"
    deck: str = ""
    picture: str = ""
    """Alternative text of the picture above the article; no picture when empty."""
    signed: bool = False
    """True when the text closes with "Reported by" and the author's name."""
    related: tuple[str, ...] = ()
    """Slugs that the editors put below the article; the newest articles fill up the rest."""
    paragraphs: tuple[str, ...] = ()

    @property
    def changed(self) -> datetime:
        """When the article last changed: its edit, or else its publication."""
        return self.modified or self.date


class Furniture(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands around every article of an outlet and belongs to none."""

    menu: tuple[tuple[str, ...], ...] = ()
    """Each entry is a heading followed by its sub-entries."""
    emblem: str = ""
    most_read: tuple[str, ...] = ()
    """Slugs, most read first."""
    board: tuple[tuple[str, str], ...] = ()
    """Office and name."""
    address: tuple[str, ...] = ()
    appeal: str = ""


class Magazine(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An outlet with all its articles, newest first."""

    name: str
    """Name of its folder, fit for a file name."""
    title: str
    tagline: str
    layout: Layout
    lang: str = "en"
    offers: tuple[Channel, ...] = ()
    authors: tuple[Author, ...] = ()
    furniture: Furniture = Furniture()
    posts: tuple[Post, ...] = ()

    def author(self, name: str) -> Author:
        """Return the author of that name; one who is not listed has an empty note."""
        return next((author for author in self.authors if author.name == name), Author(name=name))

    def with_post(self, post: Post) -> "Magazine":
        """Return the magazine with this article published, or replaced where its slug is known."""
        others = [other for other in self.posts if other.slug != post.slug]
        return msgspec.structs.replace(self, posts=_newest_first([*others, post]))


def slug_of(term: str) -> str:
    """Return the address form of a tag or category: ``Human rights`` and ``human-rights`` share ``human-rights``."""
    folded = unicodedata.normalize("NFKC", term).casefold()
    return _OWN_WORDS.sub("-", folded).strip("-")


def parse_post(text: str, *, origin: str) -> Post:
    """Read one article file. ``origin`` names the file in the message when it is not as described above."""
    before, *fenced = text.split(_FENCE, 2)
    if before or len(fenced) != 2:  # noqa: PLR2004 - what stands between the two fences, and after them
        raise ConfigError(f"{origin}: a front matter between two +++ lines is expected at the very top")
    front, body = fenced
    paragraphs = tuple(" ".join(block.split()) for block in re.split(r"\n\s*\n", body.strip()))
    try:
        return msgspec.convert({**tomllib.loads(front), "paragraphs": paragraphs}, Post)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{origin}: the front matter cannot be read: {error}") from error


def load_magazine(name: str) -> Magazine:
    """Load one bundled outlet by the name of its folder. Raise ConfigError when there is none or a file is broken."""
    folder = _shelf().joinpath(name)
    if not folder.joinpath("magazine.toml").is_file():
        raise ConfigError(f"no bundled magazine is called {name!r}; there are {', '.join(magazine_names())}")
    about = tomllib.loads(folder.joinpath("magazine.toml").read_text(encoding="utf-8"))
    posts = [
        parse_post(file.read_text(encoding="utf-8"), origin=f"{name}/{file.name}")
        for file in folder.iterdir()
        if file.name.endswith(".md")
    ]
    try:
        return msgspec.convert({**about, "name": name, "posts": _newest_first(posts)}, Magazine)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{name}/magazine.toml cannot be read: {error}") from error


def load_magazines() -> tuple[Magazine, ...]:
    """Load every bundled outlet, by name."""
    return tuple(load_magazine(name) for name in magazine_names())


def magazine_names() -> tuple[str, ...]:
    """Return the names of the bundled outlets."""
    return tuple(sorted(folder.name for folder in _shelf().iterdir() if folder.joinpath("magazine.toml").is_file()))


def _shelf() -> Traversable:
    return files("scheduler.demo").joinpath("articles")


def _newest_first(posts: list[Post]) -> tuple[Post, ...]:
    return tuple(sorted(posts, key=lambda post: (post.date, post.slug), reverse=True))
