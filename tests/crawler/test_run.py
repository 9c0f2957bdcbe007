"""Whole visits over real HTTP on loopback: what each ends in, what it asks for, and what it leaves behind."""

import asyncio
import gzip
import operator
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import msgspec
import pytest

from cases.errors import StoreError, Unreachable
from cases.ledger import Run, SetAside, SourceOutcome
from cases.store import Store
from crawler.evidence.custody import kept_answer
from crawler.options import Collection
from crawler.pool import PoolClosed, ReadingPool
from crawler.progress import Progress
from crawler.readers import Reader, Window, make_reader
from crawler.run import Stop, crawl, fetch_page
from crawler.sources import ReaderTable, Source
from crawler.testing import Application, Asked, LoopbackSite, Magazine, Post, Reply, html_reply

REPORT = (
    "On March 3, 2026, police in Longtan district of Jilin city arrested Ok Sample, a North Korean woman, at her home.",
    "The next day she was forcibly deported to North Korea, her husband told the magazine.",
)


@pytest.fixture
def magazine(make_posts: Callable[[int], list[Post]]) -> Magazine:
    small = Magazine(make_posts(18))
    small.page_size = 4  # each watched tag has six articles: two pages
    return small


@pytest.fixture
def site(magazine: Magazine) -> Iterator[LoopbackSite]:
    with LoopbackSite(magazine) as running:
        yield running


def stored(store: Store) -> set[str]:
    return {row.title for row in store.articles.rows()}


def articles_asked(site: LoopbackSite) -> list[str]:
    return [path for path in site.paths() if path.startswith("/story-")]


# -- readers in turn


@pytest.mark.parametrize(("closed", "reader"), [((), "wordpress"), (("rest",), "feed"), (("rest", "feeds"), "listing")])
def test_each_way_of_reading_finds_the_same_articles(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    store: Store,
    closed: tuple[str, ...],
    reader: str,
) -> None:
    magazine.closed = frozenset(closed)
    run = visit(make_source(site.url))
    assert run.outcome is SourceOutcome.OK
    assert run.reader == reader
    assert len(run.fell_back_from) == len(closed)
    assert run.articles == 12
    assert stored(store) == {post.title for post in magazine.posts if "Religion" not in post.tags}
    assert len(articles_asked(site)) == 12
    assert run.requests == len(site.asked)


@pytest.mark.parametrize("closed", [(), ("rest",), ("rest", "feeds")])
def test_a_second_visit_fetches_only_what_is_new(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    now: datetime,
    closed: tuple[str, ...],
) -> None:
    magazine.closed = frozenset(closed)
    visit(make_source(site.url))
    site.asked.clear()
    again = visit(make_source(site.url), trigger="request")
    assert again.outcome is SourceOutcome.NOTHING_NEW
    assert articles_asked(site) == []
    magazine.posts.append(msgspec.structs.replace(magazine.posts[0], slug="story-new", title="New", published=now))
    third = visit(make_source(site.url), at=now + timedelta(hours=1))
    assert (third.outcome, third.articles) == (SourceOutcome.OK, 1)
    assert articles_asked(site) == ["/story-new/"]


@pytest.mark.parametrize("closed", [(), ("rest",), ("rest", "feeds")])
def test_an_edited_post_is_read_again_and_kept_as_a_version(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    store: Store,
    now: datetime,
    closed: tuple[str, ...],
) -> None:
    magazine.closed = frozenset(closed)
    visit(make_source(site.url))
    site.asked.clear()
    edited = msgspec.structs.replace(magazine.posts[1], paragraphs=("Other words altogether.",), modified=now)
    magazine.posts[1] = edited
    run = visit(make_source(site.url), at=now + timedelta(days=2))
    assert run.articles == 1
    assert "/story-1/" in articles_asked(site)
    kept = store.articles.get(f"{site.url}story-1/")
    assert kept is not None
    assert [version.article.text for version in kept.versions][-1] == "Other words altogether."
    assert len(kept.versions) == 2


