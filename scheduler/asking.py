"""One-off work over HTTP: crawl now, preview or send a digest, judge again. For programs on this machine that have the token.

    POST /crawls            {"sources": ["a", "b"], "since": "2026-11-01"}    202 {"id": 7}; no sources: all that are switched on
    GET  /crawls/7          how far each source is, and its run once it is done
    POST /digests/weekly    {"send": false, "since": null, "format": "text"}  the preview, or what became of the sending
    POST /rejudge           {"since": null, "source": null}                   202; one round at a time
    GET  /rejudge           how far the round is, and its result

The same work as the commands of these names do; asked-for crawls come before routine ones.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cases.errors import UsageError, WatchError
from cases.model import Value
from crawler.progress import Progress
from crawler.sources import source_named
from digests.delivery import Sending
from digests.rendering import render
from scheduler.assembly import Watch, present
from scheduler.digesting import preview, send_now, templates_of
from scheduler.gate import Gate, Refused, answer, wish_in
from scheduler.rejudging import Rejudged, rejudge

log = logging.getLogger(__name__)


class CrawlWish(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``POST /crawls`` takes."""

    sources: tuple[str, ...] = ()
    since: date | None = None


class DigestWish(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``POST /digests/NAME`` takes."""

    send: bool = False
    since: date | None = None
    format: Literal["html", "text", "json"] = "text"


class RejudgeWish(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``POST /rejudge`` takes."""

    since: date | None = None
    source: str | None = None


class Board:
    """How far each crawl of this process is."""

    def __init__(self) -> None:
        self._progress: dict[str, Progress] = {}

    def note(self, progress: Progress) -> None:
        """Remember what a crawl says of itself, until it is done."""
        if progress.phase == "done":
            self._progress.pop(progress.source, None)
        else:
            self._progress[progress.source] = progress

    def of(self, source: str) -> Progress | None:
        """Tell how far the crawl of a source is, if one goes on here."""
        return self._progress.get(source)


class Asking:
    """What can be asked of the running service; use it on its loop."""

    def __init__(self, watch: Watch, board: Board, begin: Callable[[], Awaitable[object]]) -> None:
        """``board`` is where the crawls of this process say how far they are; ``begin`` lets it look for work at once."""
        self._watch = watch
        self._board = board
        self._begin = begin
        self._round: asyncio.Task[Rejudged] | None = None
        self._so_far: Rejudged | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self, gate: Gate) -> list[Route]:
        """Give the routes, each behind the gate."""
        return [
            Route("/crawls", gate(self._ask_for_crawl), methods=["POST"]),
            Route("/crawls/{id:int}", gate(self._tell_of_crawl), methods=["GET"]),
            Route("/digests/{name}", gate(self._digest), methods=["POST"]),
            Route("/rejudge", gate(self._ask_for_round), methods=["POST"]),
            Route("/rejudge", gate(self._tell_of_round), methods=["GET"]),
        ]

    async def close(self) -> None:
        """Break off a round that goes on; another begins where it stopped."""
        for task in (*self._tasks, *([self._round] if self._round is not None else [])):
            task.cancel()
            await asyncio.wait([task])

    # -- crawls

    async def _ask_for_crawl(self, request: Request) -> Response:
        wish = await wish_in(request, CrawlWish)
        sources = self._watch.sources
        names = [source_named(sources, name).name for name in wish.sources] or [
            one.name for one in sources.values() if one.enabled
        ]
        request_id = self._watch.store.sources.request(names, now=present(), since=_instant(wish.since))
        self._spawn(self._begin())
        return answer({"id": request_id, "sources": sorted(names)}, 202)

    async def _tell_of_crawl(self, request: Request) -> Response:
        state = self._watch.store.sources.request_state(int(request.path_params["id"]))
        told = [
            {"source": one.source, "state": one.state, "progress": self._board.of(one.source), "run": one.run}
            for one in state.sources
        ]
        return answer({"id": state.request_id, "asked_at": state.asked_at, "done": state.done, "sources": told})

    def _spawn(self, work: Awaitable[object]) -> None:
        async def run() -> None:
            try:
                await work
            except WatchError as error:
                log.error("what was asked for waits for the next tick: %s", error)  # noqa: TRY400 - the message says all

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- digests

    async def _digest(self, request: Request) -> Response:
        wish = await wish_in(request, DigestWish)
        spec = self._watch.settings.digest_named(request.path_params["name"])
        since, now = _instant(wish.since), present()
        if wish.send:
            return answer(_sent(await asyncio.to_thread(send_now, self._watch, spec, now, since=since)))

        def rendered() -> str:
            made = render(preview(self._watch, spec, now, since=since), templates_of(self._watch.settings))
            return {"html": made.page_html, "text": made.text, "json": made.json}[wish.format]

        media = {"html": "text/html", "text": "text/plain", "json": "application/json"}[wish.format]
        return Response(await asyncio.to_thread(rendered), media_type=media)

    # -- judging again

    async def _ask_for_round(self, request: Request) -> Response:
        wish = await wish_in(request, RejudgeWish)
        if self._round is not None and not self._round.done():
            raise Refused(409, "a round goes on already: GET /rejudge tells how far it is")
        name = source_named(self._watch.sources, wish.source).name if wish.source else None
        self._so_far = None
        self._round = asyncio.create_task(
            rejudge(self._watch, now=present, since=_instant(wish.since), source=name, on_progress=self._note_round)
        )
        return answer({"state": "running"}, 202)

    async def _tell_of_round(self, _request: Request) -> Response:
        if self._round is None:
            raise UsageError("no round of judging again was asked for since this service began")
        if not self._round.done():
            return answer({"state": "running", "progress": self._so_far})
        error = self._round.exception()
        if error is not None:
            words = str(error) if isinstance(error, WatchError) else type(error).__name__
            return answer({"state": "failed", "progress": self._so_far, "error": words})
        return answer({"state": "done", "result": self._round.result()})

    def _note_round(self, so_far: Rejudged) -> None:
        self._so_far = so_far


def _instant(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, datetime.min.time(), tzinfo=UTC)


def _sent(sending: Sending) -> dict[str, Any]:
    """Tell what became of a digest, with no more of its recipients than that they were reached."""
    return {
        "state": sending.state,
        "subject": sending.subject,
        "receipts": [{"channel": one.channel, "said": one.said} for one in sending.receipts],
        "errors": list(sending.errors),
        "owed": len(sending.owed),
    }
