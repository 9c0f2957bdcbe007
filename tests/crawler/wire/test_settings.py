"""Scrapy's settings: the ones whose defaults would harm."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from cases.ledger import Run
from crawler.options import Collection
from crawler.sources import Source
from crawler.testing import LoopbackSite, Magazine, Post
from crawler.wire.settings import scrapy_settings, user_agent


def test_nothing_opens_a_port_or_reads_a_file() -> None:
    settings = scrapy_settings(Collection())
    assert settings["REMOTE_CONTROL_ENABLED"] is False
    assert settings["TELNETCONSOLE_ENABLED"] is False
    assert settings["HTTPPROXY_ENABLED"] is False
    assert {name for name, door in settings["DOWNLOAD_HANDLERS"].items() if door} == {"http", "https"}


def test_sites_are_visited_slowly_by_default() -> None:
    settings = scrapy_settings(Collection())
    assert settings["ROBOTSTXT_OBEY"] is True
    assert settings["DOWNLOAD_DELAY"] == 5
    assert settings["CONCURRENT_REQUESTS_PER_DOMAIN"] == 1
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    assert 429 not in settings["RETRY_HTTP_CODES"]


def test_the_user_agent_names_the_operator_and_cannot_hold_a_line_break() -> None:
    assert "contact: desk@example.org" in user_agent(Collection(contact="desk@example.org"))
    assert "contact" not in user_agent(Collection())
    with pytest.raises(ValidationError):
        Collection(contact="desk@example.org\r\nX-Other: 1")


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(ValidationError, match="delay"):
        Collection.model_validate({"delay": 5})


def test_the_crawl_delay_of_robots_txt_is_kept(
    visit: Callable[..., Run], make_source: Callable[..., Source], make_posts: Callable[[int], list[Post]]
) -> None:
    magazine = Magazine(make_posts(3), robots="User-agent: *\nCrawl-delay: 0.3\n")
    moments: list[float] = []

    def timed(_: object) -> None:
        import time

        moments.append(time.monotonic())

    with LoopbackSite(magazine) as site:
        visit(make_source(site.url), on_progress=timed)
        pauses = len(site.asked) - 1
    assert pauses >= 4
    assert moments[-1] - moments[0] >= 0.3 * 2, "two pages follow the listing, a crawl-delay apart"


def test_a_crawl_says_nothing_in_the_log_of_how_scrapy_is_put_together(
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    make_posts: Callable[[int], list[Post]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with LoopbackSite(Magazine(make_posts(2))) as site:
        visit(make_source(site.url))
    assert [record.getMessage() for record in caplog.records if record.name.startswith("scrapy")] == []
