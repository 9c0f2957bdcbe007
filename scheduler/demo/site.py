"""outlet → loopback: serves the bundled magazines over real HTTP, as a live crawl would meet them.

One small web server an outlet, on 127.0.0.1 alone. Pages and feeds carry validators and answer 304 to them; the REST
interface carries none, as with WordPress.
"""

import asyncio
import contextlib
import hashlib
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scheduler.demo import pages, rest
from scheduler.demo.magazine import Magazine, Post
from scheduler.demo.outlet import Asked, Outlet, Page, paginate
from scheduler.webserver import listening

_HTML = "text/html"
_RSS = "application/rss+xml"
_XML = "application/xml"
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#9fb3c8"/>'
    '<path d="M0 9l5-4 3 2 4-4 4 3v3z" fill="#486581"/></svg>'
)


def application(outlet: Outlet) -> ASGIApp:
    """Return the web application of one outlet, which writes down what it was asked for."""
    routes = _Routes(outlet)
    table: list[tuple[str, Callable[[Request], Response]]] = [
        ("/", routes.front),
        ("/page/{number:int}/", routes.front),
        ("/robots.txt", routes.robots),
        ("/feed/", routes.feed),
        ("/tag/{tag}/", routes.tag),
        ("/tag/{tag}/page/{number:int}/", routes.tag),
        ("/tag/{tag}/feed/", routes.feed),
        ("/wp-json/", routes.rest_index),
        ("/wp-json/wp/v2/posts", routes.rest_posts),
        ("/wp-json/wp/v2/{kind}", routes.rest_terms),
        ("/wp-sitemap.xml", routes.sitemap_index),
        ("/wp-sitemap-posts-post-1.xml", routes.sitemap),
        ("/wp-content/uploads/{name}", routes.picture),
        ("/{slug}/", routes.article),
    ]
    return _Recorder(Starlette(routes=[Route(path, _on_loop(endpoint)) for path, endpoint in table]), outlet)


@contextlib.asynccontextmanager
async def serving(
    magazines: Iterable[Magazine], *, ports: Mapping[str, int] | None = None
) -> AsyncIterator[dict[str, Outlet]]:
    """Serve magazines on the running loop, and yield the outlets by name; ``outlet.url`` is the address of each.

    A port that ``ports`` does not give is chosen by the system. Raise ConfigError when a given port is taken. The servers end
    with the block.
    """
    async with contextlib.AsyncExitStack() as stack:
        outlets = {}
        for magazine in magazines:
            outlet = Outlet(magazine)
            port = (ports or {}).get(magazine.name, 0)
            outlet.url = await stack.enter_async_context(listening(application(outlet), "127.0.0.1", port))
            outlets[magazine.name] = outlet
        yield outlets


@contextlib.contextmanager
def served(magazines: Iterable[Magazine], *, ports: Mapping[str, int] | None = None) -> Iterator[dict[str, Outlet]]:
    """Do what :func:`serving` does on a loop and thread of its own, for callers that have no loop."""
    ready, over = threading.Event(), threading.Event()
    outlets: dict[str, Outlet] = {}
    failures: list[BaseException] = []

    async def serve() -> None:
        async with serving(magazines, ports=ports) as started:
            outlets.update(started)
            ready.set()
            await asyncio.to_thread(over.wait)

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as failure:  # noqa: BLE001 - carried to the caller's thread and raised there
            failures.append(failure)
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="bundled magazines")
    thread.start()
    ready.wait()
    try:
        if failures:
            raise failures[0]
        yield outlets
    finally:
        over.set()
        thread.join()


