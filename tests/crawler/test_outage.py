"""After a long outage: everything is read, nothing of long ago is announced, and nothing is lost."""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import pytest

from cases.ledger import Run, SourceOutcome
from cases.store import Store
from crawler.sources import Source
from crawler.testing import Asked, LoopbackSite, Magazine, Post, Reply

DAY = timedelta(days=1)
PLACES = ("Longtan", "Shuncheng", "Wafangdian", "Dunhua")


@pytest.fixture
def reports(make_posts: Callable[[int], list[Post]]) -> list[Post]:
    """Reports of forced returns: two published before the outage, one early in it, one at its end."""
    ages = (95, 92, 60, 3)
    template = make_posts(1)[0]
    return [
        msgspec.structs.replace(
            template,
            slug=f"report-{age}",
            title=f"Taken in {place}",
            paragraphs=(
                f"Police in {place} arrested a North Korean woman at her home, her husband told the magazine.",
                "A week later she was forcibly deported to North Korea.",
            ),
            published=template.published + DAY - age * DAY,
        )
        for age, place in zip(ages, PLACES, strict=True)
    ]


def down(_: Asked) -> Reply:
    return Reply(status=503)


def announced(store: Store) -> dict[str, bool]:
    """The cases by the titles of their articles: is each announced as new?"""
    return {
        change.case.tellings[0].title: change.case.announce
        for change in store.outbox.pending("weekly")
        if change.case.tellings
    }


def test_what_was_published_in_a_long_outage_is_read_and_only_what_is_recent_is_announced(
    reports: list[Post],
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    store: Store,
    now: datetime,
) -> None:
    magazine = Magazine(reports[:2])
    with LoopbackSite(magazine) as site:
        source = make_source(site.url)
        first = visit(source, at=now - 90 * DAY)
        assert (first.outcome, first.reports) == (SourceOutcome.OK, 2)
        site.application = down
        for age in (80, 50, 20, 1):
            assert visit(source, at=now - age * DAY).outcome is SourceOutcome.UNREACHABLE
        magazine.posts = reports
        site.application = magazine
        back = visit(source, at=now)
    assert (back.outcome, back.articles, back.reports) == (SourceOutcome.OK, 2, 2)
    told = announced(store)
    assert told["Taken in Wafangdian"] is False, "sixty days ago: listed as older, not announced"
    assert told["Taken in Dunhua"] is True, "three days ago: as new to the reader as to us"


def test_the_first_visit_announces_only_what_was_published_lately(
    reports: list[Post], visit: Callable[..., Run], make_source: Callable[..., Source], store: Store
) -> None:
    with LoopbackSite(Magazine(reports)) as site:
        assert visit(make_source(site.url)).reports == 4
    assert sorted(title for title, told in announced(store).items() if told) == ["Taken in Dunhua"]
