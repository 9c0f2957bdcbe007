"""Asking whether anything changed, before a crawl begins."""

import asyncio
import gzip
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from cases.ledger import Run, SourceOutcome
from cases.store import RobotsCopy, Store, Validators
from crawler.options import Collection
from crawler.order import Order
from crawler.polling import InHand, Poll, Polls, Unchanged
from crawler.sources import Source
from crawler.testing import Asked, LoopbackSite, Magazine, Post, Reply
from crawler.wire.hosts import Hosts
from crawler.wire.robots import allows, is_young, pause_asked, site_of

Visit = Callable[..., Run]
HOUR = timedelta(hours=1)


class Plain:
    """A magazine whose server knows no conditional requests."""

    def __init__(self, magazine: Magazine, *, packed: bool = False) -> None:
        self.magazine, self.packed = magazine, packed

    def __call__(self, asked: Asked) -> Reply:
        headers = {name: value for name, value in asked.headers.items() if not name.startswith("if-")}
        reply = self.magazine(Asked(target=asked.target, headers=headers))
        stated = {name: value for name, value in reply.headers.items() if name != "ETag"}
        if not self.packed:
            return Reply(status=reply.status, body=reply.body, headers=stated)
        return Reply(
            status=reply.status, body=gzip.compress(reply.body, mtime=0), headers=stated | {"Content-Encoding": "gzip"}
        )


@pytest.fixture
def collection() -> Collection:
    return Collection(delay_s=0, timeout_s=5, retries=0, allow_private_addresses=True)


@pytest.fixture
def ask(store: Store, collection: Collection) -> Callable[..., tuple[Poll | None, Unchanged | InHand | None]]:
    """Poll one source at a time of day, as a schedule does unless told otherwise."""

    def run(source: Source, at: datetime, **further: object) -> tuple[Poll | None, Unchanged | InHand | None]:
        given = {"trigger": "schedule", "watched": ("North Korea", "Human Rights"), "collection": collection}
        order = Order(source=source, **(given | further))  # type: ignore[arg-type]  # a table of a test

        async def scene() -> tuple[Poll | None, Unchanged | InHand | None]:
            async with Polls(store, collection, now=partial(_same, at)) as polls:
                poll = polls.prepared([order]).get(source.name)
                return poll, await polls.ask(poll) if poll is not None else None

        return asyncio.run(scene())

    return run


@pytest.fixture
def magazine(make_posts: Callable[[int], list[Post]]) -> Magazine:
    return Magazine(make_posts(6), robots="User-agent: *\nDisallow: /private/\n")


def test_a_source_that_did_not_change_costs_one_question_a_feed(
    ask: Callable[..., tuple[Poll, Unchanged]],
    visit: Visit,
    make_source: Callable[..., Source],
    magazine: Magazine,
    now: datetime,
) -> None:
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, "feed")
        visit(source)
        before = len(site.asked)
        poll, answer = ask(source, now + HOUR)
        asked = site.asked[before:]
    assert [one.path for one in asked] == ["/tag/north-korea/feed/", "/tag/human-rights/feed/"]
    assert all(one.headers["if-none-match"] and "Returnwatch/" in one.headers["user-agent"] for one in asked)
    assert isinstance(answer, Unchanged)
    assert (answer.run.outcome, answer.run.requests, answer.run.reader) == (SourceOutcome.NOT_MODIFIED, 2, "feed")
    assert poll.last.complete_at == now
    (kept,) = answer.remembered.values()
    assert (now + HOUR).strftime("%Y-%m-%dT%H") in (kept.etag or ""), "the next visit counts from this one"


@pytest.mark.parametrize("packed", [False, True])
def test_a_site_without_validators_is_known_by_its_bytes(
    ask: Callable[..., tuple[Poll, Unchanged]],
    visit: Visit,
    make_source: Callable[..., Source],
    magazine: Magazine,
    now: datetime,
    packed: bool,
) -> None:
    with LoopbackSite(Plain(magazine, packed=packed)) as site:
        source = make_source(site.url, "feed")
        visit(source)
        _, answer = ask(source, now + HOUR)
        assert isinstance(answer, Unchanged)
        assert answer.run.outcome is SourceOutcome.SAME_BYTES
        crawled = visit(source, at=now + HOUR)
    assert crawled.outcome is SourceOutcome.SAME_BYTES, "a crawl knows them as well"


def test_the_same_bytes_are_no_reason_to_skip_a_thorough_visit(
    visit: Visit, make_source: Callable[..., Source], magazine: Magazine, now: datetime
) -> None:
    with LoopbackSite(Plain(magazine)) as site:
        source = make_source(site.url, "feed")
        visit(source)
        assert visit(source, at=now + timedelta(hours=25)).outcome is SourceOutcome.NOTHING_NEW
        assert visit(source, at=now + timedelta(hours=26), trigger="request").outcome is SourceOutcome.NOTHING_NEW


