"""Manners, as the visited site sees them: who asks, how often, and what is told of us. Through both doors."""

import gzip
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from cases.ledger import SetAside, SourceOutcome
from cases.store import RobotsCopy
from crawler.misbehaving import MisbehavingSite
from crawler.testing import Asked, Magazine, Post, Reply
from crawler.wire.robots import pause_asked

HOST = "magazine.example"
PUBLIC = "127.0.0.5"


@pytest.fixture
def magazine(make_posts: Callable[[int], list[Post]]) -> Magazine:
    return Magazine(make_posts(6))


@pytest.fixture
def site(magazine: Magazine) -> Iterator[MisbehavingSite]:
    with MisbehavingSite(magazine, address=PUBLIC) as serving:
        yield serving


def test_every_request_says_who_asks_and_nothing_of_where_it_was(
    magazine: Magazine, site: MisbehavingSite, look: Callable[..., Any]
) -> None:
    page = magazine.page(magazine.posts[0]).encode()
    cookies = {"Set-Cookie": "id=1; Path=/", "Content-Type": "text/html"}
    magazine.special["/story-0/"] = lambda _: Reply(body=page, headers=cookies)
    magazine.special["/story-1/"] = lambda _: Reply(status=302, headers={"Location": "/story-0/", "Set-Cookie": "id=2"})
    look(site.url(HOST), collection={"contact": "desk@watch.example"})
    assert len(site.asked) >= 6
    for asked in site.asked:
        assert asked.headers["user-agent"].startswith("Returnwatch/")
        assert "desk@watch.example" in asked.headers["user-agent"]
        assert "Mozilla" not in asked.headers["user-agent"]
        assert {"cookie", "referer", "authorization", "from", "x-forwarded-for"}.isdisjoint(asked.headers)
        assert "gzip" in asked.headers["accept-encoding"]


def test_one_request_is_under_way_at_a_time(site: MisbehavingSite, look: Callable[..., Any]) -> None:
    plain, leisurely = site.application, Event()

    def slow(asked: Asked) -> Reply:
        leisurely.wait(0.05)  # long enough for a second request to come beside the first
        return plain(asked)

    site.application = slow
    found = look(site.url(HOST))
    assert found.run.articles == 4
    assert site.busiest == 1


def test_packed_answers_are_used(magazine: Magazine, site: MisbehavingSite, look: Callable[..., Any]) -> None:
    plain = site.application

    def packed(asked: Asked) -> Reply:
        reply = plain(asked)
        return Reply(
            status=reply.status,
            body=gzip.compress(reply.body),
            headers={**reply.headers, "Content-Encoding": "gzip"},
        )

    site.application = packed
    assert look(site.url(HOST)).run.articles == 4


def test_what_is_asked_conditionally_is_what_the_server_gave_of_that_very_address(
    magazine: Magazine, site: MisbehavingSite, look: Callable[..., Any], tmp_path: Path, now: datetime
) -> None:
    plain = site.application

    def stated(asked: Asked) -> Reply:
        reply = plain(asked)
        return Reply(status=reply.status, body=reply.body, headers={**reply.headers, "ETag": f'"{asked.path}"'})

    site.application = stated
    look(site.url(HOST), folder=tmp_path)
    assert all("if-none-match" not in asked.headers for asked in site.asked)
    site.asked.clear()
    look(site.url(HOST), folder=tmp_path, at=now + timedelta(hours=2))
    conditional = [asked for asked in site.asked if "if-none-match" in asked.headers]
    assert conditional
    assert all(asked.headers["if-none-match"] == f'"{asked.path}"' for asked in conditional)
    magazine.special["/tag/north-korea/feed/"] = lambda _: Reply(status=302, headers={"Location": "/elsewhere/feed/"})
    site.application = plain
    site.asked.clear()
    look(site.url(HOST), folder=tmp_path, at=now + timedelta(hours=4))
    elsewhere = [asked for asked in site.asked if asked.path == "/elsewhere/feed/"]
    assert elsewhere
    assert all("if-none-match" not in asked.headers for asked in elsewhere)


