"""A purge reaches every row, stays, and leaves the log whole."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from cases.decision import decide
from cases.errors import UsageError
from cases.model import Article, Judgement, Label, Report, Verdict
from cases.register import CaseStatus
from cases.store import By, DigestRecord, Kept, Store, open_store
from cases.store.schema import metadata

Keep = Callable[..., Kept]
MakePage = Callable[..., Article]
MakeReport = Callable[..., Report]
TEXT = "Officers took Mun Ha-eun from her home in Hunchun.\nMs. Mun was not seen again."


def everything(store: Store) -> str:
    """All that any row of the store holds, as text."""
    with store._database.read() as connection:
        return "\n".join(
            str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))
        )


@pytest.fixture
def told(store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime) -> str:
    """Number of a case that two articles tell, one of them edited once, with a note and a digest that hold the name."""
    first = page("north", text=TEXT, title="Mun Ha-eun is gone")
    keep(first, woman(stated_reason="Mun had no papers"))
    keep(msgspec.structs.replace(first, text=TEXT + " HA EUN was 34."), woman(), at=now + timedelta(hours=1))
    keep(page("west", text=f"It is told that {TEXT}"), woman())
    (case,) = store.cases.rows()
    by = By(actor="Mina", at=now)
    store.rulings.note(case.number, "the aunt of Mun Ha-eun called", by)
    store.rulings.note(case.number, "somebody called", by)
    digest = DigestRecord(
        name="weekly", period="2026-11-20", made_at=now, subject="Mun Ha-eun", document="of Mun Ha-eun"
    )
    store.outbox.record(digest, [])
    return case.number


def test_a_name_goes_from_every_row_and_a_line_says_what_went(store: Store, told: str, now: datetime) -> None:
    assert "Mun" in everything(store)
    plan = store.purges.plan(told, ["victims[0].name"])
    line = store.purges.carry_out(plan, By(actor="Mina", at=now, reason="her family asked"))
    left = everything(store)
    assert "Mun" not in left
    assert "Ha-eun" not in left
    assert "HA EUN" not in left
    assert line.detail is not None
    assert (line.act, line.detail["fields"], line.detail["articles"]) == ("purged", ["victims.name"], 2)
    assert (line.detail["reason"], line.detail["digests"], len(line.detail["lines"])) == ("her family asked", 1, 1)
    assert store.custody.faults() == []
    case = store.cases.get(told)
    assert case is not None
    assert (case.status, len(case.tellings), case.report.victims[0].sex) == (CaseStatus.NEW, 2, "female")
    assert any((one.detail or {}).get("text") == "somebody called" for one in store.custody.lines())


def test_nothing_of_it_lingers_in_the_file(
    keep_in: Callable[[Store], None], migrated_sqlite: Path, tmp_path: Path, now: datetime
) -> None:
    file = tmp_path / "watch.db"
    shutil.copyfile(migrated_sqlite, file)
    with open_store(f"sqlite:///{file}", migrate=False) as store:
        keep_in(store)
        number = store.cases.rows()[0].number
        assert any(b"Mun Ha-eun" in one.read_bytes() for one in tmp_path.glob("watch.db*"))
        store.purges.carry_out(store.purges.plan(number, ["victims[0].name"]), By(actor="Mina", at=now))
        assert not any(b"Mun Ha-eun" in one.read_bytes() for one in tmp_path.glob("watch.db*"))


@pytest.fixture
def keep_in(page: MakePage, woman: MakeReport, now: datetime) -> Callable[[Store], None]:
    """Keep one article that tells the case."""

    def run(store: Store) -> None:
        verdict = Verdict(label=Label.CASE_REPORT, report=True, score=0.9)
        told = page("north", text=TEXT)
        store.articles.keep(
            told, None, decide(told, Judgement(verdict=verdict, lang="en", reports=(woman(),)), []), now=now
        )

    return run


def test_what_was_purged_does_not_come_back_with_another_crawl(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, told: str, now: datetime
) -> None:
    store.purges.carry_out(store.purges.plan(told, ["victims[0].name"]), By(actor="Mina", at=now))
    again = keep(
        page("north", text=TEXT + " More on Mun Ha-eun.", title="Another title"), woman(), at=now + timedelta(days=1)
    )
    assert again.version is None
    assert "Mun" not in everything(store)
    assert store.articles.known(["https://north.example/story"])["https://north.example/story"].purged
    assert store.articles.dates_of("north") == []


def test_a_later_decision_on_the_case_does_not_bring_it_back(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, told: str, now: datetime
) -> None:
    store.purges.carry_out(store.purges.plan(told, ["victims[0].name"]), By(actor="Mina", at=now))
    by = By(actor="Mina", at=now)
    split = store.rulings.split(told, ["https://west.example/story"], by)
    store.rulings.hold(split.number, CaseStatus.WITHHELD, by)
    store.rulings.release(split.number, by)
    assert "Mun" not in everything(store)
    assert store.custody.faults() == []


def test_a_plan_changes_nothing_and_an_unknown_case_is_refused(store: Store, told: str) -> None:
    before = everything(store)
    plan = store.purges.plan(told, ["victims[0].name"])
    assert (plan.sources, plan.purge.kinds) == (("north", "west"), ("victims.name",))
    assert everything(store) == before
    with pytest.raises(UsageError, match="no case"):
        store.purges.plan("2026-9999", ["victims[0].name"])
