"""link in a mail → no more mail: the pages behind List-Unsubscribe (RFC 8058).

A POST with ``List-Unsubscribe=One-Click`` unsubscribes at once: no cookie, no login, no redirect. A GET shows a page with a button
and changes nothing, because programs follow every link of a mail before a person reads it. The link names one mail, and so one
digest and one recipient; nothing of either stands in it. The pages speak the language that the browser asks for.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cases.store import Delivery, Store
from digests.linkpages import Button, body_of, no_such_link, page, speech_of, too_much, unsaid
from digests.links import Links
from digests.speech import Speech

log = logging.getLogger(__name__)


def unsubscribing(store: Store, links: Links, clock: Callable[[], datetime]) -> Sequence[BaseRoute]:
    """Give the routes; ``clock`` gives the present in UTC."""

    def named(request: Request) -> Delivery | None:
        token = links.read("unsubscribe", request.path_params["token"])
        return store.deliveries.with_token(token) if token else None

    async def show(request: Request) -> Response:
        found = await run_in_threadpool(named, request)
        speech = speech_of(request)
        return _asked(found, speech) if found else no_such_link(speech)

    async def stop(request: Request) -> Response:
        speech, body = speech_of(request), await body_of(request)
        if body is None:
            return too_much(speech)
        found = await run_in_threadpool(named, request)
        if found is None:
            return no_such_link(speech)
        if not _is_one_click(body):
            return unsaid(speech)
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


def _is_one_click(body: bytes) -> bool:
    """Tell whether the request says so, as a form of either kind (RFC 8058 permits both)."""
    return b"List-Unsubscribe" in body and b"One-Click" in body


def _asked(delivery: Delivery, speech: Speech) -> Response:
    return page(
        speech,
        200,
        speech.gettext("Stop the digest “{digest}”?", digest=delivery.digest),
        speech.gettext("You will receive no more mail of it at this address."),
        button=Button(says=speech.gettext("Stop it"), field="List-Unsubscribe", value="One-Click"),
    )


def _stopped(delivery: Delivery, speech: Speech) -> Response:
    return page(
        speech,
        200,
        speech.gettext("The digest “{digest}” is stopped", digest=delivery.digest),
        speech.gettext("No more of it will be sent to this address."),
        speech.gettext("If this was a mistake, answer one of the mails that you have: a person will put it right."),
    )
