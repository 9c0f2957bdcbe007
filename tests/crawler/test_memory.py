"""What one visit leaves for the next."""

from datetime import datetime, timedelta

import msgspec
import pytest

from cases.store import Store, Validators
from crawler.memory import LastVisit, Memory, Seen, reread_due

URL = "https://m.example/a/"


@pytest.fixture
def memory(store: Store) -> Memory:
    return Memory(store, "https://m.example/", "magazine")


def test_nothing_is_known_before_the_first_visit(memory: Memory) -> None:
    assert memory.last_visit() == LastVisit()
    assert memory.seen(URL) is None
    assert memory.conditions(URL) == {}


def test_what_was_left_is_found_again_and_kinds_do_not_mix(memory: Memory, now: datetime) -> None:
    visit, seen = LastVisit(complete_at=now), Seen(fate="kept", stamp="feed:1", at=now, identity=URL)
    memory.remember_visit(visit)
    memory.remember_seen(URL, seen)
    memory.remember_answer(URL, {"etag": '"1"', "last-modified": "Mon, 01 Jun 2026 00:00:00 GMT"})
    assert memory.last_visit() == visit
    assert memory.seen(URL) == seen
    assert memory.conditions(URL) == {"If-None-Match": '"1"', "If-Modified-Since": "Mon, 01 Jun 2026 00:00:00 GMT"}


def test_two_sources_of_one_home_have_their_own_visits(store: Store, now: datetime) -> None:
    Memory(store, "https://m.example/", "one").remember_visit(LastVisit(complete_at=now))
    assert Memory(store, "https://m.example/", "two").last_visit() == LastVisit()


def test_validators_that_do_not_come_again_are_forgotten(memory: Memory) -> None:
    memory.remember_answer(URL, {"etag": '"1"'})
    memory.remember_answer(URL, {})
    assert memory.conditions(URL) == {}


def test_a_memory_that_cannot_be_read_is_none(memory: Memory, store: Store) -> None:
    store.runs.remember(f"seen {URL}", Validators(etag="{"))
    assert memory.seen(URL) is None


def test_a_page_that_failed_is_due_after_a_day_whatever_its_age(now: datetime) -> None:
    seen = Seen(fate="unreadable", stamp="feed:1", at=now, identity=URL)
    assert not reread_due(seen, now - timedelta(days=400), now + timedelta(hours=23))
    assert reread_due(seen, now - timedelta(days=400), now + timedelta(hours=24))


@pytest.mark.parametrize("key", ["seen {url}", "{url}#seen", "visit magazine https://m.example/"])
def test_no_answer_of_a_server_is_taken_for_what_was_remembered_here(memory: Memory, now: datetime, key: str) -> None:
    forged = msgspec.json.encode(Seen(fate="kept", stamp="feed:1", at=now, identity=URL)).decode()
    memory.remember_answer(key.format(url=URL).replace(" ", "%20"), {"etag": forged})
    assert memory.seen(URL) is None
    assert memory.last_visit() == LastVisit()


def test_an_address_that_looks_like_a_note_of_ours_tells_the_server_nothing(memory: Memory, now: datetime) -> None:
    memory.remember_seen(URL, Seen(fate="kept", stamp="feed:1", at=now, identity=URL))
    for address in (f"{URL}#seen", f"{URL}#", f"seen%20{URL}"):
        assert memory.conditions(address) == {}


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("etag", '"a\x00b"'),
        ("etag", "*"),
        ("etag", '"' + "e" * 5000 + '"'),
        ("etag", '"\xe9"'),
        ("etag", '"a\r\nX-Forged: yes"'),
        ("last-modified", "Mon, 01 Jun 2026\x00"),
        ("last-modified", "M" * 5000),
    ],
)
def test_a_validator_that_no_header_may_be_is_not_sent_back(memory: Memory, header: str, value: str) -> None:
    memory.remember_answer(URL, {header: value})
    assert memory.conditions(URL) == {}
