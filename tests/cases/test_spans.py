"""Days on which something may have happened."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.model import Event, Mention, Report, Stage
from cases.spans import Span, act_end, days_between, gap, span_of, spans

MAY = date(2026, 5, 1)
ANY_SPAN = st.tuples(st.dates(), st.dates()).map(lambda pair: Span(start=min(pair), end=max(pair)))


def event(start: date | None, end: date | None, kind: Any = "return") -> Event:  # noqa: ANN401 - a literal
    return Event(type=kind, start=start, end=end, precision="range")


def report(*events: Event) -> Report:
    return Report(mention=Mention.PRIMARY, stage=Stage.COMPLETED, events=events)


def test_an_end_that_nobody_told_is_open() -> None:
    assert span_of(event(None, None)) is None
    after = span_of(event(MAY, None))
    assert after is not None
    assert (after.start, after.end, after.bounded) == (MAY, date.max, False)
    assert span_of(event(MAY, MAY)) == Span(start=MAY, end=MAY)


def test_ends_told_the_wrong_way_round_make_the_same_span() -> None:
    assert span_of(event(date(2026, 5, 9), MAY)) == span_of(event(MAY, date(2026, 5, 9)))


def test_the_act_is_dated_by_its_own_events_alone() -> None:
    told = report(event(MAY, MAY, "flight"), event(MAY, date(2026, 5, 3)), event(MAY, None, "arrest"))
    assert [span.end for span in spans(told)] == [date(2026, 5, 3), date.max]
    assert act_end(told) == date(2026, 5, 3)
    assert act_end(report(event(MAY, MAY, "media_report"))) is None


@pytest.mark.parametrize(
    ("start", "end", "days"), [(1, 3, 0), (3, 9, 0), (9, 9, 5), (4, 4, 0)], ids=["over", "touch", "apart", "inside"]
)
def test_a_gap_is_counted_in_days_between_the_nearest_ends(start: int, end: int, days: int) -> None:
    one = Span(start=date(2026, 5, 2), end=date(2026, 5, 4))
    assert gap(one, Span(start=date(2026, 5, start), end=date(2026, 5, end))) == days


@given(ANY_SPAN, ANY_SPAN)
def test_a_gap_is_the_same_from_both_sides_and_never_negative(one: Span, other: Span) -> None:
    assert gap(one, other) == gap(other, one) >= 0


def test_publications_without_a_date_lie_no_known_time_apart() -> None:
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert days_between(noon, None) is None
    assert days_between(noon, datetime(2026, 5, 3, 0, tzinfo=UTC)) == 1.5
