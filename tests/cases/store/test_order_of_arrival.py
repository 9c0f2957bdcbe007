"""In whatever order reports arrive, the register says the same: checked on the articles of the gold set, in a real store."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.decision import decide
from cases.evaluation import LinkedItem, load_linked
from cases.model import Judgement, Label, Report, Verdict
from cases.register import Telling
from cases.store import Store, open_store

ITEMS = load_linked(Path(__file__).parents[2] / "gold" / "links")
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
WINDOW = 7
"""Articles that follow one another in time, so that those that look alike meet."""
VERDICT = Verdict(label=Label.CASE_REPORT, report=True, score=0.9)


@contextmanager
def fresh(template: Path) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "watch.db"
        shutil.copyfile(template, file)
        with open_store(f"sqlite:///{file}", migrate=False) as store:
            yield store


def tell(store: Store, item: LinkedItem) -> None:
    reports = tuple(act.report for act in item.acts)
    judgement = Judgement(verdict=VERDICT, lang=item.lang, reports=reports)
    found = {case.id: case for report in reports for case in store.cases.candidates(report, item.article)}
    decision = decide(item.article, judgement, list(found.values()), source_title=item.source)
    store.articles.keep(item.article, None, decision, now=NOW, source_title=item.source)


Told = frozenset[tuple[str, int]]
"""Reports by address and position."""


def register(store: Store) -> dict[Told, Report]:
    return {_told(case.tellings): case.report for case in store.cases.rows()}


def _told(tellings: Sequence[Telling]) -> Told:
    return frozenset((one.url, _position(one.url, one.report)) for one in tellings)


def _position(url: str, report: Report) -> int:
    item = next(item for item in ITEMS if item.article.url == url)
    return [act.report for act in item.acts].index(report)


def components(store: Store) -> set[Told]:
    """Give what is one case, or suggested to be one."""
    cases = {case.id: _told(case.tellings) for case in store.cases.rows()}
    group = {one: {one} for one in cases}
    for one in cases:
        for other in store.cases.suggestions(one):
            joined = group[one] | group[other]
            group |= dict.fromkeys(joined, joined)
    return {frozenset[tuple[str, int]]().union(*(cases[one] for one in members)) for members in group.values()}


@given(data=st.data(), start=st.integers(0, len(ITEMS) - WINDOW))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_register_is_the_same_whatever_came_first(migrated_sqlite: Path, data: st.DataObject, start: int) -> None:
    window = ITEMS[start : start + WINDOW]
    with fresh(migrated_sqlite) as store, fresh(migrated_sqlite) as other:
        for item in window:
            tell(store, item)
        for item in data.draw(st.permutations(window)):
            tell(other, item)
        expected, given_ = register(store), register(other)
        assert components(store) == components(other)
        assert all(given_[told] == report for told, report in expected.items() if told in given_)
        assert {one for told in expected for one in told} == {one for told in given_ for one in told}


@pytest.mark.parametrize("backwards", [False, True])
def test_a_report_that_comes_between_two_others_ties_them(migrated_sqlite: Path, backwards: bool) -> None:
    """Two reports too unlike to be joined, and a third that is like both: joined, or suggested, in any order."""
    story = [item for item in ITEMS if item.story == "teacher-gim"]
    with fresh(migrated_sqlite) as store:
        for item in reversed(story) if backwards else story:
            tell(store, item)
        assert len(components(store)) == 1


def test_every_case_of_the_set_is_found_again_by_the_index(migrated_sqlite: Path) -> None:
    """The store's candidates are as good as a comparison with all cases: the partition is that of the evaluation."""
    truth = {(item.article.url, at): act.case for item in ITEMS for at, act in enumerate(item.acts)}
    with fresh(migrated_sqlite) as store:
        for item in ITEMS:
            tell(store, item)
        together = [{truth[one] for one in told} for told in register(store)]
        assert all(len(cases) == 1 for cases in together)
        assert len(together) <= len(set(truth.values())) + 2