def test_only_what_changed_is_asked_for_between_sweeps(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], now: datetime
) -> None:
    visit(make_source(site.url))
    site.asked.clear()
    run = visit(make_source(site.url), at=now + timedelta(hours=1))
    assert run.outcome is SourceOutcome.NOTHING_NEW
    assert any("modified_after=2026-05-31T12:00:00Z" in path for path in site.paths())
    magazine.closed = frozenset({"rest"})
    visit(make_source(site.url), at=now + timedelta(hours=2), trigger="request")  # a sweep notes what it asked for
    site.asked.clear()
    unchanged = visit(make_source(site.url), at=now + timedelta(hours=3))
    assert unchanged.outcome is SourceOutcome.NOT_MODIFIED
    assert all("if-none-match" in asked.headers for asked in site.asked if asked.path.endswith("/feed/"))


def test_a_visit_after_a_failed_one_reaches_back_over_it(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], now: datetime
) -> None:
    magazine.special["/story-4/"] = lambda _: Reply(status=503)
    first = visit(make_source(site.url))
    assert first.set_aside == {SetAside.UNREACHABLE: 1}
    assert any("503" in warning for warning in first.warnings)
    del magazine.special["/story-4/"]
    site.asked.clear()
    second = visit(make_source(site.url), at=now + timedelta(days=3))
    assert articles_asked(site) == ["/story-4/"]
    assert second.articles == 1


