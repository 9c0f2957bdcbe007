"""source → entry, by the REST interface of WordPress: exact times, tags and totals that no feed gives.

Two steps: the ids of the watched tags, and of the categories whose name is one; then the posts under them, newest edit
first. Pages overlap, because an edit or a deletion between two requests moves every post to another place. A site without
"pretty" addresses has its interface elsewhere, and says where on its front page. Many sites close it (401, 403, or a page of
HTML): then it does not answer, nothing is tried to get round that, and the source's next reader serves.

Reference: WordPress REST API Handbook, "Tags", "Categories", "Posts", "Discovery"; ``modified_after`` needs WordPress 5.7
and is passed over by older ones, ``_fields`` 4.9.
"""

import html
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

import msgspec
from pydantic import ConfigDict

from crawler.pages.published import parse_published
from crawler.readers import (
    Answer,
    Ask,
    Entry,
    Listing,
    ListingState,
    Window,
    absolute,
    may_follow,
    own_table,
    stamp_of,
    unreadable,
)
from crawler.sources import ReaderTable, Source
from crawler.tags import is_watched, slug, slugs

_POST_FIELDS = "id,date_gmt,modified_gmt,slug,link,title"
_TERM_FIELDS = "id,name,slug"
_TAXONOMIES = ("tags", "categories")
_PER_PAGE = 100
_OVERLAP = 5
"""Posts that two pages have in common."""
_LINK = re.compile(r"<([^<>]+)>\s*;[^,]*rel\s*=\s*\"?https://api\.w\.org/\"?")
_LINK_ELEMENT = re.compile(rb"<link\b[^<>]*\brel=[\"']https://api\.w\.org/[\"'][^<>]*>", re.IGNORECASE)
_HREF = re.compile(rb"\bhref=[\"']([^\"'<>]+)[\"']", re.IGNORECASE)
_HEAD = 200_000


