"""Trying a source of the catalogue: each way in, a page, and what a person should do."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from cases.ledger import SourceOutcome
from crawler.discovery.checkup import Checkup, checked
from crawler.discovery.errand import Fetch
from crawler.options import Collection
from crawler.run import run_errand
from crawler.sources import Source
from crawler.testing import Asked, LoopbackSite, Magazine, Post, Reply, html_reply

Checking = Callable[[Source], Checkup]


@pytest.fixture
def check(collection: Collection) -> Checking:
    """A checkup of a source under the usual tags."""

    def run(source: Source) -> Checkup:
        async def errand(fetch: Fetch) -> Checkup:
            return await checked(source, watched=("North Korea", "Human Rights"), fetch=fetch)

        return asyncio.run(run_errand(errand, collection=collection, now=lambda: datetime.now(UTC)))

    return run


@pytest.fixture
def magazine(make_posts: Callable[[int], list[Post]]) -> Magazine:
    return Magazine(make_posts(30))


def test_a_good_source_is_sound_and_may_be_called_verified(
    magazine: Magazine, check: Checking, make_source: Callable[..., Source]
) -> None:
    with LoopbackSite(magazine) as site:
        found = check(make_source(site.url, canary=f"{site.url}story-0/"))
    assert found.is_sound
    assert [one.serves for one in found.findings] == [True, True, True]
    assert found.serving is found.findings[0]
    assert found.page is not None
    assert found.page.article is not None
    assert found.canary is not None
    assert found.advice == ("it reads well: write verified = true into its file",)


def test_a_source_that_falls_back_is_told_to_put_first_what_serves(
    magazine: Magazine, check: Checking, make_source: Callable[..., Source]
) -> None:
    magazine.closed = frozenset({"rest"})
    with LoopbackSite(magazine) as site:
        found = check(make_source(site.url, "wordpress", "feed", verified=True))
    assert found.is_sound
    assert found.findings[0].trouble is not None
    assert found.findings[0].trouble.outcome is SourceOutcome.GONE
    assert any("falls back to feed" in words for words in found.advice)


def test_a_dead_feed_is_told_with_the_feed_that_the_page_names_now(
    magazine: Magazine, check: Checking, make_source: Callable[..., Source]
) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    magazine.special["/"] = lambda _: html_reply(f"<html><head>{link}</head><body/></html>")
    with LoopbackSite(magazine) as site:
        found = check(make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}old.xml"}]))
        named = f"{site.url}feed/"
    assert not found.is_sound
    assert found.named_now == (named,)
    assert found.advice == (f'its page names another feed: write url = "{named}" into its file',)


@pytest.mark.parametrize(
    ("reply", "outcome", "words"),
    [
        (Reply(status=404), SourceOutcome.GONE, "no address of its file leads to a listing any more"),
        (html_reply("<p>Sorry.</p>"), SourceOutcome.PARSE_FAILED, "no address of its file leads to a listing any more"),
        (Reply(status=403), SourceOutcome.BLOCKED, "keeps programs out"),
        (Reply(status=500), SourceOutcome.UNREACHABLE, "does not answer"),
        (Reply(body=b"<rss version='2.0'><channel><title>M</title></channel></rss>"), None, "lists nothing"),
    ],
)
def test_each_kind_of_failure_has_advice_of_its_own(
    check: Checking,
    make_source: Callable[..., Source],
    reply: Reply,
    outcome: SourceOutcome | None,
    words: str,
) -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(status=404) if asked.path == "/robots.txt" else reply

    with LoopbackSite(answer) as site:
        found = check(make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}feed/"}]))
    assert not found.is_sound
    assert found.page is None
    (finding,) = found.findings
    assert (finding.trouble.outcome if finding.trouble else None) == outcome
    assert finding.why
    assert len(found.advice) == 1
    assert words in found.advice[0]


def test_a_site_that_forbids_the_visit_is_told_so(check: Checking, make_source: Callable[..., Source]) -> None:
    with LoopbackSite(lambda _: Reply(body=b"User-agent: *\nDisallow: /\n")) as site:
        found = check(make_source(site.url, "feed"))
    assert "robots.txt forbids" in found.advice[0]


def test_tags_that_nobody_watches_are_shown(
    magazine: Magazine, check: Checking, make_source: Callable[..., Source]
) -> None:
    magazine.posts = [post for post in magazine.posts if "Religion" in post.tags]
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}feed/"}])
        found = check(source)
        spelled = check(source.model_copy(update={"tag_spellings": {"Human Rights": ("religion",)}}))
    assert found.findings[0].watched == 0
    assert any("carries a watched tag (they carry Religion)" in words for words in found.advice)
    assert spelled.findings[0].watched == 10
    assert not any("watched tag" in words for words in spelled.advice)


def test_a_canary_that_can_no_longer_be_read_spoils_the_source(
    magazine: Magazine, check: Checking, make_source: Callable[..., Source]
) -> None:
    magazine.special["/old/"] = lambda _: html_reply("<html><body></body></html>")
    with LoopbackSite(magazine) as site:
        found = check(make_source(site.url, canary=f"{site.url}old/"))
    assert not found.is_sound
    assert any(f"{site.url}old/ could not be read" in words for words in found.advice)


def test_a_date_that_cannot_be_told_is_shown_as_it_is_printed(
    magazine: Magazine, check: Checking, make_source: Callable[..., Source]
) -> None:
    with LoopbackSite(magazine) as site:
        source = make_source(site.url, "listing", canary=f"{site.url}story-10/")
        found = check(source.model_copy(update={"date_order": None}))
    printed = found.canary.article.published_raw if found.canary and found.canary.article else None
    assert printed == "05/12/2026"
    assert any("'05/12/2026': set date_order" in words for words in found.advice)


def test_articles_on_foreign_hosts_are_not_visited_and_that_is_said(
    check: Checking, make_source: Callable[..., Source]
) -> None:
    item = "<item><title>x</title><link>http://localhost/x</link></item>"
    body = f"<rss version='2.0'><channel><title>M</title>{item}</channel></rss>".encode()
    with LoopbackSite(lambda asked: Reply(body=b"" if asked.path == "/robots.txt" else body)) as site:
        found = check(make_source(site.url, readers=[{"kind": "feed", "url": f"{site.url}feed/"}], tags=[]))
    assert not found.is_sound
    assert "name them under hosts" in found.advice[0]


def test_a_feed_that_leads_to_another_site_has_moved(check: Checking, make_source: Callable[..., Source]) -> None:
    with LoopbackSite(lambda _: Reply(body=b"<rss version='2.0'><channel/></rss>")) as there:
        elsewhere = there.url.replace("127.0.0.1", "localhost")

        def answer(asked: Asked) -> Reply:
            return Reply(status=404 if asked.path == "/robots.txt" else 301, headers={"Location": elsewhere})

        with LoopbackSite(answer) as site:
            found = check(make_source(site.url, "feed"))
    (finding,) = found.findings
    assert finding.trouble is not None
    assert finding.trouble.outcome is SourceOutcome.MOVED
    assert elsewhere in (finding.why or "")
    assert "under hosts" in found.advice[0]
