import asyncio
import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import feedparser
import pytest
from starlette.applications import Starlette

from cases.errors import ConfigError
from cases.register import Case, CaseStatus
from cases.store import By
from digests.feeds import FeedSettings
from digests.stories import STORIES, Story
from scheduler.assembly import Watch
from scheduler.feeding import Feeds
from scheduler.webserver import listening

AT = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
TOKEN = "k3Yp" * 10
Put = Callable[[Watch, Story], Case]


@pytest.fixture
def fed(watch: Watch, tmp_path: Path) -> Watch:
    """A watch that is to have feeds, as files and served."""
    (tmp_path / "token").write_text(TOKEN, encoding="utf-8")
    table = {
        "folder": tmp_path / "feeds",
        "served": True,
        "token_file": tmp_path / "token",
        "authority": "desk.example.org",
    }
    settings = watch.settings.model_copy(update={"feeds": FeedSettings.model_validate(table)})
    return dataclasses.replace(watch, settings=settings)


def test_without_the_table_there_are_no_feeds(watch: Watch) -> None:
    feeds = Feeds(watch)
    assert feeds.keep(AT) == []
    assert feeds.routes() == []


def test_feeds_without_a_token_stop_the_start(fed: Watch, tmp_path: Path) -> None:
    (tmp_path / "token").unlink()
    with pytest.raises(ConfigError, match="there is no token"):
        Feeds(fed)


def test_the_files_have_unguessable_names_that_only_their_owner_reads(fed: Watch, put: Put) -> None:
    put(fed, STORIES[0])
    paths = Feeds(fed).keep(AT)
    assert [path.name for path in paths] == [f"demo.{TOKEN}.atom", f"demo.{TOKEN}.json"]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}
    assert paths[0].parent.stat().st_mode & 0o777 == 0o700
    assert len(feedparser.parse(paths[0].read_text(encoding="utf-8")).entries) == 1


def test_a_new_token_ends_the_old_address(fed: Watch, put: Put, tmp_path: Path) -> None:
    put(fed, STORIES[0])
    old = Feeds(fed).keep(AT)
    (tmp_path / "feeds" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "token").write_text("n3w-" * 10, encoding="utf-8")
    new = Feeds(fed).keep(AT)
    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in new)
    assert (tmp_path / "feeds" / "notes.txt").exists()


def test_a_case_that_is_held_back_leaves_the_feed_and_comes_back(fed: Watch, put: Put) -> None:
    case, feeds = put(fed, STORIES[0]), Feeds(fed)
    (atom, _) = feeds.keep(AT)
    before = atom.read_bytes()
    by = By(actor="someone", at=AT, reason="")
    fed.store.rulings.hold(case.number, CaseStatus.EMBARGOED, by)
    feeds.keep(AT + timedelta(seconds=20))
    assert STORIES[0].title.encode() not in atom.read_bytes()
    fed.store.rulings.release(case.number, by)
    feeds.keep(AT + timedelta(seconds=40))
    assert STORIES[0].title.encode() in atom.read_bytes()
    assert before


def test_nothing_is_written_while_nothing_changes(fed: Watch, put: Put) -> None:
    put(fed, STORIES[0])
    feeds = Feeds(fed)
    made = [path.stat().st_ino for path in feeds.keep(AT)]
    assert [path.stat().st_ino for path in feeds.keep(AT + timedelta(hours=1))] == made
    assert [path.stat().st_ino for path in Feeds(fed).keep(AT + timedelta(hours=2))] == made


def test_the_service_gives_a_feed_to_who_knows_the_token_and_nothing_to_anybody_else(fed: Watch, put: Put) -> None:
    put(fed, STORIES[2])
    feeds = Feeds(fed)
    feeds.keep(AT)
    app = Starlette(routes=feeds.routes())

    async def asked() -> None:
        async with listening(app, "127.0.0.1", 0) as address, aiohttp.ClientSession(address) as session:
            async with session.get(f"/feeds/{TOKEN}/demo.atom") as good:
                assert good.status == 200
                assert good.content_type == "application/atom+xml"
                assert good.headers["Cache-Control"] == "private, no-cache"
                assert "noindex" in good.headers["X-Robots-Tag"]
                assert len(feedparser.parse(await good.text()).entries) == 1
                etag = good.headers["ETag"]
            async with session.get(f"/feeds/{TOKEN}/demo.atom", headers={"If-None-Match": etag}) as same:
                assert same.status == 304
            async with session.get(f"/feeds/{TOKEN}/demo.json") as other:
                assert other.content_type == "application/feed+json"
            for path in (
                f"/feeds/{TOKEN[:-1]}x/demo.atom",
                f"/feeds/{TOKEN}/other.atom",
                "/feeds/한글/demo.atom",
                "/feeds/",
            ):
                async with session.get(path) as refused:
                    assert refused.status == 404
                    assert STORIES[2].title not in await refused.text()

    asyncio.run(asked())
