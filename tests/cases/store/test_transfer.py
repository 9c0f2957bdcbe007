"""From one engine to the other: everything, or nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from cases.errors import StoreError
from cases.ledger import Run, SourceOutcome
from cases.model import Article, Capture, Judgement, Label, Mention, Report, Stage, Verdict
from cases.register import CaseStatus, Decision, Opened
from cases.store import By, DigestRecord, OutMessage, SourceSlot, Store, open_store, refill
from cases.store.database import connect

NOW = datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC)


def keep_story(store: Store, number: int) -> None:
    """Keep an article that opens a case."""
    article = Article(
        url=f"https://river.example/{number}", source="river", title=f"이야기 {number}", text="북송했다.", lang="ko"
    )
    report = Report(
        mention=Mention.PRIMARY, stage=Stage.COMPLETED, from_state="CN", to_state="KP", multiplicity="individual"
    )
    judgement = Judgement(
        verdict=Verdict(label=Label.CASE_REPORT, report=True, score=0.75), lang="ko", reports=(report,)
    )
    capture = Capture(url=article.url, fetched_at=NOW, status=200, sha256="ab" * 32, record=f"river/{number}.warc.gz#1")
    store.articles.keep(article, capture, Decision(judgement=judgement, effects=(Opened(report=report),)), now=NOW)


def fill(store: Store) -> None:
    """Leave something of each kind, and a merge that points backwards."""
    store.sources.sync([SourceSlot(name="river", title="강", host="river.example", every_s=60)])
    run = Run(source="river", trigger="schedule", outcome=SourceOutcome.OK, started_at=NOW, finished_at=NOW, articles=2)
    store.runs.record(run)
    for number in range(3):
        keep_story(store, number)
    first, second, third = sorted(store.cases.rows(), key=lambda case: case.number)
    by = By(actor="desk", at=NOW + timedelta(minutes=1), reason="눈으로 확인")
    store.rulings.merge(first.number, second.number, by)
    store.rulings.hold(third.number, CaseStatus.WITHHELD, by)
    record = DigestRecord(name="weekly", period="2026-W47", made_at=NOW, subject="x")
    store.outbox.record(record, [OutMessage(channel="file", recipient="", payload=b"\x00\xffmail")])


@pytest.fixture
def filled(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/watch.db"
    with open_store(url) as store:
        fill(store)
    return url


@pytest.mark.postgresql
def test_a_store_goes_to_postgresql_and_back_with_every_row(
    filled: str, tmp_path: Path, postgresql_databases: Callable[[str], str]
) -> None:
    there, again = postgresql_databases("template1"), f"sqlite:///{tmp_path}/again.db"
    seen: list[tuple[str, int]] = []
    copied = refill(filled, there, on_progress=lambda *told: seen.append(told))
    assert refill(there, again) == copied
    assert {name for name, one in copied.items() if one.rows} >= {
        "article",
        "article_version",
        "case_file",
        "telling",
        "custody_log",
        "source",
        "run",
        "digest",
        "delivery",
    }
    assert ("article", 3) in seen
    with open_store(filled) as old, open_store(there, migrate=False) as new:
        assert [case.number for case in new.cases.rows()] == [case.number for case in old.cases.rows()]
        assert new.sources.status(NOW) == old.sources.status(NOW)
        assert new.custody.faults() == []
        keep_story(new, 7)
        assert len(new.cases.rows()) == 4, "keys go on where they ended"


@pytest.mark.postgresql
def test_a_target_that_holds_anything_is_refused(filled: str, postgresql_databases: Callable[[str], str]) -> None:
    there = postgresql_databases("migrated")
    with open_store(there) as store:
        store.sources.sync([SourceSlot(name="town", title="Town", host="town.example", every_s=60)])
    with pytest.raises(StoreError, match=r"not empty.*source"):
        refill(filled, there)
    with open_store(there) as store:
        assert [one.name for one in store.sources.status(NOW)] == ["town"]


def test_a_copy_that_differs_is_told_and_nothing_of_it_stays(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = f"sqlite:///{tmp_path}/target.db"
    open_store(target).close()
    database = connect(target)
    with database.write() as connection:
        connection.execute(text("create trigger t after insert on run begin update run set outcome = 'gone'; end"))
    with pytest.raises(StoreError, match="run: other values"):
        refill(filled, target)
    with database.read() as connection:
        assert connection.scalar(text("select count(*) from source")) == 0
    database.close()
