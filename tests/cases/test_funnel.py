"""The funnel: every entry and every article in its place, by source and day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cases.funnel import funnel
from cases.ledger import Judged, Run, SetAside, SourceOutcome

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def visit(source: str = "a", at: datetime = NOON, **told: Any) -> Run:  # noqa: ANN401 - any field of the run
    return Run(source=source, trigger="schedule", outcome=SourceOutcome.OK, started_at=at, finished_at=at, **told)


def test_visits_of_one_day_are_one_row_and_the_newest_day_comes_first() -> None:
    runs = [
        visit("b", NOON, entries=3, set_aside={"known": 3}),
        visit("a", NOON, entries=2, articles=2, judged={"report": 1, "near_miss": 1}, reports=2),
        visit("a", NOON + timedelta(hours=5), entries=4, set_aside={"known": 3}, articles=1, judged={"report": 1}),
        visit("a", NOON - timedelta(days=1), entries=1, set_aside={"too_old": 1}),
    ]
    rows = funnel(runs)
    assert [(row.day.day, row.source, row.visits, row.entries) for row in rows] == [
        (21, "a", 2, 6),
        (21, "b", 1, 3),
        (20, "a", 1, 1),
    ]
    assert rows[0].judged == {"report": 2, "near_miss": 1}
    assert all(row.closes for row in rows)


def test_a_day_ends_at_midnight_utc_wherever_its_times_were_written() -> None:
    seoul = NOON.astimezone(tz=None).replace(hour=23, minute=59)
    assert funnel([visit(at=seoul)])[0].day == seoul.astimezone(UTC).date()
    assert funnel([visit(at=datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC))])[0].day == date(2026, 11, 21)


def test_visits_that_were_told_as_one_run_are_counted_each() -> None:
    assert funnel([visit(visits=7)])[0].visits == 7


def test_a_row_that_does_not_close_says_so() -> None:
    assert not funnel([visit(entries=2, set_aside={"known": 1})])[0].closes
    assert not funnel([visit(entries=2, articles=2, judged={"report": 1})])[0].closes


reasons = st.dictionaries(st.sampled_from([str(one) for one in SetAside]), st.integers(1, 50))
verdicts = st.dictionaries(st.sampled_from([str(one) for one in Judged]), st.integers(1, 50))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5), reasons, verdicts), max_size=20))
def test_runs_that_close_make_rows_that_close_and_nothing_is_lost(
    told: list[tuple[str, int, dict[str, int], dict[str, int]]],
) -> None:
    runs = [
        visit(
            source,
            NOON + timedelta(days=day),
            entries=sum(aside.values()) + sum(judged.values()),
            set_aside=aside,
            articles=sum(judged.values()),
            judged=judged,
        )
        for source, day, aside, judged in told
    ]
    rows = funnel(runs)
    assert all(row.closes for row in rows)
    assert sum(row.entries for row in rows) == sum(run.entries for run in runs)
    assert len({(row.source, row.day) for row in rows}) == len(rows)
