"""magazine → outlet: one magazine as it stands on its site, with the numbers that a content system gives.

An outlet can publish and edit while it is served, and can close the ways in which its articles are found, so that a crawl
of it meets what a crawl of a live site meets. It keeps what it was asked for. No network here: :mod:`scheduler.demo.site`
puts it on the wire.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Literal

from cases.model import Value
from scheduler.demo.magazine import Channel, Magazine, Post, slug_of

PER_PAGE = 10
"""Articles on a page of the site and items in a feed: the default of WordPress."""

TermKind = Literal["tags", "categories"]


class Term(Value, frozen=True, kw_only=True):
    """A tag or category: spellings that share an address are one term, named as it was first spelt."""

    number: int
    name: str
    slug: str
    count: int


class Asked(Value, frozen=True, kw_only=True):
    """One request that the site answered; ``target`` is the path with its query."""

    method: str
    target: str
    status: int


class Page(Value, frozen=True, kw_only=True):
    """A run of articles out of a longer list. ``number`` counts from 1."""

    posts: tuple[Post, ...]
    number: int
    pages: int
    total: int

    @property
    def exists(self) -> bool:
        """False past the end; the first page always exists."""
        return 1 <= self.number <= max(self.pages, 1)


class Outlet:
    """A magazine on its site: what is published, under which numbers, and which ways in are closed."""

    def __init__(self, magazine: Magazine, *, url: str = "") -> None:
        self.magazine = magazine
        self.url = url
        """Address of the site without a slash at the end."""
        self.closed: set[Channel] = set()
        self.asked: list[Asked] = []
        self._post_numbers: dict[str, int] = {}
        self._term_numbers: dict[tuple[TermKind, str], int] = {}
        for post in reversed(magazine.posts):
            self._number(post)

    def publish(self, post: Post) -> None:
        """Put an article on the site, or replace the one with its slug."""
        self.magazine = self.magazine.with_post(post)
        self._number(post)

    def is_open(self, channel: Channel) -> bool:
        """Say whether the site has this way in, and has not closed it."""
        return channel in self.magazine.offers and channel not in self.closed

    def address(self, post: Post) -> str:
        """Return the full address of an article."""
        return f"{self.url}/{post.slug}/"

    def number(self, post: Post) -> int:
        """Return the number of an article, which an edit does not change."""
        return self._post_numbers[post.slug]

    def post(self, slug: str) -> Post | None:
        """Return the article with that slug, if there is one."""
        return next((post for post in self.magazine.posts if post.slug == slug), None)

    def numbered(self, number: int) -> Post | None:
        """Return the article with that number, if there is one."""
        return next((post for post in self.magazine.posts if self.number(post) == number), None)

    def tagged(self, slugs: Sequence[str]) -> tuple[Post, ...]:
        """Return the articles that carry at least one of these tags, newest first."""
        wanted = set(slugs)
        return tuple(post for post in self.magazine.posts if wanted & {slug_of(tag) for tag in post.tags})

    def terms(self, kind: TermKind) -> tuple[Term, ...]:
        """Return the terms in use, in the order in which they came into use."""
        names: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for post in sorted(self.magazine.posts, key=self.number):
            for name in terms_of(post, kind):
                names.setdefault(slug_of(name), name)
            counts.update({slug_of(name) for name in terms_of(post, kind)})
        terms = (
            Term(number=self.term_number(kind, slug), name=name, slug=slug, count=counts[slug])
            for slug, name in names.items()
        )
        return tuple(sorted(terms, key=lambda term: term.number))

    def term_number(self, kind: TermKind, slug: str) -> int:
        """Return the number of a term that some article carries."""
        return self._term_numbers[kind, slug]

    def related(self, post: Post, count: int = 4) -> tuple[Post, ...]:
        """Return what the editors put below an article, filled up with the newest others."""
        chosen = [other for slug in post.related if (other := self.post(slug))]
        rest = (other for other in self.magazine.posts if other not in chosen and other.slug != post.slug)
        return tuple(chosen[:count]) + tuple(islice(rest, max(count - len(chosen), 0)))

    def keep_reading(self, post: Post, count: int = 4) -> tuple[Post, ...]:
        """Return the articles published just before this one, going round at the end; none that is related."""
        posts = self.magazine.posts
        here = next((place for place, other in enumerate(posts) if other.slug == post.slug), -1)
        shown = {post.slug, *(other.slug for other in self.related(post))}
        after = posts[here + 1 :] + posts[: here + 1]
        return tuple(islice((other for other in after if other.slug not in shown), count))

    def most_read(self) -> tuple[Post, ...]:
        """Return the articles of the sidebar, most read first."""
        return tuple(post for slug in self.magazine.furniture.most_read if (post := self.post(slug)))

    def _number(self, post: Post) -> None:
        self._post_numbers.setdefault(post.slug, 101 + len(self._post_numbers))
        kinds: tuple[TermKind, ...] = ("tags", "categories")
        for kind in kinds:
            for name in terms_of(post, kind):
                self._term_numbers.setdefault((kind, slug_of(name)), 11 + len(self._term_numbers))


def terms_of(post: Post, kind: TermKind) -> tuple[str, ...]:
    """Return the tags or the categories of an article, as spelt there."""
    return post.tags if kind == "tags" else post.categories


def paginate(posts: Sequence[Post], number: int, per_page: int = PER_PAGE) -> Page:
    """Cut one page out of a list; a page past the end is empty and says so."""
    start = max(number - 1, 0) * per_page
    return Page(
        posts=tuple(posts[start : start + per_page]),
        number=number,
        pages=-(-len(posts) // per_page),
        total=len(posts),
    )