def test_what_changed_is_asked_for_once_and_its_articles_are_kept(
    ask: Callable[..., tuple[Poll, InHand]],
    visit: Visit,
    make_source: Callable[..., Source],
    magazine: Magazine,
    now: datetime,
    store: Store,
) -> None:
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, "feed")
        visit(source)
        magazine.posts.append(
            Post(
                slug="fresh",
                title="A fresh story",
                paragraphs=("Told today in one town.",),
                tags=("Human Rights",),
                published=now,
            )
        )
        before = len(site.asked)
        _, answer = ask(source, now + HOUR)
        assert [exchange.status for exchange in answer.answers] == [304, 200]
        run = visit(source, at=now + HOUR, in_hand=answer)
        asked = [one.target for one in site.asked[before:]]
        article = store.articles.known([f"{site.url}fresh/"])
    assert run.outcome is SourceOutcome.OK
    assert (run.articles, run.requests) == (1, len(asked))
    assert asked.count("/tag/north-korea/feed/") == asked.count("/tag/human-rights/feed/") == 1
    assert asked[-1] == "/fresh/"
    assert article


def test_what_a_poll_brought_is_kept_as_evidence_before_it_is_read(
    ask: Callable[..., tuple[Poll, InHand]],
    visit: Visit,
    make_source: Callable[..., Source],
    magazine: Magazine,
    now: datetime,
    tmp_path: Path,
) -> None:
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, "feed")
        visit(source)
        magazine.posts[0] = magazine.posts[-1]
        _, answer = ask(source, now + HOUR)
        visit(source, at=now + HOUR, in_hand=answer)
    files = [path for path in _files(tmp_path) if "20260601T13" in path.name]
    assert len(files) == 1
    assert b"/tag/north-korea/feed/" in gzip.decompress(files[0].read_bytes())


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_poll_that_fails_has_the_outcome_of_a_crawl_that_fails(
    ask: Callable[..., tuple[Poll, InHand]],
    visit: Visit,
    make_source: Callable[..., Source],
    magazine: Magazine,
    now: datetime,
    status: int,
) -> None:
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, "feed")
        visit(source)
        for tag in ("north-korea", "human-rights"):
            magazine.special[f"/tag/{tag}/feed/"] = lambda _: Reply(status=status)
        crawled = visit(source, at=now + HOUR)
        _, answer = ask(source, now + HOUR)
        assert isinstance(answer, InHand)
        polled = visit(source, at=now + HOUR, in_hand=answer)
    assert (polled.outcome, polled.detail) == (crawled.outcome, crawled.detail)
    assert polled.requests == crawled.requests


def test_a_site_that_does_not_answer_is_left_to_the_crawl(
    ask: Callable[..., tuple[Poll, InHand]],
    visit: Visit,
    make_source: Callable[..., Source],
    magazine: Magazine,
    now: datetime,
) -> None:
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, "feed")
        visit(source)
    _, answer = ask(source, now + HOUR)
    assert answer == InHand(requests=1)


def test_an_answer_larger_than_it_may_be_is_left_to_the_crawl(
    ask: Callable[..., tuple[Poll, InHand]],
    visit: Visit,
    make_source: Callable[..., Source],
    magazine: Magazine,
    now: datetime,
    collection: Collection,
) -> None:
    bomb = gzip.compress(b"0" * (collection.max_bytes + 1))
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, "feed")
        visit(source)
        magazine.special["/tag/north-korea/feed/"] = lambda _: Reply(body=bomb, headers={"Content-Encoding": "gzip"})
        _, answer = ask(source, now + HOUR)
    assert isinstance(answer, InHand)


@pytest.mark.parametrize(
    "further", [{"trigger": "request"}, {"since": datetime.fromisoformat("2026-01-01T00:00:00Z")}, {"at": 24}]
)
def test_a_thorough_visit_is_never_a_poll(
    ask: Callable[..., tuple[Poll | None, None]],
    visit: Visit,
    make_source: Callable[..., Source],
    magazine: Magazine,
    now: datetime,
    further: dict[str, object],
) -> None:
    hours = further.pop("at", 1)
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, "feed")
        visit(source)
        assert ask(source, now + HOUR * hours, **further) == (None, None)  # type: ignore[operator]  # a table of a test


def test_a_list_of_tags_that_stays_as_it_is_says_nothing_of_the_articles(
    ask: Callable[..., tuple[Poll | None, None]],
    visit: Visit,
    make_source: Callable[..., Source],
    magazine: Magazine,
    now: datetime,
) -> None:
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, "wordpress")
        visit(source)
        assert ask(source, now + HOUR) == (None, None)


def test_an_address_that_robots_txt_forbids_is_not_polled(
    ask: Callable[..., tuple[Poll | None, None]],
    visit: Visit,
    make_source: Callable[..., Source],
    magazine: Magazine,
    now: datetime,
    store: Store,
) -> None:
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, "feed")
        visit(source)
        copy = RobotsCopy(site=site.url[:-1], fetched_at=now, status=200, body=b"User-agent: *\nDisallow: /tag/\n")
        store.robots.keep(copy)
        assert ask(source, now + HOUR) == (None, None)
        assert visit(source, at=now + HOUR).outcome is SourceOutcome.FORBIDDEN


