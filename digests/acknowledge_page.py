"""link in an alert → taken on: the page on which a recipient says so, for all the others to be left in peace.

A GET shows a page with a button and changes nothing; the POST of the button acknowledges, needs no login, and says who did: the
link was made for one recipient.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cases.store import Alert, Store
from digests.acknowledging import read_link, who
from digests.dates import moment
from digests.linkpages import Button, body_of, no_such_link, page, speech_of, too_much, unsaid
from digests.links import Links
from digests.speech import Speech

log = logging.getLogger(__name__)


def acknowledge_pages(store: Store, links: Links, clock: Callable[[], datetime]) -> Sequence[BaseRoute]:
    """Give the routes; ``clock`` gives the present in UTC."""

    def found(request: Request) -> tuple[Alert, str] | None:
        return _alert_of(store, links, request.path_params["token"])

    async def show(request: Request) -> Response:
        told, speech = await run_in_threadpool(found, request), speech_of(request)
        return _asked(told[0], speech) if told else no_such_link(speech)

    async def acknowledge(request: Request) -> Response:
        speech, body = speech_of(request), await body_of(request)
        if body is None:
            return too_much(speech)
        told = await run_in_threadpool(found, request)
        if told is None:
            return no_such_link(speech)
        if b"acknowledge=yes" not in body:
            return unsaid(speech)
        alert, actor = told
        if await run_in_threadpool(store.alerts.acknowledge, alert.id, actor, clock()):
            log.info("alert of %s on %s: acknowledged by a link", alert.digest, ", ".join(alert.cases))
        return _done(alert, speech)

    path = "/acknowledge/{token}"
    return [Route(path, show, methods=["GET"]), Route(path, acknowledge, methods=["POST"])]


def _alert_of(store: Store, links: Links, token: str) -> tuple[Alert, str] | None:
    """Give the alert that a link names, and the recipient it was made for."""
    said = read_link(links, token)
    alert = store.alerts.find(said.digest, said.period) if said else None
    if said is None or alert is None:
        return None
    return alert, who(said.mark, (one.recipient for one in store.alerts.told([alert.id])))


def _asked(alert: Alert, speech: Speech) -> Response:
    if alert.acknowledged_at is not None:
        at = moment(alert.acknowledged_at, speech)
        return page(speech, 200, speech.gettext("Somebody has taken this on already"), _of(alert, speech), at)
    return page(
        speech,
        200,
        speech.gettext("Do you take this on?"),
        _of(alert, speech),
        speech.gettext("If you do, nobody else is told of this alert."),
        button=Button(says=speech.gettext("I take this on"), field="acknowledge", value="yes"),
    )


def _done(alert: Alert, speech: Speech) -> Response:
    return page(
        speech,
        200,
        speech.gettext("Thank you: this alert is taken on"),
        _of(alert, speech),
        speech.gettext("Nobody else is told of it."),
    )


def _of(alert: Alert, speech: Speech) -> str:
    # Translators: which alert it is: {digest} is a name such as "weekly", {cases} are numbers such as 2026-0007.
    return speech.gettext(
        "Alert of the digest “{digest}”, {moment}: {cases}.",
        digest=alert.digest,
        moment=moment(alert.made_at, speech),
        cases=speech.row(alert.cases),
    )
