"""How ``status`` tells of sources: each apart in words, with the reason, what fails first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.ledger import Run, SourceOutcome, SourceStatus, Wall
from cases.silence import Silence
from scheduler.cli.standing_table import headline, line, remarks, state, worst_first

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=45)


def visit(outcome: SourceOutcome = SourceOutcome.OK, **told: Any) -> Run:  # noqa: ANN401 - any field of the run
    return Run(source="a", trigger="schedule", outcome=outcome, started_at=NOW, finished_at=NOW, **told)


def source(name: str = "frost-courier", **told: Any) -> SourceStatus:  # noqa: ANN401 - any field of the status
    usual: dict[str, Any] = {
        "title": "The Frost Courier",
        "enabled": True,
        "next_due": LATER,
        "running": False,
        "last_run": visit(),
        "last_success": NOW - timedelta(hours=3),
        "failures": 0.0,
        "articles": 60,
        "reports": 32,
    }
    return SourceStatus(name=name, **(usual | told))


@pytest.mark.parametrize(
    ("told", "due"),
    [
        (source(), "in 45 min"),
        (source(next_due=NOW + timedelta(days=3)), "in 3 d"),
        (source(next_due=NOW - timedelta(minutes=1)), "now"),
        (source(next_due=None), "now"),
        (source(running=True), "under way"),
        (source(enabled=False), ""),
    ],
    ids=["later", "in days", "overdue", "never visited", "running", "switched off"],
)
def test_when_a_source_is_due(told: SourceStatus, due: str) -> None:
    assert line(told, NOW)[3] == due


def test_the_age_of_the_last_success_is_always_told() -> None:
    assert line(source(), NOW)[2] == "3 h ago"
    assert line(source(last_success=None), NOW)[2] == "never"
    assert line(source(last_success=None, last_run=None), NOW)[2] == ""


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (source(), "read, with something new"),
        (source(enabled=False), "switched off"),
        (source(last_run=None), "never visited"),
        (source(failures=0.5, last_run=visit(SourceOutcome.BLOCKED, wall=Wall.PAYWALL)), "FAILING: wants to be paid"),
        (source(failures=1.0, last_run=visit(SourceOutcome.GONE)), "FAILING: page is gone"),
        (
            source(
                failures=1.0,
                last_run=visit(SourceOutcome.NOT_MODIFIED),
                last_failed=visit(SourceOutcome.LAYOUT_CHANGED),
            ),
            "FAILING: has changed its layout",
        ),
        (source(last_run=visit(SourceOutcome.EMPTY), empty_in_a_row=1), "answered with an empty list"),
        (
            source(last_run=visit(SourceOutcome.EMPTY), empty_in_a_row=2),
            "FAILING: answered with an empty list, 2 times in a row",
        ),
        (
            source(last_run=visit(SourceOutcome.NOTHING_NEW), quiet=Silence(since=NOW, usual=timedelta(days=1))),
            "QUIET: read, nothing new",
        ),
    ],
)
def test_each_state_has_its_words(told: SourceStatus, words: str) -> None:
    assert state(told) == words


def test_what_fails_comes_first_and_what_is_switched_off_last() -> None:
    sources = [
        source("off", enabled=False, failures=2.0),
        source("well"),
        source("silent", quiet=Silence(since=NOW, usual=timedelta(days=1))),
        source("dead", failures=1.0),
        source("new", last_run=None),
    ]
    assert [one.name for one in worst_first(sources)] == ["dead", "silent", "new", "well", "off"]
    assert headline(sources) == "4 watched, 1 failing, 1 quieter than usual, 1 never visited"


def test_the_reason_is_told_and_warnings_that_are_not_shown_are_counted() -> None:
    failed = visit(
        SourceOutcome.MOVED, detail="it has moved to https://new.example/", warnings=("a", "b", "c", "d", "e")
    )
    assert list(remarks(source(failures=1.0, last_run=failed))) == [
        "it has moved to https://new.example/",
        "a",
        "b",
        "c",
        "and 2 more warnings (--json shows them)",
    ]
    silent = source(quiet=Silence(since=datetime(2026, 3, 3, tzinfo=UTC), usual=timedelta(days=2)))
    assert list(remarks(silent)) == ["nothing since 3 March 2026; it publishes about every two days"]
