"""Whole visits by each way of listing a site, over real HTTP on loopback."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import escape

import msgspec
import pytest

from cases.ledger import Run, SetAside, SourceOutcome
from cases.store import Store
from crawler.options import Collection
from crawler.sources import Source
from crawler.testing import Asked, LoopbackSite, Magazine, Post, Reply, html_reply

WORDS = "The ferry went over the river at night, and the people of the town stood at the landing and counted it. "


@pytest.fixture
def magazine(make_posts: Callable[[int], list[Post]]) -> Magazine:
    return Magazine(make_posts(6))


@pytest.fixture
def site(magazine: Magazine) -> Iterator[LoopbackSite]:
    with LoopbackSite(magazine) as running:
        yield running


def pages_asked(site: LoopbackSite) -> list[str]:
    return sorted(path for path in site.paths() if path.startswith("/story-"))


def sitemap(site: LoopbackSite, *pages: tuple[str, str]) -> Callable[[Asked], Reply]:
    urls = (
        f"<url><loc>{site.url}{path}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>"
        for path, changed in pages
    )
    body = f"<urlset>{''.join(urls)}</urlset>".encode()
    return lambda _: Reply(body=body, headers={"Content-Type": "application/xml"})


# -- sitemaps


def test_a_sitemap_is_found_at_the_first_address_that_has_one(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    magazine.special["/wp-sitemap.xml"] = sitemap(site, *((f"story-{n}/", "") for n in range(6)))
    run = visit(make_source(site.url, "sitemap"))
    assert (run.outcome, run.reader, run.articles) == (SourceOutcome.OK, "sitemap", 4)
    assert run.set_aside == {SetAside.UNTAGGED: 2}, "its pages say what they are tagged with"
    assert not any("sitemap" in warning for warning in run.warnings), "what was not there is no news once it was found"
    assert [path for path in site.paths() if "sitemap" in path] == ["/sitemap_index.xml", "/wp-sitemap.xml"]


def test_a_site_without_a_sitemap_is_told_with_all_that_was_tried(
    site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    run = visit(make_source(site.url, "sitemap"))
    assert run.outcome is SourceOutcome.GONE
    for name in ("sitemap_index.xml", "wp-sitemap.xml", "/sitemap.xml", "news-sitemap.xml"):
        assert name in (run.detail or "")


def test_a_refusal_ends_the_search_and_is_not_got_round(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    magazine.special["/sitemap_index.xml"] = lambda _: Reply(status=403)
    magazine.special["/wp-json/wp/v2/tags"] = lambda _: Reply(status=401)
    assert visit(make_source(site.url, "sitemap")).outcome is SourceOutcome.BLOCKED
    assert visit(make_source(site.url, "wordpress")).outcome is SourceOutcome.BLOCKED
    assert not any(path in {"/wp-sitemap.xml", "/sitemap.xml", "/"} for path in site.paths())


def test_a_sitemap_of_thousands_of_old_pages_costs_no_page_and_counts_each(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], now: datetime
) -> None:
    old = [(f"story-old-{n}/", "2019-05-05") for n in range(5_000)]
    magazine.special["/sitemap.xml"] = sitemap(site, *old, ("story-0/", f"{now:%Y-%m-%d}"))
    run = visit(make_source(site.url, readers=[{"kind": "sitemap", "url": f"{site.url}sitemap.xml"}]))
    assert (run.articles, run.set_aside) == (1, {SetAside.TOO_OLD: 5_000})
    assert pages_asked(site) == ["/story-0/"]


def test_pages_of_unknown_age_wait_their_turn_and_old_ones_are_not_fetched_again(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    collection: Collection,
    now: datetime,
) -> None:
    long_ago = [msgspec.structs.replace(post, published=now - timedelta(days=900)) for post in magazine.posts[:3]]
    magazine.posts[:3] = long_ago
    magazine.special["/sitemap.xml"] = sitemap(site, *((f"story-{n}/", "") for n in range(6)))
    source = make_source(site.url, readers=[{"kind": "sitemap", "url": f"{site.url}sitemap.xml"}], tags=[])
    few = collection.model_copy(update={"max_pages": 4})
    first = visit(source, collection=few)
    assert (first.articles, first.set_aside) == (1, {SetAside.TOO_OLD: 3, SetAside.NOT_REACHED: 2})
    assert any("collection.max_pages" in warning for warning in first.warnings)
    second = visit(source, collection=few, at=now + timedelta(hours=1))
    assert (second.articles, second.set_aside[SetAside.TOO_OLD]) == (2, 3)
    site.asked.clear()
    visit(source, collection=few, at=now + timedelta(days=3))
    assert not {f"/story-{n}/" for n in range(3)} & set(pages_asked(site))


def test_what_the_source_file_leaves_out_is_counted(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    pages = (("story-0/", ""), ("tag/x/", ""), ("category/y/", ""))
    magazine.special["/sitemap.xml"] = sitemap(site, *pages)
    run = visit(make_source(site.url, readers=[{"kind": "sitemap", "url": f"{site.url}sitemap.xml"}]))
    assert (run.entries, run.set_aside) == (3, {SetAside.EXCLUDED: 2})


# -- feeds that hold the articles


def full_feed(posts: list[Post], *, words: int = 12) -> bytes:
    items = [
        {
            "id": post.slug,
            "url": f"/{post.slug}/",
            "title": post.title,
            "content_html": f"<p>{escape(post.paragraphs[0])}</p><p>{WORDS * words}</p>"
            f"<p>The post <a href='/{post.slug}/'>{escape(post.title)}</a> appeared first on <a href='/'>Magazine</a>.</p>",
            "date_published": post.published.isoformat(),
            "tags": list(post.tags),
            "authors": [{"name": post.author}],
        }
        for post in posts
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()


def test_whole_articles_of_a_feed_are_read_from_it_and_kept_with_its_capture(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], store: Store
) -> None:
    magazine.special["/feed.json"] = lambda _: Reply(body=full_feed(magazine.posts))
    feed = {"kind": "feed", "url": f"{site.url}feed.json", "full_text": True}
    run = visit(make_source(site.url, readers=[feed], layout={"title": "h9", "body": ".elsewhere"}))
    assert (run.outcome, run.articles, run.set_aside) == (SourceOutcome.OK, 4, {SetAside.UNTAGGED: 2})
    assert pages_asked(site) == []
    kept = store.articles.get(f"{site.url}story-0/")
    assert kept is not None
    article, capture = kept.latest.article, kept.latest.capture
    assert article.text == f"{magazine.posts[0].paragraphs[0]}\n\n{(WORDS * 12).strip()}"
    assert (article.title, article.authors) == (magazine.posts[0].title, (magazine.posts[0].author,))
    assert article.published == magazine.posts[0].published
    assert capture is not None
    assert capture.url == f"{site.url}feed.json"


def test_an_edit_of_a_feeds_text_is_a_new_version(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    store: Store,
    now: datetime,
) -> None:
    magazine.special["/feed.json"] = lambda _: Reply(body=full_feed(magazine.posts))
    feed = {"kind": "feed", "url": f"{site.url}feed.json", "full_text": True}
    visit(make_source(site.url, readers=[feed]))
    again = visit(make_source(site.url, readers=[feed]), at=now + timedelta(hours=1), trigger="request")
    assert again.articles == 0
    magazine.posts[0] = msgspec.structs.replace(magazine.posts[0], paragraphs=("Other words altogether.",))
    edited = visit(make_source(site.url, readers=[feed]), at=now + timedelta(hours=2), trigger="request")
    assert edited.articles == 1
    kept = store.articles.get(f"{site.url}story-0/")
    assert kept is not None
    assert len(kept.versions) == 2


def test_a_feed_that_holds_only_the_beginning_has_its_pages_fetched(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    magazine.special["/feed.json"] = lambda _: Reply(body=full_feed(magazine.posts, words=1))
    feed = {"kind": "feed", "url": f"{site.url}feed.json", "full_text": True}
    run = visit(make_source(site.url, readers=[feed]))
    assert run.articles == len(pages_asked(site)) == 4


# -- WordPress and listings


def test_an_interface_that_lies_elsewhere_is_found_on_the_front_page(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    def front(asked: Asked) -> Reply:
        route = asked.query.get("rest_route", "")
        if not route.startswith("/wp/"):
            return Reply(headers={"Link": f'<{site.url}?rest_route=/>; rel="https://api.w.org/"'})
        query = asked.target.partition("?")[2]
        return Magazine(magazine.posts)(msgspec.structs.replace(asked, target=f"/wp-json{route}?{query}"))

    magazine.closed = frozenset({"rest"})
    magazine.special["/"] = front
    run = visit(make_source(site.url, "wordpress"))
    assert (run.outcome, run.reader, run.articles) == (SourceOutcome.OK, "wordpress", 4)
    assert not any("wp-json" in warning for warning in run.warnings)


def test_a_listing_that_leads_in_a_circle_ends(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    def news(asked: Asked) -> Reply:
        page = int(asked.query.get("page", "0"))
        entry = f'<article><h2><a href="/story-{page}/">Story {page}</a></h2></article>'
        return html_reply(f"<main>{entry}<a rel='next' href='/news?page={(page + 1) % 3}'>Older</a></main>")

    magazine.special["/news"] = news
    run = visit(make_source(site.url, readers=[{"kind": "listing", "url": f"{site.url}news"}], tags=[]))
    assert run.articles == 3
    assert [path for path in site.paths() if path.startswith("/news")] == [
        "/news", "/news?page=1", "/news?page=2", "/news?page=0",
    ]  # fmt: skip


def test_a_calendar_without_end_ends_where_nothing_stands_in_it(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    def month(asked: Asked) -> Reply:
        number = int(asked.query.get("month", "0"))
        entry = '<article><h2><a href="/story-0/">Story</a></h2></article>' if number < 1 else ""
        return html_reply(f"<main>{entry}<a rel='next' href='/months?month={number - 1}'>Before</a></main>")

    magazine.special["/months"] = month
    visit(make_source(site.url, readers=[{"kind": "listing", "url": f"{site.url}months"}], tags=[]))
    assert len([path for path in site.paths() if path.startswith("/months")]) == 2


def test_what_the_source_calls_a_watched_tag_is_watched(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], store: Store
) -> None:
    magazine.posts[2] = msgspec.structs.replace(magazine.posts[2], tags=("Corea del Nord",))
    spellings = {"North Korea": ["Corea del Nord", "북한"]}
    run = visit(make_source(site.url, "feed", tag_spellings=spellings), watched_tags=("North Korea",))
    assert run.articles == 3
    kept = store.articles.get(f"{site.url}story-2/")
    assert kept is not None
    assert kept.latest.article.tags == ("Corea del Nord",)
