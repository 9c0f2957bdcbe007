"""An errand: addresses fetched in turn for a person, through the doors of a crawl."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from cases.ledger import SourceOutcome
from crawler.discovery.errand import Fetch
from crawler.options import Collection
from crawler.readers import Answer
from crawler.run import run_errand
from crawler.testing import Asked, LoopbackSite, Reply, html_reply
from crawler.trouble import Trouble

Result = TypeVar("Result")


def site(asked: Asked) -> Reply:
    replies = {
        "/robots.txt": Reply(body=b"User-agent: *\nDisallow: /closed/\n"),
        "/moved": Reply(status=302, headers={"Location": "/a"}),
        "/gone": Reply(status=410),
    }
    return replies.get(asked.path) or html_reply("<p>Here.</p>")


def run(collection: Collection, errand: Callable[[Fetch], Awaitable[Result]], **further: int) -> Result:
    return asyncio.run(run_errand(errand, collection=collection, now=lambda: datetime.now(UTC), **further))


def fetched(collection: Collection, *urls: str, **further: int) -> list[Answer | Trouble]:
    async def errand(fetch: Fetch) -> list[Answer | Trouble]:
        return [await fetch(url) for url in urls]

    return run(collection, errand, **further)


def test_each_address_is_answered_or_said_why_not(collection: Collection) -> None:
    with LoopbackSite(site) as there:
        root = there.url
        answers = fetched(collection, root, f"{root}moved", f"{root}gone", f"{root}closed/x", "ftp://x/", "http://[")
    assert isinstance(answers[0], Answer)
    assert isinstance(answers[1], Answer)
    assert (answers[0].body, answers[1].url) == (b"<p>Here.</p>", f"{root}a")
    troubles = [answer for answer in answers[2:] if isinstance(answer, Trouble)]
    assert [trouble.outcome for trouble in troubles] == [
        SourceOutcome.GONE,
        SourceOutcome.FORBIDDEN,
        SourceOutcome.BLOCKED,
        SourceOutcome.BLOCKED,
    ]
    assert "robots.txt" in troubles[1].why


def test_nothing_is_asked_for_twice_and_robots_txt_only_once(collection: Collection) -> None:
    with LoopbackSite(site) as there:
        fetched(collection, f"{there.url}a", f"{there.url}b", f"{there.url}a")
        assert [asked.path for asked in there.asked] == ["/robots.txt", "/a", "/b"]


def test_a_host_that_does_not_answer_is_not_asked_for_more(collection: Collection) -> None:
    with LoopbackSite(lambda _: Reply(status=500)) as there:
        answers = fetched(collection, f"{there.url}a", f"{there.url}b")
        assert [asked.path for asked in there.asked] == ["/robots.txt"]
    assert [answer.outcome for answer in answers if isinstance(answer, Trouble)] == [SourceOutcome.UNREACHABLE] * 2


def test_an_errand_asks_for_no_more_than_it_may(collection: Collection) -> None:
    with LoopbackSite(site) as there:
        answers = fetched(collection, *(f"{there.url}{n}" for n in range(4)), limit=2)
        assert len(there.paths()) == 2
    assert isinstance(answers[3], Trouble)
    assert "after 2 requests" in answers[3].why


def test_a_private_address_is_refused_where_nobody_allowed_it(collection: Collection) -> None:
    guarded = collection.model_copy(update={"allow_private_addresses": False})
    with LoopbackSite(site) as there:
        (answer,) = fetched(guarded, there.url)
        assert there.asked == []
    assert isinstance(answer, Trouble)
    assert "the machine itself" in answer.why


def test_an_errand_that_fails_fails_for_whoever_sent_it(collection: Collection) -> None:
    async def errand(_: Fetch) -> None:
        raise LookupError("a fault of ours")

    with pytest.raises(LookupError, match="a fault of ours"):
        run(collection, errand)