class _Routes:
    """The endpoints of one outlet."""

    def __init__(self, outlet: Outlet) -> None:
        self.outlet = outlet

    def front(self, request: Request) -> Response:
        if (number := request.query_params.get("p", "")).isdigit():
            post = _found(self.outlet.numbered(int(number)))
            return RedirectResponse(self.outlet.address(post), status_code=301)
        page = self._page(request, request.path_params.get("number", 1))
        text = pages.archive_page(self.outlet, page, heading=self.outlet.magazine.title, path="/")
        return _answer(request, text, _HTML, _newest(page))

    def tag(self, request: Request) -> Response:
        self._need(self.outlet.is_open("tag_pages"))
        page = self._page(request, request.path_params.get("number", 1))
        tag = request.path_params["tag"]
        text = pages.archive_page(self.outlet, page, heading=self._heading(tag), path=f"/tag/{tag}/")
        return _answer(request, text, _HTML, _newest(page))

    def feed(self, request: Request) -> Response:
        self._need(self.outlet.is_open("feeds"))
        tag = request.path_params.get("tag")
        self._need(not tag or "tag_pages" in self.outlet.magazine.offers)
        number = request.query_params.get("paged", "1")
        page = self._page(request, int(number) if number.isdigit() else 1)
        heading, path = (self._heading(tag), f"/tag/{tag}/") if tag else (self.outlet.magazine.title, "/")
        return _answer(request, pages.feed(self.outlet, page, heading=heading, path=path), _RSS, _newest(page))

    def article(self, request: Request) -> Response:
        post = _found(self.outlet.post(request.path_params["slug"]))
        return _answer(request, pages.article_page(self.outlet, post), _HTML, post.changed)

    def rest_index(self, _: Request) -> Response:
        return self._rest(lambda: rest.index(self.outlet))

    def rest_posts(self, request: Request) -> Response:
        return self._rest(lambda: rest.posts(self.outlet, request.query_params))

    def rest_terms(self, request: Request) -> Response:
        kind = request.path_params["kind"]
        if kind not in ("tags", "categories"):
            missing = rest.refusal("rest_no_route", "No route was found matching the URL and request method.", 404)
            return self._rest(lambda: missing)
        return self._rest(lambda: rest.terms(self.outlet, kind, request.query_params))

    def robots(self, request: Request) -> Response:
        return _answer(request, pages.robots(self.outlet), "text/plain", None)

    def sitemap_index(self, request: Request) -> Response:
        self._need(self.outlet.is_open("sitemap"))
        return _answer(request, pages.sitemap_index(self.outlet), _XML, None)

    def sitemap(self, request: Request) -> Response:
        self._need(self.outlet.is_open("sitemap"))
        return _answer(request, pages.sitemap(self.outlet), _XML, None)

    def picture(self, request: Request) -> Response:
        return _answer(request, _PICTURE, "image/svg+xml", None)

    def _rest(self, answer: Callable[[], rest.Answer]) -> Response:
        if "rest" not in self.outlet.magazine.offers:
            raise HTTPException(404)
        if not self.outlet.is_open("rest"):
            return _json(rest.refusal("rest_not_logged_in", "You are not currently logged in.", 401))
        return _json(answer())

    def _page(self, request: Request, number: int) -> Page:
        tag = request.path_params.get("tag")
        page = paginate(self.outlet.tagged([tag]) if tag else self.outlet.magazine.posts, number)
        self._need(page.exists and (page.total > 0 or not tag))
        return page

    def _heading(self, tag: str) -> str:
        return next(term.name for term in self.outlet.terms("tags") if term.slug == tag)

    @staticmethod
    def _need(condition: object) -> None:
        if not condition:
            raise HTTPException(404)


class _Recorder:
    """Writes each answered request into the outlet's own list."""

    def __init__(self, app: ASGIApp, outlet: Outlet) -> None:
        self._app, self._outlet = app, outlet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                query = scope["query_string"].decode("latin-1")
                target = scope["path"] + (f"?{query}" if query else "")
                self._outlet.asked.append(Asked(method=scope["method"], target=target, status=message["status"]))
            await send(message)

        await self._app(scope, receive, note)


def _on_loop(endpoint: Callable[[Request], Response]) -> Callable[[Request], object]:
    """Run an endpoint on the loop itself: it touches neither disk nor network, and one thread keeps the outlet whole."""

    async def answer(request: Request) -> Response:
        return endpoint(request)

    return answer


def _found(post: Post | None) -> Post:
    if post is None:
        raise HTTPException(404)
    return post


def _newest(page: Page) -> datetime | None:
    return max((post.changed for post in page.posts), default=None)


def _json(answer: rest.Answer) -> Response:
    response = JSONResponse(answer.body, status_code=answer.status)
    if answer.total is not None:
        response.headers["X-WP-Total"] = str(answer.total)
        response.headers["X-WP-TotalPages"] = str(answer.pages)
    return response


def _answer(request: Request, text: str, media_type: str, changed: datetime | None) -> Response:
    """Answer with validators, or with 304 and no body when the client's still hold."""
    body = text.encode()
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:20]}"'}
    if changed:
        headers["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    if _unchanged(request, headers["ETag"], changed):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _unchanged(request: Request, etag: str, changed: datetime | None) -> bool:
    """Decide as RFC 9110 section 13 has it: the entity tag alone where one is given, else the date."""
    if given := request.headers.get("if-none-match"):
        return etag in [tag.strip().removeprefix("W/") for tag in given.split(",")]
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return changed is not None and since.tzinfo is not None and changed <= since
