"""A site on loopback for tests of readers and crawls: real HTTP, answers as one wishes, and a record of what was asked.

``LoopbackSite`` serves any function; ``Magazine`` is such a function, a small WordPress-like magazine with an interface,
feeds, tag pages and article pages full of furniture. Nothing here is used when Returnwatch runs.
"""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import msgspec

from cases.model import Value
from crawler.tags import slug


class Asked(Value, frozen=True, kw_only=True):
    """A request as it came; header names in small letters."""

    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        """The path alone."""
        return urlsplit(self.target).path

    @property
    def query(self) -> Mapping[str, str]:
        """Parameters, the last value of each."""
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.target).query).items()}


class Reply(Value, frozen=True, kw_only=True):
    """An answer. ``raw`` goes out as it is, whatever HTTP says; ``stall`` keeps the client waiting until the end."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    raw: bytes | None = None
    stall: bool = False


Application = Callable[[Asked], Reply]


class LoopbackSite:
    """An HTTP server on a free port of 127.0.0.1, in threads of its own; a context manager."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.asked: list[Asked] = []
        self.leaving = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """The root address, with a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def paths(self) -> list[str]:
        """Give what was asked for, in order, without robots.txt."""
        return [asked.target for asked in self.asked if asked.path != "/robots.txt"]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.leaving.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler_of(site: LoopbackSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(target=self.path, headers=headers)
            site.asked.append(asked)
            reply = site.application(asked)
            if reply.stall:
                site.leaving.wait()
                self.close_connection = True
            elif reply.raw is not None:
                self.wfile.write(reply.raw)
                self.close_connection = True
            else:
                self._send(reply)

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's parameter
            """Keep the tests' output clean."""

    return Handler


class Post(Value, frozen=True, kw_only=True):
    """An article of the magazine."""

    slug: str
    title: str
    paragraphs: tuple[str, ...]
    tags: tuple[str, ...] = ()
    published: datetime
    modified: datetime | None = None
    author: str = "Wen Example"
    deck: str = "A summary that tells the story a second time."
    category: str = "Testimonies China"


_TERMS_OF: Mapping[str, Callable[[Post], tuple[str, ...]]] = {
    "tags": lambda post: post.tags,
    "categories": lambda post: (post.category,),
}


