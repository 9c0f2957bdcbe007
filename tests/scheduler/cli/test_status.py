"""How ``status`` tells of one source."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.ledger import Run, SourceOutcome, SourceStatus
from scheduler.cli.status import line

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=45)


def source(*, enabled: bool = True, running: bool = False, due: datetime | None = None) -> SourceStatus:
    visit = Run(source="frost-courier", trigger="schedule", outcome=SourceOutcome.OK, started_at=NOW, finished_at=NOW)
    return SourceStatus(
        name="frost-courier",
        title="The Frost Courier",
        enabled=enabled,
        next_due=due,
        running=running,
        last_run=visit,
        last_success=NOW,
        failures=0,
        articles=60,
        reports=32,
    )


@pytest.mark.parametrize(
    ("told", "due"),
    [
        (source(due=LATER), LATER),
        (source(due=NOW - timedelta(minutes=1)), "now"),
        (source(), "now"),
        (source(running=True, due=LATER), "under way"),
        (source(enabled=False, due=LATER), ""),
    ],
    ids=["later", "overdue", "never visited", "running", "switched off"],
)
def test_when_a_source_is_due(told: SourceStatus, due: datetime | str) -> None:
    assert line(told, NOW)[-1] == due


def test_an_outcome_is_told_in_the_words_of_the_digest() -> None:
    assert line(source(), NOW)[2] == "read, with something new"
    assert line(source(enabled=False), NOW)[2] == "switched off"
