from datetime import UTC, date, datetime
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from cases.custody import LogLine, day_of, faults_in, next_line

AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
DETAILS = st.none() | st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.integers(0, 9), max_size=3)


def chain(details: list[dict[str, Any] | None]) -> list[LogLine]:
    lines: list[LogLine] = []
    for detail in details:
        last = lines[-1] if lines else None
        lines.append(next_line(last, at=AT, actor="Mina", act="noted", subject="case", detail=detail))
    return lines


@given(st.lists(DETAILS, max_size=6))
def test_a_log_as_it_was_written_has_no_fault(details: list[dict[str, Any] | None]) -> None:
    assert faults_in(chain(details)) == []


@given(st.lists(DETAILS, min_size=1, max_size=6), st.data())
def test_whatever_is_changed_in_a_line_is_found_at_that_line(
    details: list[dict[str, Any] | None], data: st.DataObject
) -> None:
    lines = chain(details)
    place = data.draw(st.integers(0, len(lines) - 1))
    changed = {
        "actor": "Oksana",
        "act": "merged",
        "subject": None,
        "at": datetime(2026, 11, 3, tzinfo=UTC),
        "detail": {"another": "thing"},
        "detail_sha256": "f" * 64,
        "sha256": "f" * 64,
    }
    name = data.draw(st.sampled_from(sorted(changed)))
    lines[place] = msgspec.structs.replace(lines[place], **{name: changed[name]})
    assert faults_in(lines)[0].position == place + 1


@given(st.lists(DETAILS, min_size=2, max_size=6), st.data())
def test_a_line_that_is_gone_from_within_is_missed(details: list[dict[str, Any] | None], data: st.DataObject) -> None:
    lines = chain(details)
    place = data.draw(st.integers(0, len(lines) - 2))
    del lines[place]
    assert faults_in(lines)[0].position == place + 1


def test_lines_in_another_order_are_found() -> None:
    lines = chain([{"a": 1}, {"a": 2}, {"a": 3}])
    assert faults_in([lines[0], lines[2], lines[1]])


def test_a_detail_is_the_same_whatever_order_its_keys_came_in() -> None:
    (one,), (other,) = chain([{"a": 1, "b": 2}]), chain([{"b": 2, "a": 1}])
    assert one.sha256 == other.sha256


def test_a_day_has_one_figure_over_its_captures_and_the_log() -> None:
    day = date(2026, 11, 2)
    one = day_of(["b" * 64, "a" * 64], None, day)
    assert one == day_of(["a" * 64, "b" * 64], None, day)
    assert one["root"] != day_of(["a" * 64], None, day)["root"]
    assert one["root"] != day_of(["a" * 64, "b" * 64], None, date(2026, 11, 3))["root"]
    assert one["root"] != day_of(["a" * 64, "b" * 64], chain([None])[0], day)["root"]
