"""From two magazines and a reprint to the digest: one case, three tellings, two origins, and nothing announced twice."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from cases.corroboration import origin_of_each
from cases.disclosure import Policy
from cases.ledger import Run
from cases.register import Case
from cases.store import DigestRecord, Store, open_store
from crawler.options import Collection
from crawler.pool import ReadingPool
from crawler.run import crawl
from crawler.sources import source_of
from crawler.testing import LoopbackSite, Magazine, Post
from digests.digest import gather
from digests.rendering import render
from digests.spec import DigestSpec

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ORIGINAL = (
    (
        "On Tuesday evening police in Longtan district of Jilin city arrested a North Korean woman of 34 at her home, "
        "a neighbor said."
    ),
    (
        "The next day she was forcibly deported to North Korea across the bridge at Tumen. Her husband, a local carpenter, "
        "was told of it by an officer who would not write anything down."
    ),
    (
        "He had packed winter boots and her reading glasses, and stood with them at the gate of the border guard until it "
        "was locked for the night."
    ),
    "Their daughter is six. She has been told that her mother is at a spa, and has asked in what sea.",
)
LEAD = "Once more a family on the river has been taken apart overnight, and once more nobody will say by whose order."
INDEPENDENT = (
    (
        "A North Korean woman, 34, was arrested by police at her apartment in Longtan district, Jilin, on May 19, according to a "
        "pastor who knows the family."
    ),
    (
        "Church members who went to the station on May 20 learned that the woman had been forcibly deported to North Korea "
        "that morning by way of Tumen."
    ),
    "The pastor said a collection had been taken to pay for a lawyer, and that the money will now go to the child.",
)


def post(slug: str, title: str, paragraphs: tuple[str, ...], day: datetime) -> Post:
    return Post(slug=slug, title=title, paragraphs=paragraphs, tags=("North Korea",), published=day, author="Una Hale")


POSTS = {
    "gazette": post("taken", "Taken at home, gone by noon", ORIGINAL, NOW - timedelta(days=12)),
    "echo": post("overnight", "A mother vanishes overnight", (LEAD, *ORIGINAL), NOW - timedelta(days=2)),
    "courier": post("pastor", "Pastor tells of a return by way of Tumen", INDEPENDENT, NOW - timedelta(days=10)),
}
TITLES = {"gazette": "The River Gazette", "echo": "The Echo", "courier": "Harbour Courier"}


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    opened = ReadingPool(processes=1, timeout_s=30)
    yield opened
    asyncio.run(opened.close())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/watch.db") as opened:
        yield opened


@pytest.fixture
def sites() -> Iterator[dict[str, LoopbackSite]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(LoopbackSite(Magazine([posted]))) for name, posted in POSTS.items()}


def same(at: datetime) -> datetime:
    return at


def visit(name: str, sites: dict[str, LoopbackSite], store: Store, pool: ReadingPool, folder: Path) -> Run:
    table = {"title": TITLES[name], "home": sites[name].url, "date_order": "MDY", "readers": [{"kind": "wordpress"}]}
    return asyncio.run(
        crawl(
            source_of(table, name=name, origin="test"),
            store=store,
            pool=pool,
            captures=folder / "captures",
            collection=Collection(delay_s=0, timeout_s=5, retries=0, allow_private_addresses=True),
            watched_tags=("North Korea",),
            trigger="schedule",
            now=partial(same, NOW),
        )
    )


def digest_of(store: Store) -> str:
    spec = DigestSpec.model_validate({"name": "weekly", "schedule": "daily 08:00", "timezone": "UTC"})
    return render(gather(store, spec, now=NOW, policy=Policy())).text


def one_case(store: Store) -> Case:
    (case,) = store.cases.rows()
    return case


@pytest.mark.parametrize(
    "order", [("gazette", "echo", "courier"), ("echo", "gazette", "courier"), ("courier", "gazette", "echo")]
)
def test_a_reprint_under_a_new_headline_is_a_telling_and_no_confirmation(
    order: tuple[str, ...], sites: dict[str, LoopbackSite], store: Store, pool: ReadingPool, tmp_path: Path
) -> None:
    for name in order:
        assert visit(name, sites, store, pool, tmp_path).articles == 1
    case = one_case(store)
    told = dict(zip((telling.source for telling in case.tellings), origin_of_each(case.tellings), strict=True))
    assert told["gazette"] == told["echo"] != told["courier"]
    assert len(case.tellings) == 3
    rows = {row.source: row for row in store.articles.rows()}
    assert rows["gazette"].copy_of is None
    assert rows["courier"].copy_of is None
    copy = rows["echo"].copy_of
    assert copy is not None
    assert copy.url == rows["gazette"].url
    text = digest_of(store)
    assert "Told by 3 outlets, 2 independent origins" in text
    assert "prints the text of The River Gazette" in " ".join(text.split())
    assert "Told differently" not in text, "a reprint counts its days from another Tuesday, and disputes nothing"


def test_a_reprint_alone_is_listed_as_told_again_and_makes_no_digest_due(
    sites: dict[str, LoopbackSite], store: Store, pool: ReadingPool, tmp_path: Path
) -> None:
    visit("gazette", sites, store, pool, tmp_path)
    spec = DigestSpec.model_validate({"name": "weekly", "schedule": "daily 08:00", "timezone": "UTC"})
    first = gather(store, spec, now=NOW, policy=Policy())
    assert first.counted("new") == 1
    told = DigestRecord(
        name="weekly",
        period="2026-06-01",
        made_at=NOW,
        change_ids=first.change_ids,
        subject="One case",
        document=render(first).json,
    )
    store.outbox.record(told, ())
    visit("echo", sites, store, pool, tmp_path)
    second = gather(store, spec, now=NOW + timedelta(days=1), policy=Policy())
    assert (second.is_quiet, second.repeated) == (True, (one_case(store).number,))
    assert one_case(store).revision == 1
