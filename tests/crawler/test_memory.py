"""What one visit leaves for the next."""

from datetime import datetime, timedelta

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
    store.runs.remember(f"{URL}#seen", Validators(etag="{"))
    assert memory.seen(URL) is None


def test_a_page_that_failed_is_due_after_a_day_whatever_its_age(now: datetime) -> None:
    seen = Seen(fate="unreadable", stamp="feed:1", at=now, identity=URL)
    assert not reread_due(seen, now - timedelta(days=400), now + timedelta(hours=23))
    assert reread_due(seen, now - timedelta(days=400), now + timedelta(hours=24))