class WordPressTable(ReaderTable):
    """Keys of a reader of the kind ``wordpress``; ``url`` is the site's root where that is not ``home``."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class _Term(msgspec.Struct):
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


class WordPressReader:
    """Lists the posts under the watched tags and categories; all posts when every article counts."""

    table_model: ClassVar = WordPressTable

    def __init__(self, source: Source, table: ReaderTable, window: Window) -> None:
        self._home = own_table(WordPressTable, table, source).url or source.home
        self._source = source
        self._root = urljoin(self._home, "wp-json/")
        self._window = window
        self._asked: dict[str, set[int]] = {taxonomy: set() for taxonomy in _TAXONOMIES}

    def first(self) -> tuple[Ask, ...]:
        """Ask where the interface usually is; where there is nothing of the kind, ask the front page where it is."""
        elsewhere = Ask(url=self._home, step="home", series="home")
        first, *others = self._beginning()
        return (msgspec.structs.replace(first, otherwise=elsewhere), *others)

    def read(self, ask: Ask, answer: Answer) -> Listing:
        """Read a list of posts or of terms, or a front page."""
        kind, _, step = ask.step.partition(":")
        if kind == "home":
            return self._read_home(answer)
        if kind == "posts":
            return self._read_posts(ask, answer)
        return self._read_terms(ask, answer, taxonomy=kind, searched=step)

    def _beginning(self) -> tuple[Ask, ...]:
        """Ask for the ids of the watched tags; those of categories come after them, once the interface has answered."""
        if not self._window.watched:
            return (self._posts("", 1),)
        return (self._terms("tags", slug=self._slugs()),)

    def _slugs(self) -> str:
        return ",".join(dict.fromkeys(form for tag in self._window.watched for form in slugs(tag) if form))

    def _read_home(self, answer: Answer) -> Listing:
        """Look for the interface where a front page says that it is (REST API Handbook, "Discovery")."""
        found = _LINK.search(answer.headers.get("link", ""))
        element = _LINK_ELEMENT.search(answer.body[:_HEAD])
        href = _HREF.search(element[0]) if element else None
        stated = found[1] if found else html.unescape(href[1].decode("latin-1")) if href else ""
        root = absolute(answer.url, stated)
        if not stated or root == self._root or not may_follow(self._source, answer.url, root):
            return unreadable(f"{answer.url} names no interface of WordPress")
        self._root = root
        return Listing(state=ListingState.READ, asks=self._beginning(), leads=True)

    def _read_terms(self, ask: Ask, answer: Answer, *, taxonomy: str, searched: str) -> Listing:
        try:
            terms = msgspec.json.decode(answer.body, type=list[_Term])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return unreadable(f"{answer.url} holds no list of {taxonomy}")
        wanted = [term for term in terms if is_watched((term.name, term.slug), self._window.watched)]
        new = [term.id for term in wanted if term.id not in self._asked[taxonomy]]
        self._asked[taxonomy].update(new)
        asks = [self._posts(f"{taxonomy}={','.join(map(str, new))}", 1)] if new else []
        if searched:
            asks += self._more_found(taxonomy, searched, ask, answer)
        else:
            asks += self._searches(taxonomy, wanted)
            if taxonomy == "tags":
                asks.append(self._terms("categories", slug=self._slugs()))
        if not asks:
            return Listing(state=ListingState.EMPTY, why=f"the site has none of the watched {taxonomy}", leads=True)
        return Listing(state=ListingState.READ, asks=tuple(asks), leads=True)

    def _searches(self, taxonomy: str, found: list[_Term]) -> list[Ask]:
        """Look for terms by the longest word of their names: a term may have a slug of its own making.

        A thorough visit looks for all of them, because one tag may have several spellings beside each other. Others look
        for the tags that were not found, and for no category: most sites have none of that name.
        """
        names = [name for term in found for name in (term.name, term.slug)]
        thorough = self._window.modified_after is None
        if not thorough and taxonomy == "categories":
            return []
        sought = [tag for tag in self._window.watched if thorough or not is_watched(names, (tag,))]
        return [self._terms(taxonomy, search=word) for word in dict.fromkeys(map(_longest_word, sought)) if word]

    def _more_found(self, taxonomy: str, searched: str, ask: Ask, answer: Answer) -> Iterable[Ask]:
        pages = _number(answer, "x-wp-totalpages")
        if pages is not None and ask.page < pages:
            yield self._terms(taxonomy, search=searched, page=ask.page + 1)

    def _read_posts(self, ask: Ask, answer: Answer) -> Listing:
        try:
            posts = msgspec.json.decode(answer.body, type=list[_Post])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return unreadable(f"{answer.url} holds no list of posts")
        total, entries = _number(answer, "x-wp-total"), [_entry(post, answer.url, ask) for post in posts]
        shown = _offset(ask.page) + len(posts)
        more = shown < total if total is not None else len(posts) == _PER_PAGE
        after = self._window.modified_after
        unasked = after is not None and any(entry.modified is not None and entry.modified < after for entry in entries)
        return Listing(
            state=ListingState.READ if posts else ListingState.EMPTY,
            entries=tuple(entries),
            asks=(self._posts(ask.series, ask.page + 1),) if more and posts and not unasked else (),
            claimed_total=None if after else total,
            notice="the site lists more than what changed: its WordPress is older than 5.7" if unasked else None,
            why=None if posts else "no post stands under the watched tags",
        )

    def _posts(self, under: str, page: int) -> Ask:
        asked = {
            "per_page": _PER_PAGE,
            "offset": _offset(page),
            "orderby": "modified",
            "order": "desc",
            "_fields": _POST_FIELDS,
        }
        if under:
            taxonomy, _, ids = under.partition("=")
            asked[taxonomy] = ids
        if self._window.modified_after is not None:
            asked["modified_after"] = self._window.modified_after.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        once = self._window.modified_after is not None
        return Ask(url=self._address("posts", **asked), step="posts", series=under, page=page, once=once)

    def _terms(self, taxonomy: str, *, page: int = 1, **asked: str) -> Ask:
        paged = {"page": page} if page > 1 else {}
        url = self._address(taxonomy, **asked, per_page=_PER_PAGE, **paged, _fields=_TERM_FIELDS)
        return Ask(url=url, step=f"{taxonomy}:{asked.get('search', '')}", series=url, page=page)

    def _address(self, route: str, **asked: object) -> str:
        """Write an address below the root, which is a path, or ``?rest_route=/`` on a site without pretty addresses."""
        parts = urlsplit(self._root)
        query = [
            (name, f"{value.rstrip('/')}/wp/v2/{route}" if name == "rest_route" else value)
            for name, value in parse_qsl(parts.query)
        ]
        path = parts.path if any(name == "rest_route" for name, _ in query) else f"{parts.path}wp/v2/{route}"
        full = urlencode([*query, *asked.items()], safe=",/", quote_via=quote)
        return urlunsplit(parts._replace(path=path, query=full))


def _longest_word(tag: str) -> str:
    return max(slug(tag).split("-"), key=len)


def _offset(page: int) -> int:
    return (page - 1) * (_PER_PAGE - _OVERLAP)


def _entry(post: _Post, base: str, ask: Ask) -> Entry:
    return Entry(
        url=absolute(base, post.link),
        title=html.unescape(post.title.rendered),
        published=_gmt(post.date_gmt),
        published_raw=post.date_gmt,
        modified=_gmt(post.modified_gmt),
        watched=bool(ask.series),
        stamp=stamp_of(post.modified_gmt) if post.modified_gmt else None,
    )


def _gmt(stated: str | None) -> datetime | None:
    return parse_published(stated) if stated else None


def _number(answer: Answer, header: str) -> int | None:
    value = answer.headers.get(header, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None  # noqa: PLR2004 - more digits are no count of posts
