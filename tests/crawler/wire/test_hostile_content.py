"""Pages that are made to harm: what they hold reaches neither markup, nor a terminal, nor another site's articles."""

import html
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from cases.disclosure import Policy
from cases.ledger import Run, SetAside, SourceOutcome
from cases.store import Store, open_store
from crawler.sources import Source
from crawler.testing import LoopbackSite, Magazine, Post, Reply, html_reply
from digests.digest import gather
from digests.rendering import render
from digests.spec import DigestSpec
from scheduler.cli.output import safe

REPORT = (
    "On March 3, 2026, police in Longtan district of Jilin city arrested Ok Sample, a North Korean woman, at her home.",
    "The next day she was forcibly deported to North Korea, her husband told the magazine.",
)
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>"
CONTROLS = "\x1b]0;owned\x07\x1b[2J\x7f\x9b31m\u202egnihton\u2066\u2028\u2029\ufeff\x0b\r\n.\r\n"
BODY = "<p>A first paragraph that is long enough to be one.</p><p>And a second one after it.</p>"


@pytest.fixture
def opened(store_url: str) -> Iterator[Store]:
    """A fresh store, on each engine in turn."""
    with open_store(store_url, migrate=False) as store:
        yield store


def post(slug: str, **further: Any) -> Post:  # noqa: ANN401 - fields of a post
    told = {"title": f"About {slug}", "paragraphs": REPORT, "tags": ("North Korea",), **further}
    return Post(slug=slug, published=datetime(2026, 5, 20, tzinfo=UTC), **told)


def article(body: str, head: str = "", title: str = "A title", after: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body><main><article>"
        f"<h1 class='entry-title'>{title}</h1><div class='entry-content'>{body}</div></article>{after}</main></body></html>"
    )


HEAVY: dict[str, str] = {
    "depth": article("<div>" * 100_000 + BODY),
    "depth of inline elements": article("<b>" * 100_000 + BODY),
    "depth of tables": article("<table><tr><td>" * 20_000 + BODY),
    "a million tags": article("<i></i>" * 250_000 + BODY),
    "an attribute of a megabyte": article(f"<p title='{'x' * 1_500_000}'>one</p>{BODY}"),
    "very many attributes": article("<p " + " ".join(f"a{n}=b" for n in range(100_000)) + f">one</p>{BODY}"),
    "a comment without an end": article(BODY, after="<!--" + "x" * 1_000_000),
    "very many comments without an end": article(BODY, after="<!--" * 200_000),
    "a JSON-LD of depth": article(BODY, head=f"<script type='application/ld+json'>{'[' * 200_000}</script>"),
    "a JSON-LD of numbers": article(
        BODY, head='<script type="application/ld+json">{"@type":"NewsArticle","x":' + "9" * 400_000 + "}</script>"
    ),
    "very many JSON-LDs": article(
        BODY, head='<script type=\'application/ld+json\'>{"@type":"NewsArticle"}</script>' * 10_000
    ),
    "a hundred thousand tags": article(BODY, after="<p class=entry-tags>" + "<a rel=tag>x</a>" * 100_000 + "</p>"),
    "articles inside articles": article("<article><div class=entry-content>" * 3_000 + BODY),
    "entities": article("&amp;" * 300_000 + "&lt;" * 100_000 + "&#x1F600;" * 50_000 + BODY),
    "one word of a megabyte": article(f"<p>{'a' * 1_000_000}</p>"),
    "blanks": article("<p>" + " \n\t" * 400_000 + "</p>" + BODY),
}


@pytest.mark.parametrize(
    "visitor", ["reactor"], indirect=True, scope="session"
)  # reading is the same behind both doors
def test_pages_that_are_heavy_to_read_end_and_cost_nobody_else_anything(look: Callable[..., Any]) -> None:
    magazine = Magazine([post("good"), *(post(f"heavy-{n}") for n in range(len(HEAVY)))])
    magazine.page_size = 100
    for number, page in enumerate(HEAVY.values()):
        magazine.special[f"/heavy-{number}/"] = lambda _, page=page: html_reply(page)  # type: ignore[misc]  # mypy cannot type a default of a lambda
    with LoopbackSite(magazine) as site:
        limits = {"allow_private_addresses": True, "max_bytes": 5_000_000, "timeout_s": 10}
        found = look(site.url, watched=["North Korea"], collection=limits, longest_s=170)
    assert found.run.outcome is SourceOutcome.OK
    assert "/good/" in {urlsplit(one.url).path for one in found.articles}
    assert set(found.run.set_aside) <= {SetAside.UNREADABLE, SetAside.READING_TIMED_OUT}, found.run
    assert found.grown_kb < 400_000


