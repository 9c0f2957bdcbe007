"""What the crawler's tests share: a store, a pool, and a visit from start to end without a reactor."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cases.ledger import Run
from cases.store import Store, open_store
from crawler.options import Collection
from crawler.pool import ReadingPool
from crawler.run import crawl
from crawler.sources import Source, source_of
from crawler.testing import Post

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/watch.db") as opened:
        yield opened


@pytest.fixture(scope="session")
def pool() -> Iterator[ReadingPool]:
    opened = ReadingPool(processes=1, timeout_s=30)
    yield opened
    asyncio.run(opened.close())


@pytest.fixture
def collection() -> Collection:
    return Collection(delay_s=0, timeout_s=5, retries=0, allow_private_addresses=True)


@pytest.fixture
def make_source() -> Callable[..., Source]:
    """A source at a home address, read by all three readers unless told otherwise."""

    def make(home: str, *kinds: str, **further: object) -> Source:
        readers = [{"kind": kind} for kind in kinds or ("wordpress", "feed", "listing")]
        table = {"title": "Magazine", "home": home, "date_order": "MDY", "readers": readers, **further}
        return source_of(table, name="magazine", origin="test")

    return make


@pytest.fixture
def visit(store: Store, pool: ReadingPool, collection: Collection, tmp_path: Path) -> Callable[..., Run]:
    """One visit with the tests' own store, pool, folder and clock; everything can be told otherwise."""

    def run(source: Source, *, at: datetime = NOW, **further: object) -> Run:
        given: dict[str, Any] = {
            "store": store,
            "pool": pool,
            "captures": tmp_path / "captures",
            "collection": collection,
            "watched_tags": ("North Korea", "Human Rights"),
            "trigger": "schedule",
            "now": partial(_same, at),
        }
        done = asyncio.run(crawl(source, **(given | further)))
        assert done.entries == done.articles + sum(done.set_aside.values()), "the funnel does not close"
        return done

    return run


@pytest.fixture
def make_posts() -> Callable[[int], list[Post]]:
    """Posts of the last weeks, newest last; every third carries no watched tag, spellings differ."""
    tags = (("North Korea",), ("human rights", "Law"), ("Religion",))

    def make(count: int) -> list[Post]:
        return [
            Post(
                slug=f"story-{n}",
                title=f"Story number {n} from the border",
                paragraphs=(
                    f"The first paragraph of story {n} tells of a river town and the people who live in it.",
                    f"A second paragraph follows and ends story {n}.",
                ),
                tags=tags[n % 3],
                published=NOW - timedelta(days=count - n),
            )
            for n in range(count)
        ]

    return make


def _same(at: datetime) -> datetime:
    return at
