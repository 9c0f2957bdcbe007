"""A real WordPress, crawled: through REST, through feeds when REST is closed, through tag pages when both are."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from cases.ledger import Run, SourceOutcome
from cases.store import Store, open_store
from crawler.options import Collection
from crawler.pool import ReadingPool
from crawler.run import crawl
from crawler.sources import source_of
from scheduler.demo.magazine import Post, slug_of

if TYPE_CHECKING:
    from tests.wordpress.conftest import WordPress

pytestmark = [pytest.mark.wordpress, pytest.mark.timeout(300)]

WATCHED = ("North Korea", "Human Rights")
SLUGS = {"north-korea", "human-rights"}
WAYS_IN = {"wordpress": (), "feed": ("rest",), "listing": ("rest", "feeds")}
"""Which reader is to serve, and the doors that must be shut for it to come to its turn."""

FIRST_VISIT = datetime(2026, 11, 21, 6, tzinfo=UTC)
EDITED_PART = "The ministry has since confirmed that the family was told."


class Watch:
    """A store and a source file for the site, with a clock that the test sets."""

    def __init__(self, site: "WordPress", folder: Path, *readers: dict[str, object], **further: object) -> None:
        self.site = site
        self.now = FIRST_VISIT
        self._folder = folder
        ways = readers or tuple({"kind": kind} for kind in WAYS_IN)
        table = {"title": "The Frost Courier", "home": f"{site.url}/", "date_order": "MDY", "readers": ways, **further}
        self._source = source_of(table, name="frost-courier", origin="test")

    def crawl(self) -> Run:
        """Visit the site once, an hour after the last time."""
        self.now += timedelta(hours=1)
        return asyncio.run(self._crawl())

    def addresses(self) -> list[str]:
        """Addresses of all kept articles, in order."""
        with self.store() as store:
            return sorted(row.url for row in store.articles.rows())

    def tags(self) -> dict[str, frozenset[str]]:
        """Tags of all kept articles, by their addresses."""
        with self.store() as store:
            return {row.url: frozenset(row.tags) for row in store.articles.rows()}

    def versions(self, post: Post) -> list[str]:
        """Texts of a kept article, oldest first."""
        with self.store() as store:
            kept = store.articles.get(self.address(post))
            return [version.article.text for version in kept.versions] if kept else []

    def address(self, post: Post) -> str:
        return f"{self.site.url}/{post.slug}/"

    def store(self) -> Store:
        return open_store(f"sqlite:///{self._folder}/watch.db")

    def pages_asked_since(self, start: int) -> list[str]:
        """Article pages that the site was asked for after its first ``start`` requests."""
        slugs = {f"/{post.slug}/" for post in self.site.magazine.posts}
        return [target for target, _ in self.site.requests()[start:] if target in slugs]

    async def _crawl(self) -> Run:
        collection = Collection(
            contact="desk@example.org", delay_s=0, allow_private_addresses=True, horizon_days=0, sweep_hours=24
        )
        with self.store() as store:
            async with ReadingPool() as pool:
                return await crawl(
                    self._source,
                    store=store,
                    pool=pool,
                    captures=self._folder / "captures",
                    collection=collection,
                    watched_tags=WATCHED,
                    trigger="request",
                    now=lambda: self.now,
                )


@pytest.fixture
def watch(wordpress_site: "WordPress", tmp_path: Path) -> Watch:
    """A watch of the site when it holds a few posts: more than a page of a tag, and some that nobody watches."""
    wordpress_site.hold(*few(wordpress_site))
    return Watch(wordpress_site, tmp_path)


@pytest.fixture(params=WAYS_IN)
def way_in(request: pytest.FixtureRequest) -> str:
    """Each reader in turn; the test shuts the doors of those before it."""
    return str(request.param)


def few(site: "WordPress") -> list[Post]:
    posts = sorted(site.magazine.posts, key=lambda post: (is_watched(post), post.date))
    unwatched = [post for post in posts if not is_watched(post)]
    north = [post for post in posts if "north-korea" in map(slug_of, post.tags)]
    rights = [post for post in posts if is_watched(post) and post not in north]
    return [*unwatched, *north[:12], *rights[:3]]


def is_watched(post: Post) -> bool:
    return not SLUGS.isdisjoint(map(slug_of, post.tags))


def addresses(site: "WordPress", posts: Iterable[Post]) -> list[str]:
    """Addresses of those of these posts that carry a watched tag, in order."""
    return sorted(f"{site.url}/{post.slug}/" for post in posts if is_watched(post))


def late_post(site: "WordPress", at: datetime, *tags: str) -> Post:
    return msgspec.structs.replace(site.magazine.posts[-1], slug="late-news", title="Late News", date=at, tags=tags)


def test_each_way_in_finds_every_watched_article_and_asks_for_no_other(
    wordpress: "WordPress", tmp_path: Path, way_in: str
) -> None:
    watch, start = Watch(wordpress, tmp_path), len(wordpress.requests())
    wordpress.close(*WAYS_IN[way_in])
    run = watch.crawl()
    expected = addresses(wordpress, wordpress.magazine.posts)
    assert (run.outcome, run.reader) == (SourceOutcome.OK, way_in)
    assert len(run.fell_back_from) == len(WAYS_IN[way_in])
    assert run.articles == len(expected)
    assert watch.addresses() == expected
    assert sorted(f"{wordpress.url}{page}" for page in watch.pages_asked_since(start)) == expected


def test_a_second_visit_asks_for_no_page_that_it_has(watch: Watch, way_in: str) -> None:
    watch.site.close(*WAYS_IN[way_in])
    watch.crawl()
    start = len(watch.site.requests())
    again = watch.crawl()
    assert again.outcome in {SourceOutcome.NOTHING_NEW, SourceOutcome.NOT_MODIFIED}
    assert again.articles == 0
    assert watch.pages_asked_since(start) == []
    assert watch.addresses() == addresses(watch.site, few(watch.site))


def test_what_is_published_later_is_found_and_nothing_else_is_fetched(watch: Watch, way_in: str) -> None:
    watch.site.close(*WAYS_IN[way_in])
    watch.crawl()
    late = late_post(watch.site, watch.now, WATCHED[0])
    watch.site.publish(late)
    start = len(watch.site.requests())
    run = watch.crawl()
    assert run.articles == 1
    assert [target for target, _ in watch.site.requests()[start:] if target == "/late-news/"] == ["/late-news/"]
    assert watch.pages_asked_since(start) == []
    assert watch.addresses() == addresses(watch.site, [*few(watch.site), late])


def test_what_is_edited_later_is_a_second_version_of_the_one_article(watch: Watch, way_in: str) -> None:
    watch.site.close(*WAYS_IN[way_in])
    watch.crawl()
    post = next(post for post in few(watch.site) if is_watched(post))
    edited = msgspec.structs.replace(
        post, title=f"{post.title} (updated)", paragraphs=(*post.paragraphs, EDITED_PART), modified=watch.now
    )
    watch.site.publish(edited)
    start = len(watch.site.requests())
    watch.crawl()
    assert watch.pages_asked_since(start) == [f"/{post.slug}/"]
    first, second = watch.versions(post)
    assert EDITED_PART not in first
    assert EDITED_PART in second
    assert watch.addresses() == addresses(watch.site, few(watch.site))


def test_nothing_comes_twice_when_the_way_in_changes_between_visits(watch: Watch) -> None:
    runs = []
    for doors in WAYS_IN.values():
        watch.site.close(*doors)
        runs.append(watch.crawl())
    assert [run.reader for run in runs] == list(WAYS_IN)
    assert watch.addresses() == addresses(watch.site, few(watch.site))
    assert runs[1].cases_new == runs[2].cases_new == 0
    assert {len(watch.versions(post)) for post in few(watch.site) if is_watched(post)} == {1}


@pytest.mark.parametrize("spelling", ["north korea", "NORTH KOREA", "North-Korea", "Human rights", "HUMAN-RIGHTS"])
def test_every_spelling_of_a_watched_tag_counts_and_nothing_that_resembles_it(
    wordpress_site: "WordPress", tmp_path: Path, way_in: str, spelling: str
) -> None:
    watch = Watch(wordpress_site, tmp_path)
    near = ("North Korean cuisine", "Human Rights Watch", "South Korea", "North", "Rights")
    respelt = late_post(wordpress_site, FIRST_VISIT, spelling)
    others = [msgspec.structs.replace(respelt, slug=f"near-{number}", tags=(tag,)) for number, tag in enumerate(near)]
    wordpress_site.hold(respelt, *others)
    wordpress_site.close(*WAYS_IN[way_in])
    watch.crawl()
    assert watch.addresses() == [watch.address(respelt)]


@pytest.fixture
def plain_site(wordpress_site: "WordPress") -> Iterator["WordPress"]:
    """The site without pretty addresses: no ``/wp-json/``, no ``/tag/``."""
    wordpress_site.hold(*few(wordpress_site))
    wordpress_site.address_by("")
    yield wordpress_site
    wordpress_site.address_by("/%postname%/")


def test_every_reader_by_itself_finds_the_same_articles_with_the_same_tags(
    wordpress_site: "WordPress", tmp_path: Path
) -> None:
    wordpress_site.hold(*few(wordpress_site))
    found = {}
    for kind in ("wordpress", "feed", "sitemap", "listing"):
        watch = Watch(wordpress_site, tmp_path / kind, {"kind": kind})
        run = watch.crawl()
        assert (run.outcome, run.reader) == (SourceOutcome.OK, kind)
        found[kind] = watch.tags()
    assert sorted(found["wordpress"]) == addresses(wordpress_site, few(wordpress_site))
    assert found["feed"] == found["sitemap"] == found["listing"] == found["wordpress"]


def test_a_sitemap_without_dates_costs_no_page_again_until_a_look_is_due(watch: Watch, tmp_path: Path) -> None:
    by_sitemap = Watch(watch.site, tmp_path / "sitemap", {"kind": "sitemap"})
    by_sitemap.crawl()
    start = len(watch.site.requests())
    again = by_sitemap.crawl()
    assert (again.outcome, by_sitemap.pages_asked_since(start)) == (SourceOutcome.NOTHING_NEW, [])
    post = next(post for post in few(watch.site) if is_watched(post))
    by_sitemap.now += timedelta(days=60)
    watch.site.publish(
        msgspec.structs.replace(post, paragraphs=(*post.paragraphs, EDITED_PART), modified=by_sitemap.now)
    )
    by_sitemap.crawl()
    assert EDITED_PART in by_sitemap.versions(post)[-1]


def test_a_feed_of_whole_articles_is_read_without_their_pages(watch: Watch, tmp_path: Path) -> None:
    feed = {"kind": "feed", "url": f"{watch.site.url}/feed/", "full_text": True}
    told, start = Watch(watch.site, tmp_path / "told", feed), len(watch.site.requests())
    run = told.crawl()
    assert run.outcome is SourceOutcome.OK
    assert len(told.pages_asked_since(start)) < run.articles, "only those that are short have their page fetched"
    watch.crawl()
    assert told.addresses() == watch.addresses()


def test_a_site_without_pretty_addresses_tells_where_its_interface_is(plain_site: "WordPress", tmp_path: Path) -> None:
    watch = Watch(plain_site, tmp_path, {"kind": "wordpress"})
    run = watch.crawl()
    assert (run.outcome, run.reader) == (SourceOutcome.OK, "wordpress")
    assert run.articles == len(addresses(plain_site, few(plain_site)))


def test_categories_and_other_spellings_of_a_watched_tag_are_read(wordpress_site: "WordPress", tmp_path: Path) -> None:
    plain = late_post(wordpress_site, FIRST_VISIT, "Weather")
    posts = [
        msgspec.structs.replace(plain, slug="by-category", categories=("Human Rights",)),
        msgspec.structs.replace(plain, slug="in-italian", tags=("Corea del Nord",)),
        msgspec.structs.replace(plain, slug="with-underscore", tags=("north_korea",)),
        plain,
    ]
    wordpress_site.hold(*posts)
    spellings = {"North Korea": ["Corea del Nord", "north_korea"]}
    for kind in ("wordpress", "feed"):
        watch = Watch(wordpress_site, tmp_path / kind, {"kind": kind}, tag_spellings=spellings)
        watch.crawl()
        expected = {"in-italian", "with-underscore"} | ({"by-category"} if kind == "wordpress" else set())
        assert {url.split("/")[-2] for url in watch.addresses()} == expected
