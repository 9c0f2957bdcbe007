"""Whatever people decide, in any order: no report is lost, no number vanishes, every redirect leads on, and the log holds."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cases.custody import faults_in
from cases.decision import decide
from cases.errors import UsageError
from cases.model import Age, Article, Event, Judgement, Label, Mention, Persons, Place, Report, Stage, Verdict, Victim
from cases.register import CaseStatus
from cases.store import By, open_store

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
VERDICT = Verdict(label=Label.CASE_REPORT, report=True, score=0.9)
OUTLETS = ("north", "south", "west", "east")
AGES = (24, 60)
WHICH = st.integers(0, 5)
"""Which of the numbers there are, counted round."""


def seized(age: int, step: int) -> Report:
    """A woman of that age; no two reports are the same."""
    day = date(2026, 11, 12) + timedelta(days=age % 2)
    return Report(
        mention=Mention.PRIMARY,
        stage=Stage.IN_CUSTODY_AT_RISK,
        from_state="CN",
        to_state="KP",
        multiplicity="individual",
        persons=Persons(min=1, max=1),
        victims=(Victim(label="V1", sex="female", age=Age(min=age, max=age)),),
        events=(Event(type="arrest", start=day, end=day, precision="day"),),
        places=(Place(role="residence", name="Hunchun", country="CN", level="county"),),
        stated_reason=f"reason {step}",
    )


class Desk(RuleBasedStateMachine):
    """A register at which articles arrive and people decide; it begins with one case told three times, and another told once."""

    template: Path
    acts: ClassVar[set[str]] = set()
    """What was decided in any history."""

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="returnwatch-desk-"))
        shutil.copyfile(self.template, self.folder / "watch.db")
        self.store = open_store(f"sqlite:///{self.folder}/watch.db", migrate=False)
        self.numbers: dict[str, str] = {}
        self.told: dict[str, Report] = {}
        self.steps = 0
        for outlet in OUTLETS[:3]:
            self.arrive(outlet, AGES[0])
        self.arrive(OUTLETS[3], AGES[1])

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.acts.update(line.act for line in self.store.custody.lines())
            self.store.close()
            shutil.rmtree(self.folder)

    @rule(outlet=st.sampled_from(OUTLETS), age=st.sampled_from(AGES))
    def arrive(self, outlet: str, age: int) -> None:
        """An article comes, or comes edited."""
        self.steps += 1
        report = seized(age, self.steps)
        page = Article(
            url=f"https://{outlet}.example/1", title="", text=f"Text {self.steps}.", lang="en", source=outlet
        )
        found = self.store.cases.candidates(report, page)
        judgement = Judgement(verdict=VERDICT, lang="en", reports=(report,))
        self.store.articles.keep(page, None, decide(page, judgement, found, source_title=outlet), now=NOW)
        self.told[page.url] = report

    @rule(one=WHICH, other=WHICH, despite=st.booleans())
    def merge(self, one: int, other: int, despite: bool) -> None:
        self._rule(lambda by: self.store.rulings.merge(self._number(one), self._number(other), by, despite=despite))

    @rule(one=WHICH)
    def unmerge(self, one: int) -> None:
        self._rule(lambda by: self.store.rulings.unmerge(self._number(one), by))

    @rule(one=WHICH, outlet=st.sampled_from(OUTLETS))
    def split(self, one: int, outlet: str) -> None:
        self._rule(lambda by: self.store.rulings.split(self._number(one), [f"https://{outlet}.example/1"], by))

    @rule(one=WHICH, status=st.sampled_from([CaseStatus.REJECTED, CaseStatus.WITHHELD, CaseStatus.EMBARGOED]))
    def hold(self, one: int, status: CaseStatus) -> None:
        self._rule(lambda by: self.store.rulings.hold(self._number(one), status, by))

    @rule(one=WHICH)
    def release(self, one: int) -> None:
        self._rule(lambda by: self.store.rulings.release(self._number(one), by))

    @rule(one=WHICH, other=WHICH)
    def keep_apart(self, one: int, other: int) -> None:
        self._rule(lambda by: self.store.rulings.keep_apart(self._number(one), self._number(other), by))

    def _rule(self, ruling: Callable[[By], object]) -> None:
        if not self.numbers:
            return
        try:
            ruling(By(actor="Mina", at=NOW, reason="seen the paper"))
        except UsageError:
            return  # what cannot be decided changes nothing, as the invariants see

    def _number(self, which: int) -> str:
        return sorted(self.numbers)[which % len(self.numbers)]

    @invariant()
    def every_report_belongs_to_exactly_one_standing_case(self) -> None:
        if not hasattr(self, "store"):
            return
        standing = self.store.cases.rows(status=[status for status in CaseStatus if status is not CaseStatus.MERGED])
        current: dict[str, list[Report]] = {url: [] for url in self.told}
        for case in standing:
            for telling in case.tellings:
                current[telling.url].append(telling.report)
        assert all(reports.count(self.told[url]) == 1 for url, reports in current.items())

    @invariant()
    def numbers_stay_and_lead_to_a_standing_case(self) -> None:
        if not hasattr(self, "store"):
            return
        now = {case.number: case.id for case in self.store.cases.rows()}
        assert self.numbers.items() <= now.items()
        self.numbers = now
        for number, case_id in now.items():
            case = self.store.cases.get(number)
            assert case is not None
            assert case.status is not CaseStatus.MERGED
            assert case == self.store.cases.get(case_id)

    @invariant()
    def nothing_suggested_was_kept_apart(self) -> None:
        if hasattr(self, "store"):
            for case in self.store.cases.rows():
                assert case.id not in case.apart
                assert case.apart.isdisjoint(self.store.cases.suggestions(case.id))

    @invariant()
    def the_log_holds(self) -> None:
        if hasattr(self, "store"):
            assert faults_in(self.store.custody.lines()) == []


def test_no_history_of_decisions_loses_anything(migrated_sqlite: Path) -> None:
    machine = type("DeskOfThisStore", (Desk,), {"template": migrated_sqlite})
    few = settings(max_examples=40, stateful_step_count=15, suppress_health_check=list(HealthCheck), derandomize=True)
    run_state_machine_as_test(machine, settings=few)
    assert Desk.acts >= {"merged", "split", "kept_apart", "rejected", "released"}, (
        "the histories reached every decision"
    )