@pytest.mark.parametrize(
    ("stated", "asked_s"),
    [("7", 7), ("1e9", 120), ("-5", 0), ("nan", 0), ("inf", 0), ("soon", 0), ("0", 0), ("9" * 400, 0), ("1_0", 10)],
)
def test_a_crawl_delay_is_kept_within_reason(stated: str, asked_s: float, now: datetime) -> None:
    body = f"\ufeffUser-agent: *\nCrawl-delay: {stated}\n".encode()
    copy = RobotsCopy(site="http://m.example", fetched_at=now, status=200, body=body, capture=None)
    assert pause_asked(copy, "Returnwatch/1") == asked_s


ROBOTS: dict[str, Reply] = {
    "ten megabytes": Reply(body=b"User-agent: *\nDisallow: /no/\n" + b"# filler\n" * 200_000),
    "rules by the hundred thousand": Reply(body=b"User-agent: *\n" + b"Disallow: /x*y*z$\n" * 100_000),
    "HTML": Reply(body=b"<html><body>Not found</body></html>", headers={"Content-Type": "text/html"}),
    "other than UTF-8": Reply(body="User-agent: *\nDisallow: /caf\xe9/\n".encode("latin-1")),
    "a mark of byte order": Reply(body=b"\xef\xbb\xbfUser-agent: *\nDisallow: /no/\n"),
    "UTF-16": Reply(body="User-agent: *\nDisallow: /no/\n".encode("utf-16")),
    "NUL": Reply(body=bytes(1_000)),
    "nothing": Reply(),
    "many stars": Reply(body=b"User-agent: *\nDisallow: /" + b"*a" * 5_000 + b"b\n"),
}


@pytest.mark.parametrize("name", ROBOTS)
def test_a_strange_robots_txt_neither_holds_nor_forbids_the_rest(
    name: str, magazine: Magazine, site: MisbehavingSite, look: Callable[..., Any]
) -> None:
    magazine.special["/robots.txt"] = lambda _: ROBOTS[name]
    assert look(site.url(HOST), collection={"max_bytes": 11_000_000}).run.articles == 4


@pytest.mark.parametrize("status", [302, 429, 500, 503])
def test_rules_that_cannot_be_read_leave_the_site_alone(
    status: int, magazine: Magazine, site: MisbehavingSite, look: Callable[..., Any]
) -> None:
    magazine.special["/robots.txt"] = lambda _: Reply(status=status, headers={"Location": "/robots.txt"})
    found = look(site.url(HOST))
    assert site.paths() == []
    assert found.run.outcome in {SourceOutcome.UNREACHABLE, SourceOutcome.BLOCKED, SourceOutcome.PARSE_FAILED}


def test_an_answer_of_slow_rules_is_not_waited_for(site: MisbehavingSite, look: Callable[..., Any]) -> None:
    site.scripts["/robots.txt"] = lambda wire: wire.for_ever(b"H", 0.2)
    found = look(site.url(HOST), collection={"timeout_s": 1})
    assert site.paths() == []
    assert found.run.outcome is SourceOutcome.UNREACHABLE


def test_what_robots_txt_forbids_is_not_fetched(
    make_posts: Callable[[int], list[Post]], look: Callable[..., Any]
) -> None:
    magazine = Magazine(make_posts(6), robots="User-agent: *\nDisallow: /story-0/\n")
    with MisbehavingSite(magazine, address=PUBLIC) as site:
        found = look(site.url(HOST))
    assert "/story-0/" not in site.paths()
    assert found.run.set_aside == {SetAside.FORBIDDEN: 1}


def test_a_proxy_of_the_environment_is_told_nothing(
    magazine: Magazine,
    visitor: Any,  # noqa: ANN401 - its class stands in conftest.py, which nobody imports
    look: Callable[..., Any],
) -> None:
    with MisbehavingSite(lambda _: Reply(body=b"proxy")) as proxy, MisbehavingSite(magazine, address=PUBLIC) as site:
        there = proxy.url("127.0.0.1")
        visitor.close()
        names = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        visitor.environment = dict.fromkeys(names, there)
        try:
            found = look(site.url(HOST))
        finally:
            visitor.environment = {}
            visitor.close()
    assert proxy.connections == 0
    assert found.run.articles == 4
