"""What is old and told nothing is taken away; cases, their evidence and the log stay whole, and ``verify`` knows the difference."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cases.ledger import Run, SourceOutcome
from cases.model import Article, Capture, Judgement, Label, Mention, Persons, Quote, Report, Stage, Verdict
from cases.register import Decision, Opened
from cases.store import By, Pruned, SourceSlot, Store
from crawler.evidence.capture import Archive
from crawler.evidence.record import Exchange
from crawler.evidence.verification import Verification
from scheduler.assembly import Watch
from scheduler.pruning import prune
from scheduler.rejudging import _applied
from scheduler.settings import RetentionTable, Settings, StoreTable

OLD = datetime(2025, 6, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
SENTENCE = "Nobody was sent anywhere."
REPORT = Report(
    mention=Mention.PRIMARY,
    stage=Stage.COMPLETED,
    from_state="CN",
    to_state="KP",
    persons=Persons(min=2, max=2),
)


class Installation:
    """Four visits, each with a file of captures and an article: an old one of no interest, an old near miss, an old case, a new one."""

    def __init__(self, store: Store, folder: Path, retention: RetentionTable) -> None:
        self.store, self.captures = store, folder / "captures"
        settings = Settings(store=StoreTable(captures=self.captures), retention=retention)
        self.watch = Watch(folder=folder, settings=settings, sources={}, store=store)
        store.sources.sync([SourceSlot(name="courier", title="The Courier", host="courier.example", every_s=60)])
        self.visit("dull", OLD, report=False)
        self.visit("near", OLD, report=False, near_miss=True)
        self.visit("case", OLD, report=True)
        self.visit("fresh", NOW - timedelta(days=1), report=False)

    def visit(self, name: str, at: datetime, *, report: bool, near_miss: bool = False) -> None:
        address = f"https://courier.example/{name}/"
        with Archive(
            self.captures, "courier", at=at, software="x", reason="y", register=self.store.evidence.register
        ) as archive:
            capture = archive.keep(page_at(address, at))
        self.keep(address, capture, at, report=report, near_miss=near_miss)
        self.store.runs.record(
            Run(source="courier", trigger="schedule", outcome=SourceOutcome.OK, started_at=at, finished_at=at)
        )

    def keep(self, address: str, capture: Capture, at: datetime, *, report: bool, near_miss: bool) -> None:
        verdict = Verdict(
            label=Label.CASE_REPORT if report else Label.UNRELATED,
            report=report,
            score=0.9 if report else 0.2,
            near_miss=near_miss,
            evidence=(Quote(text=SENTENCE, start=0, end=len(SENTENCE)),),
        )
        judgement = Judgement(verdict=verdict, lang="en", reports=(REPORT,) if report else ())
        effects = (Opened(report=REPORT, announce=True),) if report else ()
        article = Article(url=address, title="A title", text=SENTENCE, source="courier", lang="en")
        self.store.articles.keep(article, capture, Decision(judgement=judgement, effects=effects), now=at)

    def texts(self) -> dict[str, str]:
        """Give what is left of each article's text."""
        found = {}
        for row in self.store.articles.rows():
            stored = self.store.articles.get(row.url)
            assert stored is not None
            found[row.url.split("/")[3]] = stored.latest.article.text
        return found

    def findings(self) -> list[tuple[str, str]]:
        return [(one.kind, one.words) for one in Verification(self.store, self.captures).run()]


def page_at(address: str, at: datetime) -> Exchange:
    return Exchange(
        url=address,
        method="GET",
        request_headers=[],
        status=200,
        headers=[("Content-Type", "text/html")],
        body=b"<p>page</p>",
        ip_address=None,
        at=at,
    )


@pytest.fixture
def limits() -> RetentionTable:
    return RetentionTable(uninteresting_days=365, runs_days=90)


@pytest.fixture
def installation(store: Store, tmp_path: Path, limits: RetentionTable) -> Installation:
    return Installation(store, tmp_path, limits)


def test_what_told_nothing_goes_and_everything_else_stays(installation: Installation) -> None:
    files = len(list(installation.captures.rglob("*.warc.gz")))
    due = prune(installation.watch, NOW, dry_run=True)
    assert (due.versions, due.runs) == (1, 3)
    assert installation.texts()["dull"] == SENTENCE

    pruned = prune(installation.watch, NOW)
    assert (pruned.versions, pruned.runs, pruned.files) == (1, 3, 1)
    assert pruned.bytes > 100
    assert installation.texts() == {"dull": "", "near": SENTENCE, "case": SENTENCE, "fresh": SENTENCE}
    assert len(list(installation.captures.rglob("*.warc.gz"))) == files - 1
    stored = installation.store.articles.get("https://courier.example/dull/")
    assert stored is not None
    assert stored.latest.judgement.verdict.evidence == ()
    assert set(installation.store.articles.known([stored.row.url])) == {stored.row.url}  # it is not read again as new
    assert prune(installation.watch, NOW) == Pruned()


def test_what_lost_its_text_stays_as_it_was_judged(installation: Installation) -> None:
    prune(installation.watch, NOW)
    versions = {one.article.url.split("/")[3]: one for one, _ in installation.store.articles.judged()}
    verdict = Verdict(label=Label.HISTORY, report=False, score=0.1)
    for name, changed in (("dull", False), ("near", True)):
        outcome = _applied(installation.store, versions[name], "", Judgement(verdict=verdict, lang="en"), NOW)
        assert outcome.changed is changed


def test_verify_tells_what_was_pruned_from_what_is_missing_and_the_log_stays_whole(installation: Installation) -> None:
    installation.store.custody.note("noted", None, By(actor="somebody", at=OLD))
    prune(installation.watch, NOW)
    assert installation.findings() == [("pruned", "pruned by retention on 2026-11-22")]
    assert installation.store.custody.faults() == []
    (line,) = [line for line in installation.store.custody.lines() if line.act == "pruned"]
    assert [len(file["sha256"]) for file in (line.detail or {})["files"]] == [64]
    next(installation.captures.rglob("*.warc.gz")).unlink()
    assert [kind for kind, _ in installation.findings()] == ["pruned", "missing", "unsupported"]


def test_near_misses_have_a_limit_of_their_own(store: Store, tmp_path: Path) -> None:
    installation = Installation(store, tmp_path, RetentionTable(near_misses_days=30))
    assert prune(installation.watch, NOW).versions == 1
    assert installation.texts() == {"dull": SENTENCE, "near": "", "case": SENTENCE, "fresh": SENTENCE}


def test_without_limits_nothing_is_taken_away(store: Store, tmp_path: Path) -> None:
    installation = Installation(store, tmp_path, RetentionTable())
    assert prune(installation.watch, NOW) == Pruned()
    assert installation.findings() == []


def test_a_file_that_outlived_a_crash_is_removed_at_the_next_time(installation: Installation) -> None:
    retention, limits = installation.store.retention, installation.watch.settings.retention.limits(NOW)
    retention.prune_texts(limits)
    files = retention.unneeded(limits)
    retention.forget_files(files, By(actor="returnwatch", at=NOW))
    assert (installation.captures / files[0][0]).exists()
    prune(installation.watch, NOW)
    assert not (installation.captures / files[0][0]).exists()
    assert installation.findings() == [("pruned", "pruned by retention on 2026-11-22")]
