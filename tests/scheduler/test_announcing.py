"""The service's log: trouble is told once when it begins, when it changes, and when it is over."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.ledger import Run, SourceOutcome, SourceStatus, Wall
from cases.silence import Silence
from scheduler.announcing import Announcer

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SILENCE = Silence(since=NOW - timedelta(days=20), usual=timedelta(days=2))


def visit(outcome: SourceOutcome, **told: Any) -> Run:  # noqa: ANN401 - any field of the run
    return Run(source="north", trigger="schedule", outcome=outcome, started_at=NOW, finished_at=NOW, **told)


@pytest.fixture
def announcer(caplog: pytest.LogCaptureFixture) -> Announcer:
    caplog.set_level(logging.WARNING, "told")
    return Announcer(logging.getLogger("told"))


def test_a_failure_is_told_once_and_its_end_too(announcer: Announcer, caplog: pytest.LogCaptureFixture) -> None:
    for outcome in (
        SourceOutcome.OK,
        SourceOutcome.GONE,
        SourceOutcome.GONE,
        SourceOutcome.NOT_MODIFIED,
        SourceOutcome.GONE,
        SourceOutcome.NOTHING_NEW,
        SourceOutcome.OK,
    ):
        announcer.visited(visit(outcome, detail="status 404" if outcome is SourceOutcome.GONE else None))
    assert caplog.messages == ["north fails: page is gone: status 404", "north can be read again"]


def test_a_failure_that_becomes_another_is_told_again(announcer: Announcer, caplog: pytest.LogCaptureFixture) -> None:
    announcer.visited(visit(SourceOutcome.UNREACHABLE, detail="time-out"))
    announcer.visited(visit(SourceOutcome.BLOCKED, wall=Wall.CHALLENGE, detail="a page came"))
    announcer.visited(visit(SourceOutcome.BLOCKED, wall=Wall.CHALLENGE, detail="the same page came"))
    announcer.visited(visit(SourceOutcome.BLOCKED, wall=Wall.LOGIN, detail="a log-in came"))
    assert caplog.messages == [
        "north fails: could not be reached: time-out",
        "north fails otherwise than before: wants proof of a human: a page came",
        "north fails otherwise than before: wants a log-in: a log-in came",
    ]


def test_an_empty_list_is_told_from_the_second_in_a_row(announcer: Announcer, caplog: pytest.LogCaptureFixture) -> None:
    announcer.visited(visit(SourceOutcome.EMPTY, detail="nothing in it"))
    assert caplog.messages == []
    for _ in range(3):
        announcer.visited(visit(SourceOutcome.EMPTY, detail="nothing in it"))
    announcer.visited(visit(SourceOutcome.OK))
    announcer.visited(visit(SourceOutcome.EMPTY))
    assert caplog.messages == [
        "north fails: answered with an empty list: nothing in it",
        "north can be read again",
    ]


def test_a_silence_is_told_when_it_begins_and_when_it_ends(
    announcer: Announcer, caplog: pytest.LogCaptureFixture
) -> None:
    for quiet in ({}, {"north": SILENCE}, {"north": SILENCE}, {}):
        announcer.silences(quiet)
    assert caplog.messages == [
        "north is quieter than usual: nothing since 1 November 2026; it publishes about every two days",
        "north is no longer quieter than usual",
    ]


def test_a_source_that_fails_is_not_called_silent_as_well(
    announcer: Announcer, caplog: pytest.LogCaptureFixture
) -> None:
    announcer.visited(visit(SourceOutcome.GONE, detail="status 404"))
    announcer.silences({"north": SILENCE})
    assert len(caplog.messages) == 1
    announcer.visited(visit(SourceOutcome.NOTHING_NEW))
    announcer.silences({"north": SILENCE})
    announcer.visited(visit(SourceOutcome.GONE, detail="status 404"))
    announcer.silences({"north": SILENCE})
    assert [message.partition(":")[0] for message in caplog.messages] == [
        "north fails",
        "north can be read again",
        "north is quieter than usual",
        "north fails",
    ]


def test_what_stands_when_the_service_begins_is_told_once(
    announcer: Announcer, caplog: pytest.LogCaptureFixture
) -> None:
    usual: dict[str, Any] = {
        "title": "",
        "enabled": True,
        "next_due": None,
        "running": False,
        "last_success": None,
        "articles": 0,
        "reports": 0,
    }
    failed = visit(SourceOutcome.GONE, detail="status 404")
    announcer.begin(
        [
            SourceStatus(name="north", last_run=failed, failures=1.0, **usual),
            SourceStatus(name="south", last_run=visit(SourceOutcome.OK), failures=0.0, quiet=SILENCE, **usual),
            SourceStatus(name="east", last_run=failed, failures=1.0, **(usual | {"enabled": False})),
        ]
    )
    announcer.visited(failed)
    announcer.silences({"south": SILENCE})
    assert caplog.messages == [
        "north fails: page is gone: status 404",
        "south is quieter than usual: nothing since 1 November 2026; it publishes about every two days",
    ]
