"""source → entry, by the REST interface of WordPress: exact times, tags and totals that no feed gives.

Two steps: the watched tags' ids, then the posts under them, newest edit first. A page past the end answers 400. Many
sites close the interface (401, 403, 404, or a page of HTML): then it does not answer, and the source's next reader serves.
Reference: WordPress REST API Handbook, "Tags" and "Posts"; ``modified_after`` needs WordPress 5.7, ``_fields`` 4.9.
"""

import html
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urljoin

import msgspec

from cases.errors import ConfigError
from crawler.published import parse_published
from crawler.readers import Answer, Ask, Entry, Listing, ListingState, Window, absolute, stamp_of, unreadable
from crawler.sources import ReaderTable, Source
from crawler.tags import is_watched, slug

_POST_FIELDS = "id,date_gmt,modified_gmt,slug,link,title,tags"
_PER_PAGE = 100


class _Tag(msgspec.Struct):
    id: int
    name: str = ""
    slug: str = ""


class _Title(msgspec.Struct):
    rendered: str = ""


class _Post(msgspec.Struct):
    link: str
    title: _Title = msgspec.field(default_factory=_Title)
    date_gmt: str | None = None
    modified_gmt: str | None = None
    tags: list[int] = msgspec.field(default_factory=list)


class WordPressReader:
    """Lists the posts under the watched tags; ``url`` in its table is the site's root where that is not ``home``."""

    def __init__(self, source: Source, table: ReaderTable, window: Window) -> None:
        if table.model_extra:
            raise ConfigError(f"{source.name}: reader wordpress: unknown key {next(iter(table.model_extra))!r}")
        self._root = urljoin(table.url or source.home, "wp-json/wp/v2/")
        self._window = window
        self._asked: set[int] = set()

    def first(self) -> tuple[Ask, ...]:
        """Ask for the ids of the watched tags, or for all posts when every article counts."""
        if not self._window.watched:
            return (self._posts("", 1),)
        slugs = ",".join(slug(tag) for tag in self._window.watched)
        return (Ask(url=self._address("tags", slug=slugs, per_page=_PER_PAGE, _fields="id,name,slug"), step="slugs"),)

    def read(self, ask: Ask, answer: Answer) -> Listing:
        """Read a list of tags or of posts."""
        if ask.step == "posts":
            return self._read_posts(ask, answer)
        return self._read_tags(ask, answer)

    def _read_tags(self, ask: Ask, answer: Answer) -> Listing:
        try:
            tags = msgspec.json.decode(answer.body, type=list[_Tag])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return unreadable(f"{answer.url} holds no list of tags")
        wanted = [tag for tag in tags if is_watched((tag.name, tag.slug), self._window.watched)]
        new = [tag.id for tag in wanted if tag.id not in self._asked]
        self._asked.update(new)
        posts = (self._posts(",".join(map(str, new)), 1),) if new else ()
        if ask.step == "slugs" and (searches := self._searches(wanted)):
            return Listing(state=ListingState.READ, asks=(*posts, *searches))
        if not posts and ask.step == "slugs":
            return Listing(state=ListingState.EMPTY, why="the site has none of the watched tags")
        return Listing(state=ListingState.READ if posts else ListingState.END, asks=posts)

    def _searches(self, found: list[_Tag]) -> tuple[Ask, ...]:
        """Look for tags by the longest word of their names: a tag may have a slug of its own making.

        A thorough visit looks for all of them, because one tag may have several spellings beside each other.
        """
        names = [name for tag in found for name in (tag.name, tag.slug)]
        thorough = self._window.modified_after is None
        sought = [tag for tag in self._window.watched if thorough or not is_watched(names, (tag,))]
        words = dict.fromkeys(max(slug(tag).split("-"), key=len) for tag in sought)
        return tuple(
            Ask(url=self._address("tags", search=word, per_page=_PER_PAGE, _fields="id,name,slug"), step="search")
            for word in words
            if word
        )

    def _read_posts(self, ask: Ask, answer: Answer) -> Listing:
        try:
            posts = msgspec.json.decode(answer.body, type=list[_Post])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return unreadable(f"{answer.url} holds no list of posts")
        total, pages = _number(answer, "x-wp-total"), _number(answer, "x-wp-totalpages")
        more = ask.page < pages if pages is not None else len(posts) == _PER_PAGE
        return Listing(
            state=ListingState.READ if posts else ListingState.EMPTY,
            entries=tuple(_entry(post, answer.url, watched=bool(ask.series)) for post in posts),
            asks=(self._posts(ask.series, ask.page + 1),) if more and posts else (),
            claimed_total=None if self._window.modified_after else total,
        )

    def _posts(self, ids: str, page: int) -> Ask:
        asked = {"per_page": _PER_PAGE, "page": page, "orderby": "modified", "order": "desc", "_fields": _POST_FIELDS}
        if ids:
            asked["tags"] = ids
        if self._window.modified_after is not None:
            asked["modified_after"] = self._window.modified_after.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Ask(url=self._address("posts", **asked), step="posts", series=ids, page=page)

    def _address(self, route: str, **asked: object) -> str:
        return f"{self._root}{route}?{urlencode(asked, safe=',', quote_via=quote)}"


def _entry(post: _Post, base: str, *, watched: bool) -> Entry:
    return Entry(
        url=absolute(base, post.link),
        title=html.unescape(post.title.rendered),
        published=_gmt(post.date_gmt),
        published_raw=post.date_gmt,
        modified=_gmt(post.modified_gmt),
        watched=watched,
        stamp=stamp_of(post.modified_gmt) if post.modified_gmt else None,
    )


def _gmt(stated: str | None) -> datetime | None:
    return parse_published(stated) if stated else None


def _number(answer: Answer, header: str) -> int | None:
    value = answer.headers.get(header, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None  # noqa: PLR2004 - more digits are no count of posts
