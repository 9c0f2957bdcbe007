"""What the store keeps of captures: digests of files, what rests on a capture, and pages that nobody could read."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
import pytest

from cases.linking import link_all
from cases.model import Article, Capture, Judgement, Label, Report, Verdict
from cases.register import Decision
from cases.store import CaptureFile, Quarantined, RecordDigest, RobotsCopy, Store

Page = Callable[..., Article]


def digest(words: str) -> str:
    return sha256(words.encode()).hexdigest()


@pytest.fixture
def make_file(now: datetime) -> Callable[..., CaptureFile]:
    def make(name: str, records: int = 3, days: int = 0) -> CaptureFile:
        digests = tuple(
            RecordDigest(length=100 + number, sha256=digest(f"{name}{number}")) for number in range(records)
        )
        return CaptureFile(
            name=name,
            bytes=sum(one.length for one in digests),
            sha256=digest(name),
            digests=digests,
            closed_at=now + timedelta(days=days),
        )

    return make


def keep(store: Store, article: Article, capture: Capture, now: datetime, *reports: Report) -> None:
    label = Label.CASE_REPORT if reports else Label.UNRELATED
    judgement = Judgement(verdict=Verdict(label=label, report=bool(reports), score=0.9), lang="en", reports=reports)
    effects = link_all(reports, article, [], source_title="North")
    store.articles.keep(article, capture, Decision(judgement=judgement, effects=effects), now=now)


def test_a_file_comes_back_with_the_digest_of_every_record(store: Store, make_file: Callable[..., CaptureFile]) -> None:
    files = [make_file("north/a.warc.gz"), make_file("north/b.warc.gz", 0), make_file("south/a.warc.gz", 700)]
    for file in reversed(files):
        store.evidence.register(file)
    assert list(store.evidence.files()) == files
    assert list(store.evidence.files(group="south")) == files[2:]
    assert store.evidence.registered(["north/a.warc.gz", "north/c.warc.gz"]) == {"north/a.warc.gz"}
    assert store.evidence.with_content(digest("south/a.warc.gz")) == ["south/a.warc.gz"]


def test_what_was_registered_first_stays(store: Store, make_file: Callable[..., CaptureFile]) -> None:
    first = make_file("north/a.warc.gz")
    store.evidence.register(first)
    store.evidence.register(msgspec.structs.replace(first, sha256=digest("another")))
    assert list(store.evidence.files()) == [first]


def test_a_folder_is_no_pattern(store: Store, make_file: Callable[..., CaptureFile]) -> None:
    store.evidence.register(make_file("north/a.warc.gz"))
    assert list(store.evidence.files(group="n_rth")) == []
    assert list(store.evidence.files(group="nor")) == []


def test_files_are_given_in_pieces_and_since_a_time(
    store: Store, make_file: Callable[..., CaptureFile], now: datetime
) -> None:
    for number in range(1_003):
        store.evidence.register(make_file(f"north/{number:04}.warc.gz", 1, days=number))
    assert len(list(store.evidence.files())) == 1_003
    assert len(list(store.evidence.files(since=now + timedelta(days=1_000)))) == 3


def test_every_capture_that_something_rests_on_is_given(
    store: Store, page: Page, capture: Capture, woman: Callable[..., Report], now: datetime
) -> None:
    keep(store, page("north"), capture, now, woman())
    keep(store, page("north", text="Taken back."), capture, now + timedelta(days=1))
    keep(store, page("south"), msgspec.structs.replace(capture, url="https://south.example/story"), now)
    store.quarantine.put(
        Quarantined(
            url="https://north.example/x", source="north", reason="why", capture=capture, listed="", kept_at=now
        )
    )
    store.robots.keep(
        RobotsCopy(site="https://north.example", fetched_at=now, status=200, body=b"User-agent: *", capture=capture)
    )
    everything = list(store.evidence.captures())
    assert [one.rests for one in everything] == [
        "version 1 of https://north.example/story",
        "version 2 of https://north.example/story",
        "version 1 of https://south.example/story",
        "https://north.example/x in quarantine",
        "robots.txt of https://north.example",
    ]
    assert {one.capture.record for one in everything} == {capture.record}
    assert len(list(store.evidence.captures(source="north"))) == 3
    assert [one.rests for one in store.evidence.captures(since=now + timedelta(hours=1))] == [everything[1].rests]
    (number,) = store.evidence.cases_told_by("https://north.example/story")
    assert number.endswith("-0001")
    assert store.evidence.cases_told_by("https://south.example/story") == ()


def test_a_newer_failure_takes_the_place_of_the_older_one(store: Store, capture: Capture, now: datetime) -> None:
    first = Quarantined(
        url="https://north.example/x", source="north", reason="no text", capture=capture, listed="{}", kept_at=now
    )
    newer = msgspec.structs.replace(first, reason="too slow\x00", kept_at=now + timedelta(days=1))
    other = msgspec.structs.replace(first, url="https://south.example/y", source="south")
    for one in (first, newer, other):
        store.quarantine.put(one)
    assert [(one.url, one.reason) for one in store.quarantine.rows()] == [
        (other.url, "no text"),
        (first.url, "too slow\ufffd"),
    ]
    assert store.quarantine.addresses("north") == {first.url}
    assert [one.url for one in store.quarantine.rows([other.url, "https://north.example/none"])] == [other.url]
    store.quarantine.release(first.url)
    store.quarantine.release(first.url)
    assert [one.url for one in store.quarantine.rows()] == [other.url]


def test_the_day_when_a_page_was_first_found_gone_stays_until_it_is_back(
    store: Store, page: Page, capture: Capture, now: datetime
) -> None:
    keep(store, page("north"), capture, now)

    def vanished_at() -> datetime | None:
        found = store.articles.get("https://north.example/story")
        assert found is not None
        return found.row.vanished_at

    for day in (1, 2):
        store.articles.note_absence("https://north.example/story", since=now + timedelta(days=day))
    assert vanished_at() == now + timedelta(days=1)
    store.articles.note_absence("https://north.example/story", since=None)
    assert vanished_at() is None
    store.articles.note_absence("https://north.example/story", since=now)
    keep(store, page("north"), capture, now + timedelta(days=3))
    assert vanished_at() is None
    store.articles.note_absence("https://north.example/never", since=now)