def test_markup_and_controls_reach_neither_the_digest_nor_a_terminal(
    opened: Store, visit: Callable[..., Run], make_source: Callable[..., Source], now: datetime
) -> None:
    nasty = html.escape(SCRIPT) + CONTROLS.replace("\x1b", "&#27;").replace("\x9b", "&#155;")
    paragraphs = "".join(f"<p>{text} {nasty}</p>" for text in REPORT)
    live = f"<p onclick='alert(4)'>{SCRIPT}<a href='javascript:alert(5)'>A link</a> and words.</p>"
    tags = f"<p class='entry-tags'><a rel=tag>North Korea</a><a rel=tag>{nasty}</a></p>"
    byline = f"<span class='entry-author-name'>{nasty}</span>"
    page = article(paragraphs + live, title=f"A deported woman {nasty}", after=tags + byline)
    magazine = Magazine([post("nasty", title=f"A deported woman {SCRIPT}", tags=("North Korea", SCRIPT))])
    magazine.special["/nasty/"] = lambda _: Reply(
        body=page.encode("utf-8", "replace"), headers={"Content-Type": "text/html"}
    )
    with LoopbackSite(magazine) as site:
        run = visit(make_source(site.url, title=f"Magazine {SCRIPT}"), store=opened)
    assert run.articles == 1
    opened.runs.record(msgspec.structs.replace(run, detail=nasty, warnings=(nasty, SCRIPT)))
    (row,) = opened.articles.rows()
    spec = DigestSpec.model_validate({"name": "weekly", "schedule": "Mon 07:00", "timezone": "Asia/Seoul"})
    rendered = render(gather(opened, spec, now=now, policy=Policy()))
    for page_of_it in (rendered.page_html, rendered.mail_html):
        for markup in ("<script>alert", "<img src=x", "<svg onload", "javascript:"):
            assert markup not in page_of_it.lower()
    for text in (
        rendered.page_html,
        rendered.mail_html,
        rendered.text,
        rendered.subject,
        safe(row.title),
        *map(safe, row.tags),
    ):
        risky = {char for char in text if unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t"}
        assert not risky
        assert not set("\u202e\u2066\u2028\u2029") & set(text)
    stored = opened.articles.get(row.url)
    assert stored is not None
    assert "alert(1)</script>" not in stored.latest.article.text.replace(html.unescape(SCRIPT), "")
    assert "javascript:" not in stored.latest.article.text


@pytest.mark.parametrize("wrong", ["\x00", "&#0;", "&#xD800;", "\ud800", "\ufffe", "&#x202E;"])
def test_characters_that_no_store_takes_lose_no_article(
    wrong: str, opened: Store, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    tags = f"<p class='entry-tags'><a rel=tag>North Korea</a><a rel=tag>x{wrong}y</a></p>"
    page = article(f"<p>A first {wrong} paragraph.</p><p>A second one.</p>", title=f"A {wrong} title", after=tags)
    magazine = Magazine([post("odd")])
    body = page.encode("utf-8", "surrogatepass")
    magazine.special["/odd/"] = lambda _: Reply(
        body=body, headers={"Content-Type": "text/html; charset=utf-8", "ETag": '"a\x00b"', "Last-Modified": "a\x00b"}
    )
    with LoopbackSite(magazine) as site:
        run = visit(make_source(site.url, "feed"), store=opened)
        again = visit(make_source(site.url, "feed"), store=opened, trigger="request")
    assert run.articles + run.set_aside.get(SetAside.UNREACHABLE, 0) == 1  # a header with NUL may be refused as such
    assert again.outcome in {SourceOutcome.OK, SourceOutcome.NOTHING_NEW, SourceOutcome.UNREACHABLE}
    opened.runs.record(run)


def test_tags_beyond_all_measure_are_kept_within_one(
    opened: Store, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    many = "".join(f"<a rel=tag>tag {n}</a>" for n in range(100_000))
    huge = f"<a rel=tag>{'x' * 1_000_000}</a>"
    page = article(BODY, after=f"<p class='entry-tags'><a rel=tag>North Korea</a>{huge}{many}</p>")
    magazine = Magazine([post("tagged"), post("good")])
    magazine.special["/tagged/"] = lambda _: html_reply(page)
    with LoopbackSite(magazine) as site:
        run = visit(make_source(site.url, "feed"), store=opened)
    assert run.articles == 2
    for row in opened.articles.rows():
        assert "North Korea" in row.tags
        assert sum(map(len, row.tags)) < 100_000


def test_a_page_cannot_claim_another_sites_article(
    opened: Store, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    real = Magazine([post("real", title="The real one")])
    with LoopbackSite(real) as site:
        visit(make_source(site.url.replace("127.0.0.1", "localhost"), "feed"), store=opened)
        victim = f"{site.url.replace('127.0.0.1', 'localhost')}real/"
        forged = article(BODY, head=f"<link rel=canonical href='{victim}'>", title="A forged one")
        rival = Magazine([post("forged")])
        rival.special["/forged/"] = lambda _: html_reply(forged)
        with LoopbackSite(rival) as other:
            visit(make_source(other.url, "feed"), store=opened)
    stored = opened.articles.get(victim)
    assert stored is not None
    assert stored.latest.article.title == "The real one"
    assert len(stored.versions) == 1
    assert len(opened.articles.rows()) == 2


def test_a_site_that_calls_its_front_page_the_address_of_every_page_keeps_its_articles_apart(
    opened: Store, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    magazine = Magazine([post("one"), post("two")])
    for slug in ("one", "two"):
        page = article(f"<p>The page of {slug}.</p>{BODY}", head="<link rel=canonical href='/'>", title=f"About {slug}")
        magazine.special[f"/{slug}/"] = lambda _, page=page: html_reply(page)  # type: ignore[misc]  # as above
    with LoopbackSite(magazine) as site:
        visit(make_source(site.url, "feed"), store=opened)
        assert {urlsplit(row.url).path for row in opened.articles.rows()} == {"/one/", "/two/"}


def test_two_addresses_of_one_article_are_one_article(
    opened: Store, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    magazine = Magazine([post("one")])
    page = article(BODY, head="<link rel=canonical href='/one/'>")
    for path in ("/one/", "/amp/one/"):
        magazine.special[path] = lambda _: html_reply(page)

    def feed(root: str) -> Reply:
        links = ("one/", "one/?utm_source=feed", "one/#top", "ONE/../one/", "amp/one/")
        items = "".join(f"<item><title>{link}</title><link>{root}{link}</link></item>" for link in links)
        return Reply(body=f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())

    with LoopbackSite(magazine) as site:
        magazine.special["/feed/"] = lambda _: feed(site.url)
        named = {"kind": "feed", "url": f"{site.url}feed/"}
        run = visit(make_source(site.url, readers=[named], tags=[]), store=opened)
        assert len(opened.articles.rows()) == 1
    assert run.repeats == 3


def test_a_meta_refresh_and_a_base_elsewhere_lead_nowhere(
    opened: Store, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    with LoopbackSite(lambda _: Reply(body=b"canary")) as canary:
        head = f"<meta http-equiv=refresh content='0;url={canary.url}'><base href='{canary.url}'><link rel=canonical href='x/'>"
        magazine = Magazine([post("led"), post("good")])
        magazine.special["/led/"] = lambda _: html_reply(article(BODY, head=head))
        with LoopbackSite(magazine) as site:
            visit(make_source(site.url, "feed"), store=opened)
            assert {row.url.startswith(site.url) for row in opened.articles.rows()} == {True}
    assert canary.asked == []


def test_a_clock_that_is_wrong_or_mad_in_a_page_is_no_date(
    opened: Store, visit: Callable[..., Run], make_source: Callable[..., Source], now: datetime
) -> None:
    magazine = Magazine([post("mad")])
    page = article(BODY, head="<meta property='article:published_time' content='99999-99-99T99:99:99Z'>")
    magazine.special["/mad/"] = lambda _: html_reply(page)
    magazine.special["/feed/"] = lambda _: Reply(
        body=b'<rss version="2.0"><channel><item><title>t</title><link>/mad/</link>'
        b"<pubDate>Mon, 99 Foo 99999 99:99:99 +9999</pubDate></item></channel></rss>"
    )
    with LoopbackSite(magazine) as site:
        named = {"kind": "feed", "url": f"{site.url}feed/"}
        visit(make_source(site.url, readers=[named], tags=[]), store=opened)
    (row,) = opened.articles.rows()
    assert row.published is None
    assert row.fetched_at - now < timedelta(days=1)
