"""What becomes of a page that came: versions, pages that vanish, walls in the place of pages, and quarantine."""

import asyncio
import gzip
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from warcio.archiveiterator import ArchiveIterator

from cases.ledger import Run, SetAside
from cases.recognition import Judging
from cases.store import Store, StoredArticle
from crawler.evidence.quarantine import read_again
from crawler.evidence.verification import Verification
from crawler.keeping import Taken
from crawler.options import Collection
from crawler.pool import ReadingPool
from crawler.sources import Source
from crawler.testing import Asked, LoopbackSite, Magazine, Post, Reply, html_reply, json_reply

Visit = Callable[..., Run]
MakeSource = Callable[..., Source]
DEAF = {"remove": ["p", "h3", "figure"]}
"""A layout that takes everything for furniture: the mistake that is mended later."""
UNREADABLE = "<html><head><title>Story</title></head><body><main><p></p></main></body></html>"


@pytest.fixture
def magazine(make_posts: Callable[[int], list[Post]]) -> Magazine:
    return Magazine(make_posts(3))


@pytest.fixture
def site(magazine: Magazine) -> Iterator[LoopbackSite]:
    with LoopbackSite(magazine) as running:
        yield running


def article(store: Store, site: LoopbackSite, number: int = 0) -> StoredArticle:
    found = store.articles.get(f"{site.url}story-{number}/")
    assert found is not None
    return found


def say(magazine: Magazine, words: str, at: datetime) -> None:
    magazine.posts[0] = msgspec.structs.replace(magazine.posts[0], paragraphs=(words,), modified=at)


# -- versions


def test_an_article_that_is_edited_and_put_back_has_three_versions(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, store: Store, now: datetime
) -> None:
    source = make_source(site.url)
    told = ["She was seen at the border.", "She was not seen at the border.", "She was seen at the border."]
    for day, words in enumerate(told):
        say(magazine, words, now + timedelta(days=2 * day))
        visit(source, at=now + timedelta(days=2 * day))
    assert [version.article.text for version in article(store, site).versions] == told


def test_a_page_that_is_gone_is_noted_and_what_was_kept_of_it_stays(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, store: Store, now: datetime
) -> None:
    source = make_source(site.url)
    visit(source)
    assert article(store, site).row.vanished_at is None
    say(magazine, "Other words.", now + timedelta(days=2))
    magazine.special["/story-0/"] = lambda _: Reply(status=410)
    visit(source, at=now + timedelta(days=2))
    visit(source, at=now + timedelta(days=4))
    kept = article(store, site)
    assert kept.row.vanished_at == now + timedelta(days=2)
    assert "first paragraph of story 0" in kept.latest.article.text
    del magazine.special["/story-0/"]
    visit(source, at=now + timedelta(days=6))
    back = article(store, site)
    assert back.row.vanished_at is None
    assert [version.article.text for version in back.versions][1:] == ["Other words."]


@pytest.mark.parametrize(
    "wall",
    [
        lambda _: html_reply("<title>Just a moment...</title>"),
        lambda _: Reply(status=403),
        lambda _: Reply(status=402),
        lambda _: Reply(status=503),
    ],
)
def test_a_wall_in_the_place_of_a_page_never_takes_the_place_of_its_text(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Visit,
    make_source: MakeSource,
    store: Store,
    now: datetime,
    wall: Callable[[Asked], Reply],
) -> None:
    source = make_source(site.url)
    visit(source)
    say(magazine, "Other words.", now + timedelta(days=2))
    magazine.special["/story-0/"] = wall
    visit(source, at=now + timedelta(days=2))
    kept = article(store, site)
    assert len(kept.versions) == 1
    assert "first paragraph of story 0" in kept.latest.article.text
    assert kept.row.vanished_at is None


# -- time


def test_a_missed_week_is_caught_up(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, now: datetime
) -> None:
    magazine.page_size = 2
    source = make_source(site.url, "feed")
    visit(source)
    missed = [
        msgspec.structs.replace(
            magazine.posts[0], slug=f"late-{day}", title=f"Day {day}", published=now + timedelta(days=day)
        )
        for day in range(1, 8)
    ]
    magazine.posts += missed
    run = visit(source, at=now + timedelta(days=8))
    assert run.articles >= len(missed)


