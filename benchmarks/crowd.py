"""Many small sites in one process, a tenth of which misbehave: ``python -m benchmarks.crowd PORT SITES SECONDS``.

Site ``n`` answers at ``address_of(n)``. A well-behaved one has a feed and pages, begins with two articles and publishes more for
most of the time; one in ten of these tells a case of its own. Writes a line once it listens, and at SIGTERM what it
saw: the most requests that waited at one site at the same time. Answers loopback alone.
"""

import argparse
import asyncio
import json
import signal
import time
from collections import Counter
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import NamedTuple

from benchmarks.nginx import address_of

ROUNDS = 5
"""Articles that a site publishes while the time runs, after its first two."""
_SHORT_S = 300


def every_s(seconds: float) -> int:
    """Say how often a site is to be visited, so that a short time sees many visits too."""
    return max(5, min(30, round(seconds / 20)))


def published_within(seconds: float) -> float:
    """Say after how many seconds nothing is published any more: what comes last is to be visited as well."""
    return seconds * (0.8 if seconds >= _SHORT_S else 0.5)


TROUBLES = ("drip", "error", "hang", "huge", "garbage", "loop")
TOWNS = ("Longtan", "Helong", "Wangqing", "Antu", "Hunchun", "Tumen", "Yanji", "Linjiang", "Changbai", "Dandong")
_LONGEST_HEAD = 16_384
_PIECE = b"x" * 65_536


