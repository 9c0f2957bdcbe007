"""Visits that meet walls, moves, odd pages and pleas for peace, over real HTTP: how they end, and what they leave."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import msgspec
import pytest

from cases.ledger import Overlap, Run, SetAside, SourceOutcome, Wall
from cases.store import Store
from crawler.options import Collection
from crawler.sources import Source
from crawler.testing import Asked, LoopbackSite, Magazine, Post, Reply, html_reply

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EMPTY_PAGE = "<html><body><div id='app'></div></body></html>"
LOGIN = "<html><body><form><input name='u'><input type='password' name='p'></form></body></html>"
MakeSource = Callable[..., Source]
Visit = Callable[..., Run]


@pytest.fixture
def magazine(make_posts: Callable[[int], list[Post]]) -> Magazine:
    """Twelve posts, eight of them with a watched tag, in one feed a tag."""
    return Magazine(make_posts(12), closed=frozenset({"rest"}))


@pytest.fixture
def site(magazine: Magazine) -> Iterator[LoopbackSite]:
    with LoopbackSite(magazine) as running:
        yield running


def asked_for(site: LoopbackSite) -> list[str]:
    return [path for path in site.paths() if path.startswith("/story-")]


def add(magazine: Magazine, count: int, at: datetime, *, body: str | None = None) -> None:
    """Publish more, an hour apart; their pages may be answered with something else."""
    for n in range(count):
        slug = f"story-new-{at:%d%H}-{n}"
        post = msgspec.structs.replace(magazine.posts[0], slug=slug, title=slug, published=at + n * HOUR)
        magazine.posts.append(post)
        if body is not None:
            magazine.special[f"/{slug}/"] = lambda _: html_reply(body)


def one_feed(site: LoopbackSite, make_source: MakeSource, *further: str) -> Source:
    readers = [{"kind": "feed", "url": f"{site.url}feed/"}, *({"kind": kind} for kind in further)]
    return make_source(site.url, readers=readers)


# -- peace


def test_a_site_that_asks_for_peace_in_the_middle_is_asked_nothing_more_and_the_next_visit_goes_on(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, now: datetime
) -> None:
    count = 0

    def tired(asked: Asked) -> Reply:
        nonlocal count
        count += 1
        if count > 3:
            return Reply(status=429, headers={"Retry-After": "600"})
        return html_reply(magazine.page(next(post for post in magazine.posts if asked.path == f"/{post.slug}/")))

    for post in magazine.posts:
        magazine.special[f"/{post.slug}/"] = tired
    run = visit(make_source(site.url, "feed"))
    assert len(asked_for(site)) == 4
    assert (run.outcome, run.articles) == (SourceOutcome.OK, 3)
    assert run.set_aside == {SetAside.UNREACHABLE: 1, SetAside.NOT_REACHED: 4}
    assert run.not_before == now + timedelta(minutes=10)
    assert any("wants peace for 10 min" in words for words in run.warnings)
    magazine.special.clear()
    rest = visit(make_source(site.url, "feed"), at=now + HOUR)
    assert (rest.articles, rest.not_before) == (5, None)


def test_a_listing_that_is_answered_with_429_ends_the_visit_before_another_reader_asks(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, now: datetime
) -> None:
    magazine.special["/feed/"] = lambda _: Reply(status=429)
    run = visit(one_feed(site, make_source, "listing"))
    assert site.paths() == ["/feed/"]
    assert (run.outcome, run.wall) == (SourceOutcome.BLOCKED, Wall.TOO_MANY)
    assert run.not_before == now + timedelta(seconds=30)


def test_a_server_that_says_when_to_come_back_is_not_asked_again_at_once(
    magazine: Magazine,
    site: LoopbackSite,
    visit: Visit,
    make_source: MakeSource,
    collection: Collection,
    now: datetime,
) -> None:
    stubborn = collection.model_copy(update={"retries": 2})
    magazine.special["/feed/"] = lambda _: Reply(status=503, headers={"Retry-After": "Mon, 01 Jun 2026 15:00:00 GMT"})
    run = visit(one_feed(site, make_source), collection=stubborn)
    assert site.paths() == ["/feed/"]
    assert (run.outcome, run.not_before) == (SourceOutcome.UNREACHABLE, now + 3 * HOUR)
    site.asked.clear()
    magazine.special["/feed/"] = lambda _: Reply(status=503)
    run = visit(one_feed(site, make_source), collection=stubborn)
    assert site.paths() == ["/feed/"] * 3
    assert run.not_before is None


# -- moves


def test_a_listing_that_moved_inside_its_site_is_followed_and_told(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource
) -> None:
    plain = Magazine(magazine.posts)
    magazine.special["/feed/"] = lambda _: Reply(status=301, headers={"Location": "/rss/"})
    magazine.special["/rss/"] = lambda asked: plain(msgspec.structs.replace(asked, target="/feed/"))
    run = visit(one_feed(site, make_source))
    assert (run.outcome, run.reader) == (SourceOutcome.OK, "feed")
    assert any(f"{site.url}feed/ has moved for good to {site.url}rss/" in words for words in run.warnings)
    magazine.special["/feed/"] = lambda _: Reply(status=302, headers={"Location": "/rss/"})
    assert not any("moved" in words for words in visit(one_feed(site, make_source), trigger="request").warnings)


def test_a_listing_that_moved_to_where_nobody_answers_has_moved(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource
) -> None:
    target = "http://elsewhere.invalid/feed/"
    magazine.special["/feed/"] = lambda _: Reply(status=308, headers={"Location": target})
    run = visit(one_feed(site, make_source, "listing"))
    assert (run.outcome, run.moved_to) == (SourceOutcome.MOVED, target)
    assert target in (run.detail or "")
    assert run.articles == 0


def test_a_listing_that_others_deliver_for_a_while_is_read(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource
) -> None:
    with LoopbackSite(Magazine(magazine.posts)) as deputy:
        elsewhere = deputy.url.replace("127.0.0.1", "localhost")
        magazine.special["/feed/"] = lambda _: Reply(status=302, headers={"Location": f"{elsewhere}feed/"})
        run = visit(one_feed(site, make_source))
    assert run.outcome is not SourceOutcome.MOVED
    assert run.entries == 10, "its entries are on a host that is not the source's, and set aside"
    assert run.set_aside[SetAside.FORBIDDEN] == 10


def test_a_page_that_leads_to_another_site_is_not_taken_for_the_article(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, store: Store
) -> None:
    with LoopbackSite(Magazine(magazine.posts)) as other:
        target = other.url.replace("127.0.0.1", "localhost")
        magazine.special["/story-0/"] = lambda _: Reply(status=302, headers={"Location": f"{target}story-0/"})
        run = visit(make_source(site.url, "feed"))
    assert run.set_aside == {SetAside.FORBIDDEN: 1}
    assert run.articles == 7
    assert not any("localhost" in row.url for row in store.articles.rows())


# -- walls before pages


@pytest.mark.parametrize(
    ("reply", "wall"),
    [
        (html_reply(LOGIN), Wall.LOGIN),
        (Reply(status=302, headers={"Location": "/login/?next=x"}), Wall.LOGIN),
        (Reply(status=302, headers={"Location": "/subscribe/"}), Wall.PAYWALL),
        (Reply(status=402), Wall.PAYWALL),
        (Reply(status=403), Wall.REFUSED),
        (Reply(status=451), Wall.LEGAL),
        (msgspec.structs.replace(html_reply("<title>Just a moment...</title>"), status=503), Wall.CHALLENGE),
    ],
)
def test_walls_before_every_page_are_a_blocked_source_although_its_listing_is_open(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, reply: Reply, wall: Wall
) -> None:
    for post in magazine.posts:
        magazine.special[f"/{post.slug}/"] = lambda _: reply
    for path in ("/login/", "/subscribe/"):
        magazine.special[path] = lambda _: html_reply("<p>Who are you?</p>")
    run = visit(make_source(site.url, "feed"))
    assert (run.outcome, run.wall) == (SourceOutcome.BLOCKED, wall)
    assert run.set_aside == {SetAside.UNREACHABLE: 8}
    assert "no page came" in (run.detail or "")


def test_one_article_for_members_does_not_make_a_source_blocked_and_is_asked_for_a_day_later(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, now: datetime
) -> None:
    source = make_source(site.url, "feed")
    magazine.special["/story-0/"] = lambda _: Reply(status=403)
    assert visit(source).outcome is SourceOutcome.OK
    site.asked.clear()
    again = visit(source, at=now + HOUR, trigger="request")
    assert (again.outcome, asked_for(site)) == (SourceOutcome.NOTHING_NEW, [])
    later = visit(source, at=now + 2 * DAY)
    assert later.outcome is SourceOutcome.NOTHING_NEW
    assert "/story-0/" in asked_for(site)


# -- layouts


def test_new_pages_that_cannot_be_read_are_a_changed_layout_although_the_old_ones_are_known(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, now: datetime
) -> None:
    source = make_source(site.url, "feed")
    visit(source)
    add(magazine, 3, now + HOUR, body=EMPTY_PAGE)
    changed = visit(source, at=now + 6 * HOUR)
    assert changed.outcome is SourceOutcome.LAYOUT_CHANGED
    assert changed.set_aside[SetAside.KNOWN] > 0
    assert any("3 pages in a row" in words for words in changed.warnings)
    still = visit(source, at=now + 7 * HOUR, trigger="request")
    assert still.outcome is SourceOutcome.LAYOUT_CHANGED, "nothing was fetched, and nothing has been mended"
    magazine.special.clear()
    mended = visit(source, at=now + 2 * DAY)
    assert (mended.outcome, mended.articles) == (SourceOutcome.OK, 3)


def test_a_layout_that_changes_is_found_at_the_second_page_of_a_source_that_publishes_one_a_day(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, now: datetime
) -> None:
    source = make_source(site.url, "feed")
    visit(source)
    add(magazine, 1, now + HOUR, body=EMPTY_PAGE)
    assert visit(source, at=now + 6 * HOUR).outcome is SourceOutcome.NOTHING_NEW
    add(magazine, 1, now + DAY, body=EMPTY_PAGE)
    assert visit(source, at=now + DAY + 6 * HOUR).outcome is SourceOutcome.LAYOUT_CHANGED


def test_an_odd_page_among_good_ones_is_no_changed_layout(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, now: datetime
) -> None:
    source = make_source(site.url, "feed")
    visit(source)
    add(magazine, 2, now + HOUR, body=EMPTY_PAGE)
    add(magazine, 1, now + 5 * HOUR)
    run = visit(source, at=now + 9 * HOUR)
    assert (run.outcome, run.set_aside[SetAside.UNREADABLE]) == (SourceOutcome.OK, 2)


# -- what falls between


def test_a_gap_makes_another_reader_look(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, now: datetime
) -> None:
    def window(asked: Asked) -> Reply:
        shown = Magazine(sorted(magazine.posts, key=lambda post: post.published)[-5:])
        return shown(msgspec.structs.replace(asked, target="/feed/"))

    magazine.special["/feed/"] = window
    source = one_feed(site, make_source, "listing")
    first = visit(source)
    assert (first.reader, first.overlap) == ("feed", Overlap(listed=5, known=0, oldest=now - 5 * DAY))
    add(magazine, 12, now + HOUR)
    run = visit(source, at=now + 2 * DAY)
    assert any(words.startswith("gap: ") for words in run.warnings)
    assert run.articles >= 12, "the tag's pages show what the feed no longer does"
    assert (run.reader, run.fell_back_from) == ("feed", ())
    assert run.overlap is not None
    assert (run.overlap.listed, run.overlap.known) == (5, 0)


def test_a_second_reader_that_cannot_help_with_a_gap_is_told_and_is_no_fall_back(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource, now: datetime
) -> None:
    def window(asked: Asked) -> Reply:
        shown = Magazine(sorted(magazine.posts, key=lambda post: post.published)[-5:])
        return shown(msgspec.structs.replace(asked, target="/feed/"))

    magazine.special["/feed/"] = window
    magazine.closed = frozenset({"rest", "tags"})
    source = one_feed(site, make_source, "listing")
    visit(source)
    add(magazine, 12, now + HOUR)
    run = visit(source, at=now + 2 * DAY)
    assert (run.outcome, run.reader, run.fell_back_from) == (SourceOutcome.OK, "feed", ())
    assert any(
        words.startswith("what may have been missed was looked for in vain: listing: ") for words in run.warnings
    )


def test_what_a_listing_says_of_its_freshness_is_kept(
    magazine: Magazine, site: LoopbackSite, visit: Visit, make_source: MakeSource
) -> None:
    plain = Magazine(magazine.posts)

    def fresh(asked: Asked) -> Reply:
        reply = plain(asked)
        return msgspec.structs.replace(reply, headers={**reply.headers, "Cache-Control": "public, max-age=1800"})

    magazine.special["/feed/"] = fresh
    assert visit(one_feed(site, make_source)).fresh_s == 1_800