# -- quarantine


@pytest.fixture
def again(
    store: Store, pool: ReadingPool, collection: Collection, tmp_path: Path, now: datetime
) -> Callable[[Sequence[Source]], list[Taken]]:
    """Read everything in quarantine again, without any site."""

    def run(sources: Sequence[Source]) -> list[Taken]:
        async def work() -> list[Taken]:
            results = read_again(
                store.quarantine.rows(),
                {source.name: source for source in sources},
                store=store,
                pool=pool,
                captures=tmp_path / "captures",
                collection=collection,
                watched=("North Korea", "Human Rights"),
                judging=Judging(),
                now=lambda: now,
            )
            return [taken async for _, taken in results]

        return asyncio.run(work())

    return run


def squeezed(page: str, _: Asked) -> Reply:
    """Answer with a page in gzip, as most sites do."""
    return Reply(body=gzip.compress(page.encode()), headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})


def test_a_page_that_nobody_could_read_waits_with_its_capture_and_the_reason(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, store: Store
) -> None:
    magazine.special["/story-0/"] = partial(squeezed, UNREADABLE)
    run = visit(make_source(site.url))
    assert run.set_aside[SetAside.UNREADABLE] == 1
    (held,) = store.quarantine.rows()
    assert (held.url, held.source, held.capture.url) == (f"{site.url}story-0/", "magazine", f"{site.url}story-0/")
    assert "text" in held.reason
    assert store.quarantine.rows([f"{site.url}story-1/"]) == []


def test_what_is_read_after_all_at_a_later_visit_leaves_quarantine(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, store: Store, now: datetime
) -> None:
    magazine.special["/story-0/"] = partial(squeezed, UNREADABLE)
    visit(make_source(site.url))
    del magazine.special["/story-0/"]
    assert visit(make_source(site.url), at=now + timedelta(days=2)).articles == 1
    assert store.quarantine.rows() == []


def test_a_page_is_read_out_of_quarantine_once_its_reader_is_mended(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Visit,
    make_source: MakeSource,
    store: Store,
    again: Callable[[Sequence[Source]], list[Taken]],
    now: datetime,
) -> None:
    magazine.special["/story-0/"] = partial(squeezed, magazine.page(magazine.posts[0]))
    run = visit(make_source(site.url, layout=DEAF))
    held = {one.url: one for one in store.quarantine.rows()}
    assert run.set_aside[SetAside.UNREADABLE] == len(held) == 2
    source = make_source(site.url)
    site.asked.clear()
    assert [taken.kept for taken in again([source])] == [True, True]
    assert site.asked == []
    assert store.quarantine.rows() == []
    kept = article(store, site)
    assert kept.latest.capture == held[f"{site.url}story-0/"].capture
    assert "first paragraph of story 0" in kept.latest.article.text
    assert visit(source, trigger="request").set_aside == {SetAside.KNOWN: 2}


def test_an_article_that_its_feed_told_whole_is_read_again_as_told(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Visit,
    make_source: MakeSource,
    store: Store,
    again: Callable[[Sequence[Source]], list[Taken]],
) -> None:
    words = " ".join(f"Sentence {number} of it stands in the feed." for number in range(60))
    told = {"url": f"{site.url}told/", "title": "Told", "tags": ["North Korea"], "content_html": f"<p>{words}</p>"}
    body = {"version": "https://jsonfeed.org/version/1.1", "title": "Magazine", "items": [told]}
    magazine.special["/feed.json"] = lambda _: json_reply(body)
    feed = {"kind": "feed", "url": f"{site.url}feed.json", "full_text": True}
    visit(make_source(site.url, readers=[feed], layout=DEAF))
    assert [one.url for one in store.quarantine.rows()] == [f"{site.url}told/"]
    (taken,) = again([make_source(site.url, readers=[feed])])
    assert taken.kept, taken.failure
    found = store.articles.get(f"{site.url}told/")
    assert found is not None
    assert found.latest.article.text == words


