"""What is said of a visit beside its figures."""

from datetime import UTC, datetime

import pytest

from cases.ledger import Run, SetAside, SourceOutcome
from scheduler.cli.crawl import print_runs, remarks

AT = datetime(2026, 6, 1, tzinfo=UTC)
RUN = Run(
    source="harbour",
    trigger="request",
    outcome=SourceOutcome.OK,
    started_at=AT,
    finished_at=AT,
    reader="sitemap",
    requests=3,
    entries=7,
    articles=2,
    set_aside={SetAside.EXCLUDED: 4, SetAside.TOO_OLD: 1},
)


def test_what_was_set_aside_is_told_with_its_reasons() -> None:
    assert remarks(RUN) == [
        "read by sitemap with 3 requests",
        "set aside: 4 left out by the source file, 1 too old",
    ]


def test_a_source_that_is_read_whole_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_runs([RUN], {"harbour"})
    assert "harbour: read whole: it watches for no tag" in " ".join(capsys.readouterr().out.split())
    print_runs([RUN], {"another"})
    assert "read whole" not in capsys.readouterr().out
