"""What a site offers, found out at real servers: every way in tried, the right ones chosen, pages read."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from crawler.discovery.errand import Fetch
from crawler.discovery.offers import Nature
from crawler.discovery.survey import Survey, survey
from crawler.options import Collection
from crawler.run import run_errand
from crawler.testing import Application, Asked, LoopbackSite, Magazine, Post, Reply, html_reply, json_reply

WATCHED = ("North Korea", "Human Rights")
Surveying = Callable[..., Survey]
FRONT = """<html lang="en-US"><head><title>Magazine</title><meta name="generator" content="WordPress 6.5">
<link rel="alternate" type="application/rss+xml" href="/feed/"></head><body><main>{items}</main></body></html>"""


@pytest.fixture
def look(collection: Collection) -> Surveying:
    """A survey of an address."""

    def run(url: str, *, tags: tuple[str, ...] = WATCHED, insisted: bool = False) -> Survey:
        async def errand(fetch: Fetch) -> Survey:
            return await survey(url, watched=tags, fetch=fetch, insisted=insisted)

        return asyncio.run(run_errand(errand, collection=collection, now=lambda: datetime.now(UTC)))

    return run


@pytest.fixture
def magazine(make_posts: Callable[[int], list[Post]]) -> Magazine:
    """A WordPress-like site with a front page."""
    posts = make_posts(30)
    site = Magazine(posts)
    items = "".join(f'<article><h2><a href="/{post.slug}/">{post.title}</a></h2></article>' for post in posts[-5:])
    site.special["/"] = lambda _: html_reply(FRONT.format(items=items))
    return site


def static(pages: Mapping[str, Reply]) -> Application:
    """A site of these pages and no others."""

    def answer(asked: Asked) -> Reply:
        return pages.get(asked.path) or Reply(status=404)

    return answer


def article(title: str, printed: str) -> Reply:
    return html_reply(
        f"<html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1><time>{printed}</time>"
        f"<p>The harbour of {title} was closed for a day while the boats were counted.</p>"
        "<p>Fishermen said that nobody had told them of it before the morning.</p></article></body></html>"
    )


def rss(*links: str) -> Reply:
    items = "".join(
        f"<item><title>Quay {n}</title><link>{link}</link><pubDate>Sat, {n:02} May 2026 08:00:00 GMT</pubDate></item>"
        for n, link in enumerate(links, start=1)
    )
    body = f"<rss version='2.0'><channel><title>Harbour Post</title><link>/</link>{items}</channel></rss>"
    return Reply(body=body.encode(), headers={"Content-Type": "application/rss+xml"})


def ways(found: Survey) -> list[tuple[str, str | None]]:
    """What a source file would name, without the host."""
    return [
        (one.table.kind, one.table.url and one.table.url.partition("//")[2].partition("/")[2]) for one in found.chosen
    ]


def test_a_wordpress_is_read_by_its_interface_before_its_feeds(magazine: Magazine, look: Surveying) -> None:
    with LoopbackSite(magazine) as site:
        found = look(site.url)
        assert len(site.asked) < 25
    assert ways(found) == [("wordpress", None), ("feed", None), ("feed", "feed/")]
    assert (found.nature, found.title, found.software) == (Nature.PAGE, "Magazine", "WordPress")
    assert (found.watched, found.languages, found.date_order) == (WATCHED, ("en",), "MDY")
    rest = found.chosen[0]
    assert (len(rest.entries), rest.claimed_total, rest.watched) == (20, 20, 20)
    assert found.reads_rightly
    assert [one.article.title for one in found.pages if one.article] == [
        "Story number 28 from the border",
        "Story number 27 from the border",
    ]


def test_a_wordpress_whose_interface_is_closed_is_read_by_its_feeds(magazine: Magazine, look: Surveying) -> None:
    magazine.closed = frozenset({"rest"})
    with LoopbackSite(magazine) as site:
        found = look(site.url)
    assert ways(found) == [("feed", None), ("feed", "feed/")]
    shut = found.findings[0]
    assert (shut.table.kind, shut.serves) == ("wordpress", False)
    assert "404" in (shut.why or "")


def test_a_wordpress_without_the_watched_tags_is_read_whole(magazine: Magazine, look: Surveying) -> None:
    magazine.posts = [post for post in magazine.posts if "Religion" in post.tags]
    with LoopbackSite(magazine) as site:
        found = look(site.url)
    assert found.watched == ()
    assert ways(found) == [("wordpress", None), ("feed", "feed/")]
    assert len(found.chosen[0].entries) == 10


def test_a_tag_that_a_person_names_is_watched_although_nothing_carries_it_today(
    magazine: Magazine, look: Surveying
) -> None:
    with LoopbackSite(magazine) as site:
        found = look(site.url, tags=("Ferry",), insisted=True)
    assert found.watched == ("Ferry",)
    assert ("feed", "feed/") in ways(found)


def test_the_page_of_a_tag_at_a_wordpress_makes_that_tag_the_watched_one(magazine: Magazine, look: Surveying) -> None:
    items = '<article><h2><a href="/story-0/">Story</a></h2></article>'
    magazine.special["/tag/religion/"] = lambda _: html_reply(FRONT.format(items=items))
    with LoopbackSite(magazine) as site:
        found = look(f"{site.url}tag/religion/")
        assert found.home == site.url
    assert found.watched == ("religion",)
    assert ways(found)[:2] == [("wordpress", None), ("feed", None)]
    assert len(found.chosen[0].entries) == 10


def test_an_article_leads_to_its_site_and_is_read_as_a_sample(magazine: Magazine, look: Surveying) -> None:
    with LoopbackSite(magazine) as site:
        found = look(f"{site.url}story-3/")
        assert (found.nature, found.home) == (Nature.ARTICLE, site.url)
    assert ways(found)[0] == ("wordpress", None)
    assert [one.url.rpartition("/story")[2] for one in found.pages] == ["-3/", "-28/"]


def test_a_feed_is_taken_at_its_word(magazine: Magazine, look: Surveying) -> None:
    with LoopbackSite(magazine) as site:
        found = look(f"{site.url}feed/")
        assert len(site.paths()) == 3
    assert (found.nature, found.title) == (Nature.FEED, "Magazine")
    assert ways(found) == [("feed", "feed/")]
    assert found.chosen[0].tags_seen == WATCHED


def test_a_json_feed_is_a_feed(look: Surveying) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour Post",
        "items": [{"id": "1", "url": "/quay/", "title": "Quay", "date_published": "2026-05-04T08:00:00Z"}],
    }
    with LoopbackSite(static({"/feed.json": json_reply(feed), "/quay/": article("Quay", "20/04/2026")})) as site:
        found = look(f"{site.url}feed.json")
    assert (found.nature, found.title) == (Nature.FEED, "Harbour Post")
    assert ways(found) == [("feed", "feed.json")]
    assert found.reads_rightly
    assert found.date_order == "DMY"


def test_a_site_is_read_by_the_feed_that_its_page_names(look: Surveying) -> None:
    front = html_reply("<html><head><link rel=alternate type=application/rss+xml href=/news.xml></head><body/></html>")
    pages = {"/": front, "/news.xml": rss("/quay/", "/pier/"), "/quay/": article("Quay", "4 May 2026")}
    with LoopbackSite(static(pages)) as site:
        found = look(site.url)
    assert ways(found) == [("feed", "news.xml")]
    assert found.watched == ()
    assert [one.article is not None for one in found.pages] == [True, False]
    assert not found.reads_rightly


def test_a_feed_that_nobody_names_is_found_where_feeds_usually_lie(look: Surveying) -> None:
    pages = {"/": html_reply("<html><body><p>Welcome.</p></body></html>"), "/rss.xml": rss("/quay/")}
    with LoopbackSite(static(pages)) as site:
        found = look(site.url)
        assert "/feed.xml" not in site.paths()
    assert ways(found) == [("feed", "rss.xml")]


def test_a_section_is_read_by_its_own_feed_and_not_by_that_of_the_whole_site(look: Surveying) -> None:
    head = "".join(
        f"<link rel=alternate type=application/rss+xml href={path}>" for path in ("/rss.xml", "/china/rss.xml")
    )
    section = html_reply(f"<html><head>{head}</head><body/></html>")
    pages = {"/china/": section, "/rss.xml": rss("/pier/"), "/china/rss.xml": rss("/quay/")}
    with LoopbackSite(static(pages)) as site:
        found = look(f"{site.url}china/")
        assert found.home == f"{site.url}china/"
        assert "/sitemap.xml" not in site.paths()
    assert ways(found) == [("feed", "china/rss.xml")]


def test_a_sitemap_is_taken_at_its_word(look: Surveying) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/sitemap.xml":
            url = f"http://{asked.headers['host']}/quay/"
            return Reply(body=f"<urlset><url><loc>{url}</loc><lastmod>2026-05-04</lastmod></url></urlset>".encode())
        return article("Quay", "4 May 2026") if asked.path == "/quay/" else Reply(status=404)

    with LoopbackSite(answer) as site:
        found = look(f"{site.url}sitemap.xml")
        assert (found.nature, found.home) == (Nature.SITEMAP, site.url)
    assert ways(found) == [("sitemap", "sitemap.xml")]
    assert found.reads_rightly


def test_a_page_for_people_serves_where_there_is_nothing_else(look: Surveying) -> None:
    items = "".join(f"<article><h2><a href='/{n}/'>Quay {n}</a></h2></article>" for n in range(3))
    pages = {"/": html_reply(f"<html><body><main>{items}</main></body></html>"), "/0/": article("Quay", "4 May 2026")}
    with LoopbackSite(static(pages)) as site:
        found = look(site.url)
        assert len(site.asked) < 25
    assert ways(found) == [("listing", "")]
    assert len(found.chosen[0].entries) == 3


def test_articles_on_a_host_of_their_own_are_told_with_it(look: Surveying) -> None:
    with LoopbackSite(static({"/quay/": article("Quay", "4 May 2026")})) as articles:
        link = articles.url.replace("127.0.0.1", "localhost") + "quay/"
        with LoopbackSite(static({"/feed.xml": rss(link)})) as site:
            found = look(f"{site.url}feed.xml")
    assert found.hosts == ("localhost",)
    assert [one.url for one in found.pages] == [link]
    assert found.reads_rightly


def test_a_few_links_to_other_sites_make_none_of_them_the_sources_own(look: Surveying) -> None:
    elsewhere = ("http://localhost:8000/a/", "http://localhost:8000/b/")
    with LoopbackSite(
        static({"/feed.xml": rss("/quay/", "/pier/", *elsewhere), "/quay/": article("Quay", "4 May 2026")})
    ) as site:
        found = look(f"{site.url}feed.xml")
    assert found.hosts == ()


def test_links_that_are_no_addresses_are_passed_over(look: Surveying) -> None:
    links = ("http://[", "mailto:desk@harbour.example", "/quay/")
    with LoopbackSite(static({"/feed.xml": rss(*links), "/quay/": article("Quay", "4 May 2026")})) as site:
        found = look(f"{site.url}feed.xml")
    assert [entry.url.rpartition("/quay")[2] for entry in found.chosen[0].entries] == ["/"]
    assert found.reads_rightly


def test_a_page_with_nothing_to_read_it_by_says_so(look: Surveying) -> None:
    with LoopbackSite(static({"/": html_reply("<html><body><p>Welcome.</p></body></html>")})) as site:
        found = look(site.url)
    assert found.chosen == ()
    assert "no feed" in (found.why or "")
    assert {one.table.kind for one in found.findings} == {"feed", "sitemap", "listing"}
    assert all(one.why for one in found.findings)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (
            Reply(body=b"%PDF-1.7", headers={"Content-Type": "application/pdf"}),
            "application/pdf: neither a page nor a feed",
        ),
        (Reply(status=403), "403"),
        (Reply(status=404), "404"),
        (html_reply("<title>Just a moment...</title>"), "proof of a human"),
    ],
)
def test_what_is_in_the_way_is_said(look: Surveying, reply: Reply, words: str) -> None:
    with LoopbackSite(static({"/": reply})) as site:
        found = look(site.url)
        assert site.paths() == ["/"]
    assert found.chosen == ()
    assert words in (found.why or "")


def test_a_site_that_forbids_the_visit_is_left_alone(look: Surveying) -> None:
    rules = Reply(body=b"User-agent: *\nDisallow: /\n")
    with LoopbackSite(static({"/robots.txt": rules, "/": rss("/quay/")})) as site:
        found = look(site.url)
        assert site.paths() == []
    assert "robots.txt" in (found.why or "")


def test_a_feed_of_whole_articles_is_told_from_one_of_teasers(look: Surveying) -> None:
    def feed(text: str) -> Reply:
        item = {"id": "1", "url": "/quay/", "title": "Quay", "content_html": f"<p>{text}</p>"}
        document = {"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Post", "items": [item]}
        return Reply(body=json.dumps(document).encode(), headers={"Content-Type": "application/feed+json"})

    whole = "The boats were counted one by one until the evening. " * 20
    with LoopbackSite(static({"/whole": feed(whole), "/part": feed("The boats were counted …")})) as site:
        found = [look(f"{site.url}{path}").chosen[0].whole for path in ("whole", "part")]
    assert found == [1, 0]
