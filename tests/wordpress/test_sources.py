"""A documenter adds a real WordPress by its address: what is found there, what is written, and a crawl by what was written."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cases.ledger import Run
from cases.store import open_store
from crawler.discovery.errand import Fetch
from crawler.discovery.offers import Nature
from crawler.discovery.source_file import file_text, write_file
from crawler.discovery.survey import Survey, survey
from crawler.options import Collection
from crawler.pool import ReadingPool
from crawler.run import crawl, run_errand
from crawler.sources import Source, load_source
from scheduler.demo.magazine import slug_of

if TYPE_CHECKING:
    from tests.wordpress.conftest import WordPress

pytestmark = [pytest.mark.wordpress, pytest.mark.timeout(300)]

WATCHED = ("North Korea", "Human Rights")
NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
COLLECTION = Collection(delay_s=0, allow_private_addresses=True, horizon_days=0)
Looking = Callable[[str], Survey]


@pytest.fixture
def look(wordpress: "WordPress") -> Looking:
    """A survey of an address at the site, from its root."""

    def run(path: str) -> Survey:
        async def errand(fetch: Fetch) -> Survey:
            return await survey(f"{wordpress.url}{path}", watched=WATCHED, fetch=fetch)

        return asyncio.run(run_errand(errand, collection=COLLECTION, now=lambda: NOW))

    return run


def kinds(found: Survey) -> list[str]:
    return [one.table.kind for one in found.chosen]


def test_the_interface_is_chosen_and_feeds_and_sitemap_stand_behind_it(wordpress: "WordPress", look: Looking) -> None:
    start = len(wordpress.requests())
    found = look("/")
    assert kinds(found) == ["wordpress", "feed", "feed", "sitemap"]
    assert (found.software, found.watched) == ("WordPress", WATCHED)
    watched = [
        post
        for post in wordpress.magazine.posts
        if not {"north-korea", "human-rights"}.isdisjoint(map(slug_of, post.tags))
    ]
    assert found.chosen[0].claimed_total == len(watched)
    assert found.chosen[0].watched == len(found.chosen[0].entries) == min(len(watched), 100)
    assert [page.article is not None for page in found.pages] == [True, True]
    assert found.reads_rightly
    assert len(wordpress.requests()) - start <= 30


def test_without_the_interface_the_feeds_come_first(wordpress: "WordPress", look: Looking) -> None:
    wordpress.close("rest")
    assert kinds(look("/"))[0] == "feed"


def test_an_article_a_tag_and_a_feed_are_known_for_what_they_are(wordpress: "WordPress", look: Looking) -> None:
    post = wordpress.magazine.posts[0]
    article = look(f"/{post.slug}/")
    assert (article.nature, kinds(article)[0]) == (Nature.ARTICLE, "wordpress")
    assert article.pages[0].article is not None
    assert article.pages[0].article.title == " ".join(post.title.split())
    tag = look("/tag/north-korea/")
    assert (tag.nature, tag.watched, kinds(tag)[0]) == (Nature.PAGE, ("north korea",), "wordpress")
    feed = look("/tag/north-korea/feed/")
    assert (feed.nature, kinds(feed)) == (Nature.FEED, ["feed"])


def test_a_crawl_by_the_written_file_keeps_every_watched_article(
    wordpress: "WordPress", look: Looking, tmp_path: Path
) -> None:
    found = look("/")
    text = file_text(found, name="courier", day=NOW.date(), watched=WATCHED)
    source = load_source(write_file(tmp_path / "sources", "courier", text))
    run = asyncio.run(_crawled(source, tmp_path))
    assert (run.outcome, run.reader) == ("ok", "wordpress")
    assert run.articles == found.chosen[0].claimed_total


async def _crawled(source: Source, folder: Path) -> Run:
    with open_store(f"sqlite:///{folder}/watch.db") as store:
        async with ReadingPool() as pool:
            return await crawl(
                source,
                store=store,
                pool=pool,
                captures=folder / "captures",
                collection=COLLECTION,
                watched_tags=WATCHED,
                trigger="request",
                now=lambda: NOW,
            )
