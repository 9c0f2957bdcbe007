"""outlet → JSON: the part of WordPress's REST interface that a reader of articles uses.

Routes, parameters, totals and errors follow the REST API handbook of WordPress: ``posts``, ``tags`` and
``categories`` of ``wp/v2``, at most 100 items a page, totals in ``X-WP-Total`` and ``X-WP-TotalPages``, and a page past the end is a 400. No writing, no
authors, no media.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from cases.model import Value
from scheduler.demo.magazine import Post, slug_of
from scheduler.demo.outlet import Outlet, Term, paginate, terms_of
from scheduler.demo.pages import article_body

Query = Mapping[str, str]
Item = dict[str, Any]

_MOST_PER_PAGE = 100
_ORDERS: dict[str, Callable[[Post], Any]] = {
    "date": lambda post: (post.date, post.slug),
    "modified": lambda post: (post.changed, post.slug),
    "title": lambda post: post.title,
    "slug": lambda post: post.slug,
}


class Answer(Value, frozen=True, kw_only=True):
    """What to send: a status, a JSON body, and the totals of a list."""

    body: Any
    status: int = 200
    total: int | None = None
    pages: int | None = None


class _Refused(Exception):
    """A parameter or page that the interface answers with an error."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.answer = refusal(code, message, status)


def refusal(code: str, message: str, status: int) -> Answer:
    """Return an error in WordPress's form."""
    return Answer(body={"code": code, "message": message, "data": {"status": status}}, status=status)


def index(outlet: Outlet) -> Answer:
    """Return what ``/wp-json/`` says of the site."""
    magazine = outlet.magazine
    return Answer(
        body={"name": magazine.title, "description": magazine.tagline, "url": outlet.url, "namespaces": ["wp/v2"]}
    )


def posts(outlet: Outlet, query: Query) -> Answer:
    """Answer ``/wp-json/wp/v2/posts``: filtered, ordered and paged articles."""
    try:
        chosen = _ordered(_chosen(outlet, query), query)
        return _listed(chosen, query, lambda post: _post_item(outlet, post))
    except _Refused as refused:
        return refused.answer


def terms(outlet: Outlet, kind: str, query: Query) -> Answer:
    """Answer ``/wp-json/wp/v2/tags`` or ``categories``: the terms, or those with the slugs that were asked for."""
    wanted = {slug_of(slug) for slug in query.get("slug", "").split(",") if slug}
    found = outlet.terms("tags" if kind == "tags" else "categories")
    if "slug" in query:
        found = tuple(term for term in found if term.slug in wanted)
    if words := query.get("search", "").casefold():
        found = tuple(term for term in found if words in term.name.casefold())
    try:
        return _listed(found, query, lambda term: _term_item(outlet, term, kind))
    except _Refused as refused:
        return refused.answer


def _chosen(outlet: Outlet, query: Query) -> list[Post]:
    chosen = list(outlet.magazine.posts)
    if "tags" in query:
        numbers = set(query["tags"].split(","))
        slugs = [term.slug for term in outlet.terms("tags") if str(term.number) in numbers]
        chosen = list(outlet.tagged(slugs))
    if "categories" in query:
        numbers = set(query["categories"].split(","))
        names = {term.slug for term in outlet.terms("categories") if str(term.number) in numbers}
        chosen = [post for post in chosen if names & {slug_of(name) for name in terms_of(post, "categories")}]
    if "slug" in query:
        chosen = [post for post in chosen if post.slug in query["slug"].split(",")]
    if "modified_after" in query:
        since = _moment(query, "modified_after")
        chosen = [post for post in chosen if post.changed > since]
    if "after" in query:
        since = _moment(query, "after")
        chosen = [post for post in chosen if post.date > since]
    return chosen


def _ordered(chosen: list[Post], query: Query) -> list[Post]:
    name = query.get("orderby", "date")
    if name not in _ORDERS:
        raise _Refused("rest_invalid_param", "Invalid parameter(s): orderby")
    return sorted(chosen, key=_ORDERS[name], reverse=query.get("order", "desc") == "desc")


def _listed(found: Sequence[Any], query: Query, item: Callable[[Any], Item]) -> Answer:
    per_page = _count(query, "per_page", 10)
    if per_page > _MOST_PER_PAGE:
        raise _Refused("rest_invalid_param", "Invalid parameter(s): per_page")
    page = paginate(found, _count(query, "page", 1), per_page)
    if "offset" in query:  # which WordPress puts above the number of the page
        rest = found[int(query["offset"]) :] if query["offset"].isdecimal() else found
        page = msgspec.structs.replace(page, posts=tuple(rest[:per_page]), number=1)
    if not page.exists:
        message = "The page number requested is larger than the number of pages available."
        raise _Refused("rest_post_invalid_page_number", message)
    wanted = {field.strip().partition(".")[0] for field in query.get("_fields", "").split(",") if field.strip()}
    items = [{key: value for key, value in item(one).items() if not wanted or key in wanted} for one in page.posts]
    return Answer(body=items, total=page.total, pages=page.pages)


def _post_item(outlet: Outlet, post: Post) -> Item:
    number = outlet.number(post)
    return {
        "id": number,
        "date": _local(post.date),
        "date_gmt": _local(post.date),
        "guid": {"rendered": f"{outlet.url}/?p={number}"},
        "modified": _local(post.changed),
        "modified_gmt": _local(post.changed),
        "slug": post.slug,
        "status": "publish",
        "type": "post",
        "link": outlet.address(post),
        "title": {"rendered": html.escape(post.title)},
        "content": {"rendered": str(article_body(post)), "protected": False},
        "excerpt": {"rendered": f"<p>{html.escape(post.deck)}</p>\n", "protected": False},
        "author": 1 + [*dict.fromkeys(other.author for other in reversed(outlet.magazine.posts))].index(post.author),
        "categories": [outlet.term_number("categories", slug_of(name)) for name in terms_of(post, "categories")],
        "tags": [outlet.term_number("tags", slug_of(name)) for name in terms_of(post, "tags")],
    }


def _term_item(outlet: Outlet, term: Term, kind: str) -> Item:
    taxonomy, base = ("post_tag", "tag") if kind == "tags" else ("category", "category")
    return {
        "id": term.number,
        "count": term.count,
        "description": "",
        "link": f"{outlet.url}/{base}/{term.slug}/",
        "name": html.escape(term.name),
        "slug": term.slug,
        "taxonomy": taxonomy,
    }


def _local(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _moment(query: Query, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(query[name])
    except ValueError:
        raise _Refused("rest_invalid_param", f"Invalid parameter(s): {name}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _count(query: Query, name: str, default: int) -> int:
    given = query.get(name, str(default))
    if not given.isascii() or not given.isdigit() or int(given) < 1:
        raise _Refused("rest_invalid_param", f"Invalid parameter(s): {name}")
    return int(given)