class Magazine:
    """A function for ``LoopbackSite``: the posts as WordPress would give them.

    ``closed`` names doors that answer 404: ``rest``, ``feeds``, ``tags`` (the pages that list a tag's articles).
    ``special`` answers addresses of one's own before anything else. ``posts`` may be changed at any time.
    """

    def __init__(self, posts: Sequence[Post], *, closed: frozenset[str] = frozenset(), robots: str = "") -> None:
        self.posts = list(posts)
        self.closed = closed
        self.robots = robots
        self.special: dict[str, Application] = {}
        self.page_size = 10

    def __call__(self, asked: Asked) -> Reply:
        """Answer a request."""
        path = asked.path
        if path in self.special:
            return self.special[path](asked)
        if path == "/robots.txt":
            return Reply(body=self.robots.encode()) if self.robots else Reply(status=404)
        if path.startswith("/wp-json/"):
            return Reply(status=404) if "rest" in self.closed else self._rest(asked)
        if path.endswith("/feed/"):
            return Reply(status=404) if "feeds" in self.closed else self._feed(asked)
        if path.startswith("/tag/"):
            return Reply(status=404) if "tags" in self.closed else self._tag_page(asked)
        post = next((post for post in self.posts if path == f"/{post.slug}/"), None)
        return Reply(status=404) if post is None else html_reply(self.page(post))

    def page(self, post: Post) -> str:
        """Give the page of a post, with all the furniture around it."""
        tags = ", ".join(f'<a href="/tag/{slug(tag)}/" rel="tag">{escape(tag)}</a>' for tag in post.tags)
        others = "".join(
            f'<li><a href="/{other.slug}/"><img alt="{escape(other.title)}" src="/t.jpg">{escape(other.title)}</a></li>'
            for other in self.posts
            if other is not post
        )
        return f"""<!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8"><title>{escape(post.title)} - Magazine</title>
<link rel="canonical" href="/{post.slug}/"></head><body>
<ul class="genesis-skip-link"><li><a href="#content">Skip to main content</a></li></ul>
<header class="site-header"><p class="site-title">Magazine</p></header>
<nav class="nav-primary"><ul><li>HOME</li><li>CHINA PERSECUTION MAP</li></ul></nav>
<main class="content"><div class="breadcrumb"><a href="/">Home</a> / China / {escape(post.category)}</div>
<article class="post entry"><header class="entry-header"><h1 class="entry-title">{escape(post.title)}</h1>
<p class="entry-meta"><time class="entry-time">{post.published:%m/%d/%Y}</time><span class="entry-author-name">{escape(post.author)}</span> |</p></header>
<div class="entry-content"><figure><img alt="a flag" src="/f.jpg"><figcaption>a flag</figcaption></figure>
<h3 class="deck">{escape(post.deck)}</h3>{"".join(f"<p>{escape(text)}</p>" for text in post.paragraphs)}
<div class="sharedaddy">Share on every network</div><p>Reported by {escape(post.author)}</p></div>
<footer class="entry-footer"><p class="entry-meta"><span class="entry-tags">Tagged With: {tags}</span></p></footer></article>
<section class="author-box"><h4>{escape(post.author)}</h4><p>Uses a pseudonym for security reasons.</p></section>
<section class="related"><h3>Related articles</h3><ul>{others}</ul></section></main>
<aside class="sidebar"><h2>Primary Sidebar</h2><h3>Most Read</h3><ul>{others}</ul></aside>
<footer class="site-footer"><p>Via Example 1, 10121 Turin</p></footer></body></html>"""

    def _rest(self, asked: Asked) -> Reply:
        kind = asked.path.rpartition("/")[2]
        if kind in _TERMS_OF:
            named = self._numbers(kind)
            return json_reply(
                [{"id": n, "name": name, "slug": slug(name)} for name, n in named.items() if _asks(asked, name)]
            )
        after = asked.query.get("modified_after")
        since = datetime.fromisoformat(after) if after else None
        posts = [
            post
            for post in self._newest(by_edit=True)
            if self._is_under(post, asked) and (since is None or _edited(post) > since)
        ]
        size, page = int(asked.query.get("per_page", "10")), int(asked.query.get("page", "1"))
        pages = -(-len(posts) // size)
        if page > max(pages, 1):
            return json_reply({"code": "rest_post_invalid_page_number"}, status=400)
        start = int(asked.query.get("offset", (page - 1) * size))
        shown = [self._rest_post(post, asked) for post in posts[start : start + size]]
        return json_reply(shown, headers={"X-WP-Total": str(len(posts)), "X-WP-TotalPages": str(pages)})

    def _numbers(self, kind: str) -> dict[str, int]:
        """Give the tags or the categories in use a number each."""
        names = {name for post in self.posts for name in _TERMS_OF[kind](post)}
        return {name: number for number, name in enumerate(sorted(names), start=1)}

    def _is_under(self, post: Post, asked: Asked) -> bool:
        for kind in _TERMS_OF.keys() & asked.query.keys():
            named, wanted = self._numbers(kind), set(asked.query[kind].split(","))
            if not any(str(named[name]) in wanted for name in _TERMS_OF[kind](post)):
                return False
        return True

    def _rest_post(self, post: Post, asked: Asked) -> dict[str, Any]:
        return {
            "link": f"http://{asked.headers['host']}/{post.slug}/",
            "title": {"rendered": escape(post.title)},
            "date_gmt": f"{post.published.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
            "modified_gmt": f"{_edited(post).astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        }

    def _feed(self, asked: Asked) -> Reply:
        parts = asked.path.strip("/").split("/")
        posts = self._newest() if parts[0] == "feed" else self._tagged(parts[1])
        shown = self._shown(posts, int(asked.query.get("paged", "1")))
        if not shown and parts[0] != "feed":
            return Reply(status=404)
        root = f"http://{asked.headers['host']}"
        items = "".join(
            f"<item><title>{escape(post.title)}</title><link>{root}/{post.slug}/</link>"
            f"<pubDate>{format_datetime(post.published)}</pubDate>"
            + "".join(f"<category>{escape(tag)}</category>" for tag in post.tags)
            + f"<description>{escape(' '.join(post.paragraphs))}</description></item>"
            for post in shown
        )
        body = (
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>Magazine</title>{items}</channel></rss>'.encode()
        )
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if asked.headers.get("if-none-match") == etag:
            return Reply(status=304, headers={"ETag": etag})
        return Reply(body=body, headers={"Content-Type": "application/rss+xml; charset=utf-8", "ETag": etag})

    def _tag_page(self, asked: Asked) -> Reply:
        parts = asked.path.strip("/").split("/")
        shown = self._shown(self._tagged(parts[1]), int(parts[3]) if len(parts) > 3 else 1)  # noqa: PLR2004 - tag/x/page/N
        items = "".join(
            f'<article class="entry"><h2 class="entry-title"><a rel="bookmark" href="/{post.slug}/">{escape(post.title)}'
            f'</a></h2><p class="entry-meta"><time class="entry-time">{post.published:%m/%d/%Y}</time></p>'
            f"<p>{escape(' '.join(post.paragraphs)[:300])}</p></article>"
            for post in shown
        )
        page = f"<!DOCTYPE html><html><body><main><h1>{escape(parts[1])}</h1>{items}</main></body></html>"
        return html_reply(page) if shown else Reply(status=404)

    def _tagged(self, tag_slug: str) -> list[Post]:
        return [post for post in self._newest() if any(slug(tag) == tag_slug for tag in post.tags)]

    def _newest(self, *, by_edit: bool = False) -> list[Post]:
        return sorted(self.posts, key=_edited if by_edit else lambda post: post.published, reverse=True)

    def _shown(self, posts: Sequence[Post], page: int) -> Sequence[Post]:
        return posts[(page - 1) * self.page_size : page * self.page_size]


def html_reply(text: str) -> Reply:
    """Answer with a page."""
    return Reply(body=text.encode(), headers={"Content-Type": "text/html; charset=UTF-8"})


def json_reply(value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """Answer with JSON."""
    stated = {"Content-Type": "application/json; charset=UTF-8", **(headers or {})}
    return Reply(status=status, body=json.dumps(value).encode(), headers=stated)


def _asks(asked: Asked, tag: str) -> bool:
    if "slug" in asked.query:
        return slug(tag) in asked.query["slug"].split(",")
    return asked.query.get("search", "").lower() in tag.lower()


def _edited(post: Post) -> datetime:
    return post.modified or post.published