def test_a_tag_that_the_site_spells_in_its_own_way_is_found(
    site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    run = visit(make_source(site.url), watched_tags=["NORTH_KOREA", "Human&#32;Rights", "Unheard Of"])
    assert run.articles == 12


def test_an_article_with_both_tags_comes_once(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    magazine.closed = frozenset({"rest"})
    magazine.posts = [msgspec.structs.replace(post, tags=("North Korea", "Human Rights")) for post in magazine.posts]
    run = visit(make_source(site.url))
    assert run.articles == 18
    assert (run.set_aside, run.repeats) == ({}, 18)
    assert len(articles_asked(site)) == 18


def test_a_named_feed_is_filtered_by_its_categories(
    site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    source = make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}feed/"}])
    run = visit(source)
    assert run.articles == 12
    assert run.set_aside == {SetAside.UNTAGGED: 6}


def test_a_reader_that_breaks_at_an_answer_gives_the_next_its_turn(
    site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(source: Source, table: ReaderTable, window: Window) -> Reader:
        reader = make_reader(source, table, window)
        broken = SimpleNamespace(first=reader.first, read=operator.truediv)  # a worker finds it by its name
        return cast(Reader, broken) if table.kind == "feed" else reader

    monkeypatch.setattr("crawler.run.make_reader", made)
    run = visit(make_source(site.url, "feed", "listing"))
    assert (run.outcome, run.reader) == (SourceOutcome.OK, "listing")
    assert "TypeError" in run.fell_back_from[0]


def test_entries_that_name_no_address_are_counted(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    plain = Magazine(magazine.posts[-4:])

    def with_a_bare_title(asked: Asked) -> Reply:
        whole = plain(msgspec.structs.replace(asked, target="/feed/"))
        bare = b"<item><title>A bare title</title></item></channel>"
        return msgspec.structs.replace(whole, body=whole.body.replace(b"</channel>", bare))

    magazine.special["/feed/"] = with_a_bare_title
    run = visit(make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}feed/"}]))
    assert (run.entries, run.set_aside[SetAside.UNREADABLE]) == (5, 1)


def test_a_feed_without_categories_leaves_it_to_the_page_and_remembers_what_it_said(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    def without_categories(asked: Asked) -> Reply:
        shown = Magazine([msgspec.structs.replace(post, tags=()) for post in magazine.posts])
        shown.page_size = 4
        return shown(asked)

    magazine.special["/feed/"] = without_categories
    source = make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}feed/"}])
    run = visit(source)
    assert (run.articles, run.set_aside) == (12, {SetAside.UNTAGGED: 6})
    site.asked.clear()
    again = visit(source, trigger="request")
    assert again.set_aside == {SetAside.KNOWN: 12, SetAside.UNTAGGED: 6}
    assert articles_asked(site) == []


def test_a_site_that_gives_its_first_page_for_ever_ends_the_paging(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    plain = Magazine(magazine.posts[-4:])
    magazine.special["/feed/"] = lambda asked: plain(msgspec.structs.replace(asked, target="/feed/"))
    run = visit(make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}feed/"}]))
    assert run.entries == 4
    assert [path for path in site.paths() if "feed" in path] == ["/feed/", "/feed/?paged=2"]


def test_a_source_with_tags_of_its_own_does_not_use_the_watchs(
    site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    assert visit(make_source(site.url, tags=["religion"])).articles == 6
    assert visit(make_source(site.url, tags=[]), trigger="request").articles == 12


# -- outcomes


@pytest.mark.parametrize(
    ("application", "outcome", "words"),
    [
        (lambda _: Reply(status=404), SourceOutcome.GONE, "status 404"),
        (lambda _: Reply(status=403), SourceOutcome.BLOCKED, "refused with status 403"),
        (lambda _: Reply(status=429), SourceOutcome.BLOCKED, "refused with status 429"),
        (lambda _: Reply(status=500), SourceOutcome.UNREACHABLE, "the server failed with status 500"),
        (
            lambda _: html_reply("<title>Just a moment...</title>"),
            SourceOutcome.BLOCKED,
            "proof of a human",
        ),
        (lambda _: html_reply("<p>Under construction"), SourceOutcome.PARSE_FAILED, "is not a feed"),
        (lambda _: Reply(body=b"\x00\xff" * 50), SourceOutcome.PARSE_FAILED, "is not a feed"),
        (lambda _: Reply(body=b"x" * 2_000_000), SourceOutcome.PARSE_FAILED, "larger than it may be"),
        (
            lambda _: Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"),
            SourceOutcome.UNREACHABLE,
            "broke off",
        ),
        (lambda _: Reply(raw=b"nonsense\r\n\r\n"), SourceOutcome.UNREACHABLE, "the connection failed"),
        (lambda _: Reply(raw=b""), SourceOutcome.UNREACHABLE, "the connection failed"),
        (
            lambda _: Reply(body=b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>'),
            SourceOutcome.EMPTY,
            "holds no entry",
        ),
    ],
)
def test_every_way_a_site_can_fail_has_an_outcome_that_says_why(
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    collection: Collection,
    application: Application,
    outcome: SourceOutcome,
    words: str,
) -> None:
    def with_robots(asked: Asked) -> Reply:
        return Reply(status=404) if asked.path == "/robots.txt" else application(asked)

    with LoopbackSite(with_robots) as site:
        source = make_source(site.url, "wordpress", "feed")
        run = visit(source, collection=collection.model_copy(update={"max_bytes": 1_000_000}))
    assert run.outcome is outcome
    assert words in (run.detail or "")
    assert site.url in (run.detail or "")
    assert run.reader is None


def test_a_site_that_never_answers_is_unreachable(
    visit: Callable[..., Run], make_source: Callable[..., Source], collection: Collection
) -> None:
    def silent(asked: Asked) -> Reply:
        return Reply(status=404) if asked.path == "/robots.txt" else Reply(stall=True)

    with LoopbackSite(silent) as site:
        run = visit(make_source(site.url), collection=collection.model_copy(update={"timeout_s": 0.5}))
    assert run.outcome is SourceOutcome.UNREACHABLE
    assert "did not answer in time" in (run.detail or "")
    assert len(site.paths()) == 1, "a host that does not answer is not asked for something else"


def test_a_site_that_is_not_there_is_unreachable(visit: Callable[..., Run], make_source: Callable[..., Source]) -> None:
    with LoopbackSite(lambda _: Reply()) as site:
        url = site.url
    run = visit(make_source(url))
    assert run.outcome is SourceOutcome.UNREACHABLE
    assert "refuses the connection" in (run.detail or "")


def test_a_name_that_does_not_exist_is_unreachable(
    visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    run = visit(make_source("http://no-such-host.invalid/"))
    assert run.outcome is SourceOutcome.UNREACHABLE
    assert "does not resolve" in (run.detail or "")


def test_an_answer_that_swells_when_it_is_unpacked_is_refused(
    visit: Callable[..., Run], make_source: Callable[..., Source], collection: Collection
) -> None:
    bomb = Reply(
        body=gzip.compress(b"0" * 30_000_000), headers={"Content-Encoding": "gzip", "Content-Type": "text/html"}
    )
    with LoopbackSite(lambda asked: Reply(status=404) if asked.path == "/robots.txt" else bomb) as site:
        run = visit(make_source(site.url, "feed"), collection=collection.model_copy(update={"max_bytes": 1_000_000}))
    assert run.outcome is SourceOutcome.PARSE_FAILED
    assert "larger than it may be" in (run.detail or "")


def test_pages_without_an_article_are_a_changed_layout_until_they_are_read(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], now: datetime
) -> None:
    for post in magazine.posts:
        magazine.special[f"/{post.slug}/"] = lambda _: html_reply("<html><body></body></html>")
    source = make_source(site.url)
    run = visit(source)
    assert run.outcome is SourceOutcome.LAYOUT_CHANGED
    assert run.set_aside == {SetAside.UNREADABLE: 12}
    site.asked.clear()
    again = visit(source, at=now + timedelta(hours=1), trigger="request")
    assert again.outcome is SourceOutcome.LAYOUT_CHANGED
    assert articles_asked(site) == []
    magazine.special.clear()
    mended = visit(source, at=now + timedelta(days=2))
    assert (mended.outcome, mended.articles) == (SourceOutcome.OK, 12)


def test_one_bad_page_does_not_keep_the_others_out(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    magazine.special["/story-0/"] = lambda _: Reply(body=b"%PDF-1.7", headers={"Content-Type": "application/pdf"})
    magazine.special["/story-1/"] = lambda _: Reply(status=404)
    magazine.special["/story-3/"] = lambda _: Reply(raw=b"broken")
    magazine.special["/story-4/"] = lambda _: Reply(body=b"\xff\xfe\x00", headers={"Content-Type": "text/html"})
    run = visit(make_source(site.url))
    assert run.outcome is SourceOutcome.OK
    assert run.articles == 8
    assert run.set_aside == {SetAside.UNREADABLE: 2, SetAside.UNREACHABLE: 2}


def test_a_page_in_another_encoding_than_it_says_is_read(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], store: Store
) -> None:
    post = msgspec.structs.replace(
        magazine.posts[0],
        slug="story-ko",
        paragraphs=("지난 3월 압록강 근처 마을에서 탈북 여성 두 명이 체포되었다. " * 5,),
    )
    magazine.posts = [post]
    page = magazine.page(post).replace('<meta charset="utf-8">', "").encode("cp949")
    magazine.special["/story-ko/"] = lambda _: Reply(body=page, headers={"Content-Type": "text/html; charset=utf-8"})
    visit(make_source(site.url))
    kept = store.articles.get(f"{site.url}story-ko/")
    assert kept is not None
    assert "압록강" in kept.latest.article.text
    assert kept.latest.article.lang == "ko"


def test_a_page_without_a_date_stays_without_one(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], store: Store
) -> None:
    magazine.closed = frozenset({"rest", "feeds"})
    listing = '<main><article class="entry"><h2><a href="/undated/">Undated</a></h2></article></main>'
    page = '<article><h1>Undated</h1><div class="entry-content"><p>A paragraph.</p></div></article>'
    magazine.special["/tag/north-korea/"] = lambda _: html_reply(listing)
    magazine.special["/undated/"] = lambda _: html_reply(page)
    visit(make_source(site.url), watched_tags=["North Korea"])
    kept = store.articles.get(f"{site.url}undated/")
    assert kept is not None
    assert kept.latest.article.published is None


def test_a_page_that_could_not_be_read_is_never_called_known_because_it_did_not_change(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], now: datetime
) -> None:
    def unreadable(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == '"1"':
            return Reply(status=304)
        return Reply(body=b"<html>", headers={"Content-Type": "text/html", "ETag": '"1"'})

    magazine.special["/story-0/"] = unreadable
    for day in range(3):
        run = visit(make_source(site.url), at=now + timedelta(days=2 * day))
        assert run.set_aside[SetAside.UNREADABLE] == 1


def test_a_known_page_is_asked_for_conditionally(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], now: datetime
) -> None:
    magazine.closed = frozenset({"rest"})
    page = magazine.page(magazine.posts[0])

    def conditional(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == '"1"':
            return Reply(status=304)
        return Reply(body=page.encode(), headers={"Content-Type": "text/html", "ETag": '"1"'})

    magazine.special["/story-0/"] = conditional
    visit(make_source(site.url))
    site.asked.clear()
    run = visit(make_source(site.url), at=now + timedelta(days=30))
    (asked,) = [asked for asked in site.asked if asked.path == "/story-0/"]
    assert asked.headers["if-none-match"] == '"1"'
    assert run.outcome is SourceOutcome.NOTHING_NEW
    assert run.set_aside == {SetAside.KNOWN: 12}


def test_a_total_that_does_not_agree_is_warned_of(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    honest = Magazine(magazine.posts)

    def boasting(asked: Asked) -> Reply:
        reply = honest(asked)
        return msgspec.structs.replace(reply, headers={**reply.headers, "X-WP-Total": "14"})

    magazine.special["/wp-json/wp/v2/posts"] = boasting
    run = visit(make_source(site.url))
    assert run.claimed_total == 14
    assert any("counts 14 articles" in warning for warning in run.warnings)


def test_a_feed_whose_window_does_not_reach_back_to_the_last_visit_leaves_a_gap(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], now: datetime
) -> None:
    def window(asked: Asked) -> Reply:
        return Magazine(magazine.posts[-4:])(msgspec.structs.replace(asked, target="/feed/"))

    magazine.special["/feed/"] = window
    source = make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}feed/"}])
    assert visit(source).warnings == ()
    later = [
        msgspec.structs.replace(post, slug=f"later-{number}", published=now + timedelta(days=3, hours=number))
        for number, post in enumerate(magazine.posts[-4:])
    ]
    magazine.posts += later
    run = visit(source, at=now + timedelta(days=4))
    assert any(warning.startswith("gap: the listing reaches back to 2026-06-04") for warning in run.warnings)


# -- manners and precautions


def test_robots_txt_is_obeyed(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    magazine.robots = "User-agent: *\nDisallow: /wp-json/\nDisallow: /story-1/\n"
    run = visit(make_source(site.url))
    assert run.reader == "feed"
    assert run.set_aside[SetAside.FORBIDDEN] == 1
    assert "robots.txt" in run.fell_back_from[0]
    assert not any(path.startswith(("/wp-json/", "/story-1/")) for path in site.paths())


def test_a_site_that_wants_no_robots_is_told_so_and_left_alone(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    magazine.robots = "User-agent: *\nDisallow: /\n"
    run = visit(make_source(site.url))
    assert run.outcome is SourceOutcome.FORBIDDEN
    assert site.paths() == []


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_rules_that_cannot_be_read_are_not_taken_for_permission(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    status: int,
) -> None:
    magazine.special["/robots.txt"] = lambda _: Reply(status=status, body=b"<html>User-agent: *\nAllow: /")
    run = visit(make_source(site.url))
    assert run.outcome in {SourceOutcome.UNREACHABLE, SourceOutcome.BLOCKED}
    assert "robots.txt" in (run.detail or "")
    assert site.paths() == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_no_rules_are_no_hindrance(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], status: int
) -> None:
    magazine.special["/robots.txt"] = lambda _: Reply(status=status, body=b"User-agent: *\nDisallow: /")
    assert visit(make_source(site.url)).articles == 12


def test_the_visitor_says_who_it_is_and_carries_nothing_else(
    site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], collection: Collection
) -> None:
    visit(make_source(site.url), collection=collection.model_copy(update={"contact": "desk@example.org"}))
    for asked in site.asked:
        assert asked.headers["user-agent"].startswith("Returnwatch/")
        assert "desk@example.org" in asked.headers["user-agent"]
        assert not {"cookie", "referer"} & set(asked.headers)


def test_a_site_on_this_machine_is_not_visited_unless_that_is_allowed(
    site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], collection: Collection
) -> None:
    run = visit(make_source(site.url), collection=collection.model_copy(update={"allow_private_addresses": False}))
    assert run.outcome is SourceOutcome.BLOCKED
    assert "the machine itself" in (run.detail or "")
    assert site.asked == []


def test_a_redirect_to_what_is_no_web_address_is_not_followed(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    for number, target in enumerate(["file:///etc/passwd", "http://user:pw@127.0.0.1/", "ftp://127.0.0.1/"]):
        magazine.special[f"/story-{3 * number}/"] = partial(_redirect, target)
    run = visit(make_source(site.url))
    assert run.articles == 9
    assert sum(run.set_aside.values()) == 3


def test_a_redirect_within_the_site_is_followed_and_the_article_is_known_afterwards(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], store: Store
) -> None:
    moved = magazine.posts[0]
    magazine.special["/story-0/"] = partial(_redirect, "/moved/")
    page = magazine.page(msgspec.structs.replace(moved, slug="moved"))
    magazine.special["/moved/"] = lambda _: html_reply(page)
    assert visit(make_source(site.url)).articles == 12
    assert store.articles.get(f"{site.url}moved/") is not None
    site.asked.clear()
    assert visit(make_source(site.url), trigger="request").set_aside == {SetAside.KNOWN: 12}
    assert articles_asked(site) == []


def test_entries_on_foreign_hosts_are_not_fetched(
    magazine: Magazine, site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    body = (
        '<rss version="2.0"><channel><item><title>A</title><link>http://rival.example/a/</link></item>'
        "<item><title>B</title><link>file:///etc/passwd</link></item>"
        "<item><title>C</title><link>http://[broken/</link></item></channel></rss>"
    )
    magazine.special["/feed/"] = lambda _: Reply(body=body.encode())
    run = visit(make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}feed/"}]))
    assert run.set_aside == {SetAside.FORBIDDEN: 2, SetAside.UNREADABLE: 1}


# -- limits


def test_what_is_older_than_the_horizon_is_set_aside_and_counted(
    site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], collection: Collection
) -> None:
    limited = collection.model_copy(update={"horizon_days": 10})
    run = visit(make_source(site.url), collection=limited)
    assert run.set_aside == {SetAside.TOO_OLD: 6}
    assert run.articles == 6


def test_since_reaches_back_over_the_horizon(
    site: LoopbackSite,
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    collection: Collection,
    now: datetime,
) -> None:
    limited = collection.model_copy(update={"horizon_days": 10})
    visit(make_source(site.url), collection=limited)
    run = visit(make_source(site.url), collection=limited, since=now - timedelta(days=100))
    assert run.articles == 6
    assert run.set_aside == {SetAside.KNOWN: 6}


def test_an_undated_entry_is_judged_by_the_date_of_its_page(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    collection: Collection,
) -> None:
    items = "".join(f"<item><link>{site.url}{post.slug}/</link></item>" for post in magazine.posts)
    magazine.special["/feed/"] = lambda _: Reply(body=f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())
    source = make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}feed/"}])
    run = visit(source, collection=collection.model_copy(update={"horizon_days": 10}))
    assert run.articles == 6
    assert run.set_aside == {SetAside.TOO_OLD: 6, SetAside.UNTAGGED: 6}


def test_a_limit_of_pages_is_warned_of_and_the_rest_comes_next_time(
    site: LoopbackSite,
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    collection: Collection,
    now: datetime,
) -> None:
    limited = collection.model_copy(update={"max_pages": 5})
    source = make_source(site.url)
    runs = [visit(source, collection=limited, at=now + timedelta(hours=hour)) for hour in range(3)]
    assert [run.articles for run in runs] == [5, 5, 2]
    assert runs[0].set_aside == {SetAside.NOT_REACHED: 7}
    assert any("max_pages" in warning for warning in runs[0].warnings)
    assert runs[2].warnings == ()


def test_a_limit_of_listing_pages_is_warned_of(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    collection: Collection,
) -> None:
    magazine.closed = frozenset({"rest"})
    run = visit(make_source(site.url), collection=collection.model_copy(update={"max_listing_pages": 2}))
    assert any("max_listing_pages" in warning for warning in run.warnings)
    assert run.articles == 8


# -- the line, stopping, and what is ours to fail


def test_a_report_becomes_a_case_with_its_capture(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    store: Store,
    tmp_path: Path,
) -> None:
    magazine.posts[0] = msgspec.structs.replace(magazine.posts[0], title="Woman Deported", paragraphs=REPORT)
    run = visit(make_source(site.url))
    assert (run.reports, run.cases_new, run.labels["case_report"]) == (1, 1, 1)
    (case,) = store.cases.rows()
    (telling,) = case.tellings
    assert (telling.url, telling.source, telling.source_title) == (f"{site.url}story-0/", "magazine", "Magazine")
    kept = store.articles.get(telling.url)
    assert kept is not None
    assert kept.latest.capture is not None
    assert b"Woman Deported" in kept_answer(tmp_path / "captures", kept.latest.capture).body


def test_a_stopped_visit_keeps_what_is_done_and_the_next_goes_on(
    site: LoopbackSite,
    store: Store,
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
) -> None:
    stop = Stop()
    seen: list[Progress] = []

    def watch(progress: Progress) -> None:
        seen.append(progress)
        if progress.phase == "reading" and progress.done >= 3:
            stop.stop()

    run = visit(make_source(site.url), stop=stop, on_progress=watch)
    assert run.outcome is SourceOutcome.STOPPED
    assert run.articles == len(stored(store)) >= 3
    assert run.set_aside[SetAside.NOT_REACHED] == 12 - run.articles
    assert seen[0].phase == "listing"
    assert seen[-1].phase == "done"
    site.asked.clear()
    assert visit(make_source(site.url)).articles == 12 - run.articles
    assert len(articles_asked(site)) == 12 - run.articles


def test_a_visit_that_is_stopped_before_it_began_asks_for_nothing(
    site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    stop = Stop()
    stop.stop()
    assert visit(make_source(site.url), stop=stop).outcome is SourceOutcome.STOPPED
    assert articles_asked(site) == []


def test_a_cancelled_visit_leaves_no_engine_behind(
    site: LoopbackSite,
    store: Store,
    pool: ReadingPool,
    collection: Collection,
    make_source: Callable[..., Source],
    tmp_path: Path,
    now: datetime,
) -> None:
    async def story() -> int:
        reading = asyncio.Event()
        task = asyncio.create_task(
            crawl(
                make_source(site.url),
                store=store,
                pool=pool,
                captures=tmp_path,
                collection=collection,
                watched_tags=["North Korea"],
                trigger="schedule",
                now=lambda: now,
                on_progress=lambda progress: reading.set() if progress.phase == "reading" else None,
            )
        )
        await reading.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return len(asyncio.all_tasks())

    assert asyncio.run(story()) == 1


def test_captures_that_cannot_be_written_end_the_visit(
    site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], tmp_path: Path, store: Store
) -> None:
    (tmp_path / "full").write_text("not a folder")
    with pytest.raises(StoreError, match="cannot be written"):
        visit(make_source(site.url), captures=tmp_path / "full")
    assert stored(store) == set()


def test_a_closed_pool_ends_the_visit_and_blames_no_page(
    site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source], store: Store
) -> None:
    closed = ReadingPool()
    asyncio.run(closed.close())
    with pytest.raises(PoolClosed):
        visit(make_source(site.url), pool=closed)
    assert visit(make_source(site.url)).articles == 12


def test_one_page_is_fetched_for_a_person(site: LoopbackSite, collection: Collection, now: datetime) -> None:
    fetched = asyncio.run(fetch_page(f"{site.url}story-0/", collection=collection, now=lambda: now))
    assert fetched.url == f"{site.url}story-0/"
    assert fetched.content_type.startswith("text/html")
    assert b"Story number 0" in fetched.body


@pytest.mark.parametrize(("path", "words"), [("gone/", "status 404"), ("wp-json/", "robots.txt")])
def test_a_page_that_cannot_be_fetched_says_why(
    magazine: Magazine, site: LoopbackSite, collection: Collection, now: datetime, path: str, words: str
) -> None:
    magazine.robots = "User-agent: *\nDisallow: /wp-json/\n"
    with pytest.raises(Unreachable, match=words):
        asyncio.run(fetch_page(f"{site.url}{path}", collection=collection, now=lambda: now))


def test_times_of_a_run_come_from_the_clock_that_it_is_given(
    site: LoopbackSite, visit: Callable[..., Run], make_source: Callable[..., Source]
) -> None:
    at = datetime(2026, 6, 2, tzinfo=UTC)
    run = visit(make_source(site.url), at=at)
    assert run.started_at == run.finished_at == at


def _redirect(target: str, _: Asked) -> Reply:
    return Reply(status=302, headers={"Location": target})
