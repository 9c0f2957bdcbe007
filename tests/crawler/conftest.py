"""What the crawler's tests share: a store, a pool, and a visit from start to end without a reactor."""

import asyncio
import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cases.ledger import Run
from cases.model import Article
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


class Visited(msgspec.Struct):
    """What came of a visit in another process."""

    run: Run
    articles: list[Article]
    grown_kb: int
    """How much the process's largest size grew."""

    def texts(self) -> list[str]:
        """Everything that the run says in words."""
        return [self.run.detail or "", *self.run.warnings, *self.run.fell_back_from]


class Visitor:
    """A process that goes through one of the two doors; it lives for all the tests, and dies with a visit that hangs."""

    def __init__(self, door: str) -> None:
        self._command = [sys.executable, "-W", "error", str(Path(__file__).with_name("visitor.py")), door]
        self.environment: dict[str, str] = {}
        """What the process finds in its environment, beside our own."""
        self._process: subprocess.Popen[str] | None = None

    def visit(self, job: Mapping[str, Any], *, longest_s: float) -> Visited:
        """Visit, and wait for the end of it; a visit that does not end within the guard is a failure."""
        process = self._process or self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], longest_s)[0]:
            self.close()
            pytest.fail(f"the visit had not ended after {longest_s:g} s")
        line = process.stdout.readline()
        if not line:
            self.close()
            pytest.fail("the visiting process ended")
        return msgspec.json.decode(line, type=Visited)

    def _started(self) -> subprocess.Popen[str]:
        # one arena: the address space that a thread's own reserves is no memory that a visit takes
        told = {**os.environ, "MALLOC_ARENA_MAX": "1", **self.environment}
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=told
        )
        return self._process

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@pytest.fixture(scope="session", params=["reactor", "loop"])
def visitor(request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Both doors in turn: Twisted's client, as the service uses it, and the one without a reactor."""
    opened = Visitor(request.param)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def look(visitor: Visitor, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Callable[..., Visited]:
    """Visit a home address as the service would; ``public`` addresses pass the guard, ``names`` resolve as told.

    Each visit has a store of its own, unless ``folder`` names one.
    """

    def visit(home: str, *kinds: str | Mapping[str, Any], **told: Any) -> Visited:  # noqa: ANN401 - keys of a source file, and more
        readers = [{"kind": kind} if isinstance(kind, str) else dict(kind) for kind in kinds or ("feed",)]
        options = {"delay_s": 0, "timeout_s": 3, "retries": 0, "max_bytes": 2_000_000} | told.pop("collection", {})
        names: Mapping[str, Sequence[Sequence[str]]] = told.pop("names", {})
        folder = Path(told.pop("folder", None) or tmp_path_factory.mktemp("visit"))
        if not (folder / "watch.db").exists():
            shutil.copyfile(migrated_sqlite, folder / "watch.db")
        job = {
            "name": told.pop("name", "magazine"),
            "folder": str(folder),
            "at": told.pop("at", NOW).isoformat(),
            "watched": told.pop("watched", ["North Korea", "Human Rights"]),
            "public": told.pop("public", ["127.0.0.5"]),
            "names": {"magazine.example": [["127.0.0.5"]], **names},
            "further_mb": told.pop("further_mb", None),
            "collection": options,
        }
        longest_s = told.pop("longest_s", 60)
        source = {"title": "Magazine", "home": home, "date_order": "MDY", "readers": readers, **told}
        found = visitor.visit({**job, "source": source}, longest_s=longest_s)
        run = found.run
        assert run.entries == run.articles + sum(run.set_aside.values()), "the funnel does not close"
        return found

    return visit


def _same(at: datetime) -> datetime:
    return at
