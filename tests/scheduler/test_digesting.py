import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from cases.store import DigestRecord, OutMessage
from digests.schedule import parse_schedule
from scheduler.assembly import Watch
from scheduler.digesting import all_channels, is_turn, preview, send_due, send_now

STARTED = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
BEFORE_THE_TURN = datetime(2026, 11, 21, 6, 59, tzinfo=UTC)
AFTER_THE_TURN = datetime(2026, 11, 21, 7, 1, tzinfo=UTC)


def told_yesterday(watch: Watch) -> None:
    """Record that the digest had its turn on the day before."""
    before = DigestRecord(name="demo", period="2026-11-20", made_at=STARTED - timedelta(days=1), subject="x")
    watch.store.outbox.record(before, [])


def test_a_digest_has_its_turn_once_its_hour_has_come(watch: Watch) -> None:
    spec = watch.settings.digest_named("demo")
    assert not is_turn(spec, watch.store, now=BEFORE_THE_TURN, watched_since=STARTED)
    assert is_turn(spec, watch.store, now=AFTER_THE_TURN, watched_since=STARTED)


def test_a_turn_that_was_taken_is_not_taken_again_even_by_another_process(watch: Watch) -> None:
    spec = watch.settings.digest_named("demo")
    first = send_due(watch, all_channels(watch.settings), now=AFTER_THE_TURN, watched_since=STARTED)
    again = send_due(watch, all_channels(watch.settings), now=AFTER_THE_TURN, watched_since=STARTED)
    assert list(first) == ["demo"]
    assert again == {}
    assert not is_turn(spec, watch.store, now=AFTER_THE_TURN + timedelta(hours=20), watched_since=STARTED)


def test_a_turn_that_passed_while_nothing_ran_is_caught_up_with(watch: Watch) -> None:
    told_yesterday(watch)
    spec = watch.settings.digest_named("demo")
    late = AFTER_THE_TURN + timedelta(hours=5)
    assert is_turn(spec, watch.store, now=late, watched_since=late)


@pytest.mark.parametrize("minute", [0, 4, 5, 30, 59])
def test_a_turn_at_any_minute_that_is_woken_up_for_late_is_taken_once(watch: Watch, minute: int) -> None:
    told_yesterday(watch)
    spec = watch.settings.digest_named("demo").model_copy(update={"schedule": parse_schedule(f"daily 06:{minute:02}")})
    late = dataclasses.replace(watch, settings=watch.settings.model_copy(update={"digests": (spec,)}))
    channels, at = all_channels(late.settings), STARTED + timedelta(minutes=minute)
    before = send_due(late, channels, now=at - timedelta(seconds=1), watched_since=STARTED)
    assert [period for sending in before.values() for period in sending.subject] == []
    woken = [
        send_due(late, channels, now=at + timedelta(minutes=after), watched_since=STARTED) for after in (47, 48, 90)
    ]
    assert [list(one) for one in woken] == [["demo"], [], []]


def test_a_new_watch_has_nothing_to_catch_up_with(watch: Watch) -> None:
    spec = watch.settings.digest_named("demo")
    late = AFTER_THE_TURN + timedelta(hours=5)
    assert not is_turn(spec, watch.store, now=late, watched_since=late)


def test_with_nothing_to_tell_a_person_who_asks_gets_nothing_sent(watch: Watch, config: Path) -> None:
    sending = send_now(watch, watch.settings.digest_named("demo"), AFTER_THE_TURN)
    assert sending.state == "nothing_new"
    assert not (config.parent / "digest.html").exists()


def test_a_person_who_asks_for_one_digest_sends_what_another_owes_too(
    watch: Watch, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = watch.settings.digest_named("demo")
    other = spec.model_copy(update={"name": "other", "channels": ("stdout",)})
    both = dataclasses.replace(watch, settings=watch.settings.model_copy(update={"digests": (spec, other)}))
    owed = OutMessage(channel="stdout", recipient="", payload=b"what the other digest says")
    record = DigestRecord(name="other", period="2026-11-20", made_at=STARTED, subject="x")
    digest_id = watch.store.outbox.record(record, [owed])
    send_now(both, spec, AFTER_THE_TURN)
    assert "what the other digest says" in capsys.readouterr().out
    assert [one.state for one in watch.store.deliveries.of(digest_id)] == ["sent"]


def test_a_preview_marks_nothing_as_told(watch: Watch) -> None:
    spec = watch.settings.digest_named("demo")
    assert msgspec.structs.asdict(preview(watch, spec, STARTED)) == msgspec.structs.asdict(
        preview(watch, spec, STARTED)
    )
    assert watch.store.outbox.past("demo") == []
