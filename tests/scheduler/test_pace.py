from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cases.ledger import SourceOutcome
from scheduler.pace import JITTER, SLOWEST, failures_after, next_visit

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_healthy_source_is_visited_after_its_interval_give_or_take_a_fifth() -> None:
    assert next_visit(NOW, HOUR, 0.0, 0.5) == NOW + HOUR
    assert next_visit(NOW, HOUR, 0.0, 0.0) == NOW + 0.8 * HOUR
    assert next_visit(NOW, HOUR, 0.0, 1.0) == NOW + 1.2 * HOUR


def test_each_whole_failure_doubles_the_wait() -> None:
    assert next_visit(NOW, HOUR, 2.0, 0.5) == NOW + 4 * HOUR


def test_a_success_clears_the_failures_and_a_304_or_an_empty_list_keeps_them() -> None:
    assert failures_after(SourceOutcome.NOTHING_NEW, 3.0) == 0.0
    assert failures_after(SourceOutcome.NOT_MODIFIED, 3.0) == 3.0
    assert failures_after(SourceOutcome.EMPTY, 3.0) == 3.0
    assert failures_after(SourceOutcome.STOPPED, 3.0) == 3.0


def test_every_outcome_has_a_place_in_the_arithmetic() -> None:
    assert {failures_after(outcome, 1.0) for outcome in SourceOutcome} == {0.0, 1.0, 1.25, 1.5, 2.0}


@given(st.floats(0, 1e6), st.floats(0, 1), st.timedeltas(timedelta(seconds=1), timedelta(days=30)))
def test_no_source_is_ever_dropped(failures: float, chance: float, every: timedelta) -> None:
    wait = next_visit(NOW, every, failures, chance) - NOW
    assert timedelta(0) < wait <= max(every, SLOWEST) * (1 + JITTER) + timedelta(seconds=1)