def test_robots_txt_is_asked_for_once_a_day_and_kept_with_its_evidence(
    visit: Visit, make_source: Callable[..., Source], magazine: Magazine, now: datetime, store: Store
) -> None:
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, "feed")
        times = [0, 1, 23, 25]
        asked = []
        for hours in times:
            visit(source, at=now + HOUR * hours)
            asked.append(sum(one.path == "/robots.txt" for one in site.asked))
        copy = store.robots.copies([site.url[:-1]])[site.url[:-1]]
    assert asked == [1, 1, 1, 2]
    assert copy.fetched_at == now + HOUR * 25
    assert copy.body == magazine.robots.encode()
    assert copy.capture is not None
    assert copy.capture.url == f"{site.url}robots.txt"


def test_robots_txt_that_cannot_be_read_is_no_permission_and_is_asked_for_again(
    ask: Callable[..., tuple[Poll | None, None]],
    visit: Visit,
    make_source: Callable[..., Source],
    magazine: Magazine,
    now: datetime,
) -> None:
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, "feed")
        visit(source)
        magazine.special["/robots.txt"] = lambda _: Reply(status=500)
        late = now + timedelta(hours=24)
        assert visit(source, at=late).outcome is SourceOutcome.UNREACHABLE
        assert ask(source, late) == (None, None)
        del magazine.special["/robots.txt"]
        assert visit(source, at=late).outcome is SourceOutcome.NOTHING_NEW


def test_the_crawl_delay_of_a_kept_copy_is_obeyed(
    visit: Visit,
    make_source: Callable[..., Source],
    magazine: Magazine,
    now: datetime,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from crawler.wire import robots

    delays: list[float] = []
    slow_down = robots.Robots._slow_down

    def noting(self: robots.Robots, copy: RobotsCopy) -> None:
        slow_down(self, copy)
        delays.append(self.crawler.engine.downloader._delay)

    monkeypatch.setattr(robots.Robots, "_slow_down", noting)
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, "feed")
        copy = RobotsCopy(site=site.url[:-1], fetched_at=now, status=200, body=b"User-agent: *\nCrawl-delay: 0.2\n")
        store.robots.keep(copy)
        visit(source)
        assert "/robots.txt" not in {one.path for one in site.asked}
    assert delays == [0.2]


def test_a_copy_of_robots_txt_speaks_for_its_site_and_its_day(now: datetime) -> None:
    copy = RobotsCopy(
        site="https://m.example", fetched_at=now, status=200, body=b"User-agent: *\nDisallow: /a\nCrawl-delay: 900\n"
    )
    assert site_of("https://m.example/feed/?x=1") == copy.site
    assert not allows(copy, "https://m.example/a", "Returnwatch/1")
    assert allows(copy, "https://m.example/b", "Returnwatch/1")
    assert pause_asked(copy, "Returnwatch/1") == 120, "nobody may send the watch to sleep"
    assert is_young(copy, now + timedelta(hours=23, minutes=59))
    assert not is_young(copy, now + timedelta(hours=24))
    assert not is_young(copy, now - HOUR), "a clock that was set back makes no copy younger"


def test_no_answer_for_robots_txt_that_means_no_rules_forbids_anything(now: datetime) -> None:
    copy = RobotsCopy(site="https://m.example", fetched_at=now, status=404, body=b"User-agent: *\nDisallow: /\n")
    assert allows(copy, "https://m.example/", "Returnwatch/1")


def test_two_who_ask_one_host_wait_for_one_another() -> None:
    time = [100.0]
    slept: list[float] = []

    async def scene(monkeypatch: pytest.MonkeyPatch) -> None:
        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        monkeypatch.setattr("crawler.wire.hosts.asyncio.sleep", sleep)
        hosts = Hosts(lambda: time[0])
        await hosts.turn("one.example", 5)
        await hosts.turn("other.example", 5)
        await hosts.turn("one.example", 5)
        await hosts.turn("one.example", 5)
        time[0] = 200.0
        await hosts.turn("one.example", 5)

    with pytest.MonkeyPatch.context() as monkeypatch:
        asyncio.run(scene(monkeypatch))
    assert slept == [5.0, 10.0]


def test_many_sources_are_looked_up_together(
    visit: Visit,
    make_source: Callable[..., Source],
    magazine: Magazine,
    now: datetime,
    store: Store,
    collection: Collection,
) -> None:
    looks: list[int] = []
    known = store.runs.known

    def counting(urls: list[str]) -> dict[str, Validators]:
        looks.append(len(urls))
        return known(urls)

    with LoopbackSite(magazine) as site:
        first = make_source(site.url, "feed")
        visit(first)
        second = first.model_copy(update={"name": "another"})
        orders = [
            Order(source=source, collection=collection, watched=("North Korea", "Human Rights"), trigger="schedule")
            for source in (first, second)
        ]
        store.runs.known = counting  # type: ignore[method-assign, assignment]
        polls = Polls(store, collection, now=partial(_same, now + HOUR)).prepared(orders)
    assert set(polls) == {first.name}, "nobody knows when the other was visited"
    assert looks == [2, 2]


def _same(at: datetime) -> datetime:
    return at


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.warc.gz"))