def trouble_of(number: int) -> str | None:
    """Say how a site misbehaves, if it does."""
    return TROUBLES[number // 10 % len(TROUBLES)] if number % 10 == 9 else None  # noqa: PLR2004 - one in ten


def story_of(number: int) -> int | None:
    """Give the number of the case that a site tells in its third article, if it does."""
    return number // 10 if number % 10 == 3 else None  # noqa: PLR2004 - another one in ten


def stories(sites: int) -> int:
    """Count the cases that all sites tell."""
    return sum(story_of(number) is not None for number in range(sites))


def articles(sites: int) -> int:
    """Count the articles that there are in the end."""
    return sum(trouble_of(number) is None for number in range(sites)) * (2 + ROUNDS)


class Page(NamedTuple):
    """An article of a site."""

    path: str
    title: str
    paragraphs: tuple[str, ...]
    published: datetime


class Crowd:
    """The sites, and what they saw."""

    def __init__(self, sites: int, seconds: float) -> None:
        self._numbers = {address_of(number): number for number in range(sites)}
        self._seconds = seconds
        self._started = time.time()
        self._at_work: Counter[int] = Counter()
        self.busiest = 0
        """Most requests that waited at one well-behaved site at the same time."""
        self.requests = 0

    def pages(self, number: int) -> list[Page]:
        """Give what a site has published so far."""
        step = published_within(self._seconds) / ROUNDS
        first = self._started + step * (number % 97) / 97
        past = [self._started - 86_400 * days for days in (2, 1)]
        times = [*past, *(first + step * turn for turn in range(ROUNDS))]
        return [self._page(number, index, at) for index, at in enumerate(times) if at <= time.time()]

    def _page(self, number: int, index: int, at: float) -> Page:
        story = story_of(number) if index == 2 else None  # noqa: PLR2004 - the third article
        told = _plain(number, index) if story is None else _told(story)
        return Page(f"/a/{index}/", f"Part {index} from site {number}", told, datetime.fromtimestamp(int(at), UTC))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection, request after request."""
        try:
            number = self._numbers.get(writer.get_extra_info("sockname")[0])
            while number is not None and (asked := await _asked(reader)) is not None:
                self.requests += 1
                self._at_work[number] += 1
                if trouble_of(number) is None:  # of the others it is not seen at once when a client has gone
                    self.busiest = max(self.busiest, self._at_work[number])
                try:
                    await asyncio.sleep(0.005)
                    answer = await self._answer(number, writer, *asked)
                finally:
                    self._at_work[number] -= 1
                writer.write(answer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # the client has gone, or we go
        finally:
            writer.close()

    async def _answer(self, number: int, writer: asyncio.StreamWriter, path: str, etag: str) -> bytes:
        trouble = trouble_of(number)
        if path == "/robots.txt":
            return _message("404 Not Found", b"")
        if trouble is not None:
            return await _misbehave(trouble, writer, path)
        if path == "/feed/":
            body = _feed(f"http://{address_of(number)}:{writer.get_extra_info('sockname')[1]}", self.pages(number))
            tag = f'"{sha256(body).hexdigest()[:16]}"'
            if etag == tag:
                return _message("304 Not Modified", b"", ETag=tag)
            return _message("200 OK", body, ETag=tag, **{"Content-Type": "application/rss+xml"})
        page = next((one for one in self.pages(number) if one.path == path), None)
        if page is None:
            return _message("404 Not Found", b"")
        return _message("200 OK", _html(page), **{"Content-Type": "text/html; charset=utf-8"})


async def _asked(reader: asyncio.StreamReader) -> tuple[str, str] | None:
    """Read one request; gives its path and what it knows of the answer, None at the end of the connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return first.split(" ")[1], headers.get("if-none-match", "")


async def _misbehave(trouble: str, writer: asyncio.StreamWriter, path: str) -> bytes:
    if trouble == "error":
        return _message("500 Internal Server Error", b"out of order")
    if trouble == "loop":
        return _message("302 Found", b"", Location=f"{path}x" if len(path) < 100 else "/feed/")  # noqa: PLR2004 - long enough
    if trouble == "garbage":
        return _message("200 OK", sha256(path.encode()).digest() * 1000, **{"Content-Type": "application/rss+xml"})
    if trouble == "hang":
        await asyncio.sleep(600)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n")
    for _ in range(100_000):
        writer.write(_PIECE if trouble == "huge" else b"<")
        await writer.drain()
        await asyncio.sleep(0 if trouble == "huge" else 0.5)
    raise ConnectionResetError


def _plain(number: int, index: int) -> tuple[str, ...]:
    return (
        f"The ferry of site {number} ran late for the {index}th time this month, and the harbour was full of boats.",
        "The mayor said that the timetable will be changed in spring, when the new pier is open.",
        "Fishermen asked for a second boat in the morning; the council will talk about it next week.",
        *(
            "Nobody in the harbour had heard of such a thing before, and few believed it."
            for _ in range((number + 3 * index) % 7)
        ),
    )


def _told(story: int) -> tuple[str, ...]:
    """Tell a case like no other: a reprint is known by its sentences, so that each has words of its own."""
    town, age = TOWNS[story % len(TOWNS)], 20 + story % 50
    month, day = ("March", "January", "May")[story // 90 % 3], 1 + 3 * (story // len(TOWNS) % 9)
    sex, who = ("woman", "she") if story % 2 else ("man", "he")
    words = [f"{word}{story}" for word in ("Harbour", "Quarry", "Orchard", "Chapel", "Windmill", "Tannery")]
    return (
        f"On {month} {day}, 2026, police in {town} arrested a North Korean {sex}, {age}, near the {' and the '.join(words[:2])} mill.",
        f"From {town}, {who} was forcibly deported to North Korea on {month} {day + 1}, 2026, said a neighbour from {words[2]} street.",
        f"People of {words[3]} lane, of {words[4]} yard and of {words[5]} square have since asked what became of the {sex}, {age}.",
    )


def _feed(root: str, pages: list[Page]) -> bytes:
    items = "".join(
        f"<item><title>{page.title}</title><link>{root}{page.path}</link><pubDate>{format_datetime(page.published)}</pubDate></item>"
        for page in reversed(pages)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Site</title>{items}</channel></rss>'.encode()


def _html(page: Page) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in page.paragraphs)
    time_tag = f'<time datetime="{page.published.isoformat()}">{page.published:%d %B %Y}</time>'
    head = f'<!DOCTYPE html><html lang="en"><head><title>{page.title}</title></head>'
    return f"{head}<body><main><article><h1>{page.title}</h1>{time_tag}{text}</article></main></body></html>".encode()


def _message(status: str, body: bytes, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
    if not status.startswith("304"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def run(port: int, sites: int, seconds: float) -> None:
    """Serve until SIGTERM."""
    crowd, stop = Crowd(sites, seconds), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if writer.get_extra_info("peername")[0].startswith("127."):
            await crowd.serve(reader, writer)
        else:
            writer.close()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    server = await asyncio.start_server(serve, "0.0.0.0", port, backlog=4096, limit=_LONGEST_HEAD)
    print("listening", flush=True)
    await stop.wait()
    print(json.dumps({"requests": crowd.requests, "busiest": crowd.busiest}), flush=True)
    server.close()


def main() -> None:
    """Take the port, how many sites there are, and over how many seconds they publish."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("port", type=int)
    asked.add_argument("sites", type=int)
    asked.add_argument("seconds", type=float)
    options = asked.parse_args()
    asyncio.run(run(options.port, options.sites, options.seconds))


if __name__ == "__main__":
    main()
