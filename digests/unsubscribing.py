"""link in a mail → no more mail: the pages behind List-Unsubscribe (RFC 8058).

A POST with ``List-Unsubscribe=One-Click`` unsubscribes at once: no cookie, no login, no redirect. A GET shows a page with a button
and changes nothing, because programs follow every link of a mail before a person reads it. The link names one mail, and so one
digest and one recipient; nothing of either stands in it. The pages speak the language that the browser asks for.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from cases.store import Delivery, Store
from digests.links import Links
from digests.speech import Speech, preferred

log = logging.getLogger(__name__)

LONGEST_BODY = 4096
BODY_WITHIN_S = 10.0
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def unsubscribing(store: Store, links: Links, clock: Callable[[], datetime]) -> Sequence[BaseRoute]:
    """Give the routes; ``clock`` gives the present in UTC."""

    def named(request: Request) -> Delivery | None:
        token = links.read("unsubscribe", request.path_params["token"])
        return store.deliveries.with_token(token) if token else None

    async def show(request: Request) -> Response:
        found = await run_in_threadpool(named, request)
        speech = _speech(request)
        return _asked(found, speech) if found else _nothing(speech)

    async def stop(request: Request) -> Response:
        speech, body = _speech(request), await _body(request)
        if body is None:
            return _page(
                speech, 413, speech.gettext("Too much was sent"), speech.gettext("Open the link of the mail again.")
            )
        found = await run_in_threadpool(named, request)
        if found is None:
            return _nothing(speech)
        if not _is_one_click(body):
            return _page(
                speech,
                400,
                speech.gettext("Nothing was changed"),
                speech.gettext("The request did not say what it wants."),
                speech.gettext("Open the link of the mail again."),
            )
        await run_in_threadpool(_unsubscribe, store, found, clock())
        return _stopped(found, speech)

    path = "/unsubscribe/{token}"
    return [Route(path, show, methods=["GET"]), Route(path, stop, methods=["POST"])]


def _unsubscribe(store: Store, delivery: Delivery, now: datetime) -> None:
    news = store.suppressions.suppress(
        delivery.recipient,
        digest=delivery.digest,
        channel=delivery.channel,
        reason="unsubscribed",
        detail=f"by the link in the mail of {delivery.period}",
        now=now,
    )
    if news:
        log.warning("a recipient unsubscribed from %s: returnwatch recipients list", delivery.digest)


async def _body(request: Request) -> bytes | None:
    """Read what was sent; none when it is more than anybody needs, or comes too slowly."""
    body = b""
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            async for piece in request.stream():
                body += piece
                if len(body) > LONGEST_BODY:
                    return None
    except (TimeoutError, ClientDisconnect):
        return None
    return body


def _is_one_click(body: bytes) -> bool:
    """Tell whether the request says so, as a form of either kind (RFC 8058 permits both)."""
    return b"List-Unsubscribe" in body and b"One-Click" in body


def _speech(request: Request) -> Speech:
    """Choose the language: the mail knew its own, but no link tells of its recipient."""
    return preferred(request.headers.get("accept-language", ""))


def _asked(delivery: Delivery, speech: Speech) -> Response:
    return _page(
        speech,
        200,
        speech.gettext("Stop the digest “{digest}”?", digest=delivery.digest),
        speech.gettext("You will receive no more mail of it at this address."),
        asks=True,
    )


def _stopped(delivery: Delivery, speech: Speech) -> Response:
    return _page(
        speech,
        200,
        speech.gettext("The digest “{digest}” is stopped", digest=delivery.digest),
        speech.gettext("No more of it will be sent to this address."),
        speech.gettext("If this was a mistake, answer one of the mails that you have: a person will put it right."),
    )


def _nothing(speech: Speech) -> Response:
    return _page(
        speech,
        404,
        speech.gettext("This link is not valid"),
        speech.gettext("It may have been cut off. Answer the mail instead: a person will read it."),
    )


def _page(speech: Speech, status: int, title: str, *lines: str, asks: bool = False) -> Response:
    page = _template().render(lang=speech.code, title=title, lines=lines, asks=asks, _=speech.gettext)
    return HTMLResponse(page, status_code=status, headers={**_HEADERS, "Vary": "Accept-Language"})


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("digests"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("unsubscribe.html.j2")