def test_what_still_cannot_be_read_stays_and_says_why(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Visit,
    make_source: MakeSource,
    store: Store,
    again: Callable[[Sequence[Source]], list[Taken]],
    tmp_path: Path,
) -> None:
    magazine.special["/story-0/"] = partial(squeezed, UNREADABLE)
    source = make_source(site.url)
    visit(source)
    (still,) = again([source])
    assert (still.kept, "text" in (still.failure or "")) == (False, True)
    (orphan,) = again([])
    assert "no source" in (orphan.failure or "")
    for file in (tmp_path / "captures").rglob("*.warc.gz"):
        file.unlink()
    (lost,) = again([source])
    assert "cannot be read" in (lost.failure or "")
    assert len(store.quarantine.rows()) == 1


# -- what is captured


def test_redirects_refusals_and_robots_txt_are_captured_and_what_holds_nothing_is_not(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Visit,
    make_source: MakeSource,
    store: Store,
    tmp_path: Path,
    now: datetime,
) -> None:
    magazine.robots = "User-agent: *\nDisallow: /wp-json/\n"
    page = magazine.page(msgspec.structs.replace(magazine.posts[0], slug="moved"))
    magazine.special["/story-0/"] = lambda _: Reply(status=302, headers={"Location": "/moved/"})
    magazine.special["/moved/"] = lambda _: html_reply(page)
    magazine.special["/story-1/"] = lambda _: Reply(status=404)
    source = make_source(site.url, "feed")
    visit(source)
    visit(source, at=now + timedelta(hours=2))
    kept: dict[str, str] = {}
    for path in (tmp_path / "captures").rglob("*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type == "response":
                    kept[urlsplit(record.rec_headers.get_header("WARC-Target-URI")).path] = (
                        record.http_headers.get_statuscode()
                    )
    assert {path: kept.get(path) for path in ("/robots.txt", "/story-0/", "/moved/", "/story-1/")} == {
        "/robots.txt": "200",
        "/story-0/": "302",
        "/moved/": "200",
        "/story-1/": "404",
    }
    assert "304" not in kept.values()
    assert list(Verification(store, tmp_path / "captures").run()) == []


# -- what no listing shows any more


def taken_off_the_listing(magazine: Magazine) -> Magazine:
    """Let the feed show the newest article alone."""
    newest = Magazine(magazine.posts[-2:])
    magazine.special["/feed/"] = lambda asked: newest(msgspec.structs.replace(asked, target="/feed/"))
    return magazine


def test_an_article_that_left_the_listing_is_looked_at_again_and_its_edit_is_kept(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, store: Store, now: datetime
) -> None:
    source = make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}feed/"}])
    visit(source)
    taken_off_the_listing(magazine)
    say(magazine, "Other words.", now)
    visit(source, at=now + timedelta(hours=5))
    assert len(article(store, site).versions) == 1
    run = visit(source, at=now + timedelta(days=2))
    assert run.articles == 1
    assert [version.article.text for version in article(store, site).versions][1:] == ["Other words."]
    site.asked.clear()
    visit(source, at=now + timedelta(days=2, hours=5), trigger="request")
    assert "/story-0/" not in site.paths()


def test_an_article_that_was_taken_down_is_noted_though_no_listing_shows_it(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, store: Store, now: datetime
) -> None:
    source = make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}feed/"}])
    visit(source)
    taken_off_the_listing(magazine)
    magazine.special["/story-0/"] = lambda _: Reply(status=404)
    run = visit(source, at=now + timedelta(days=2))
    assert run.set_aside[SetAside.UNREACHABLE] == 1
    assert article(store, site).row.vanished_at == now + timedelta(days=2)


def test_no_more_articles_are_looked_at_again_than_the_options_say(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, collection: Collection, now: datetime
) -> None:
    source = make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}feed/"}])
    visit(source)
    taken_off_the_listing(magazine)
    site.asked.clear()
    visit(source, at=now + timedelta(days=2), collection=collection.model_copy(update={"second_looks": 0}))
    assert "/story-0/" not in site.paths()
