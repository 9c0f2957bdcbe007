"""Decisions of people: nothing is lost by them, each can be taken back, and each stands in the log."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cases.errors import UsageError
from cases.model import Article, Event, Report, Stage, Victim
from cases.register import Case, CaseStatus, Correction
from cases.store import By, Kept, Store

Keep = Callable[..., Kept]
MakePage = Callable[..., Article]
MakeReport = Callable[..., Report]


@pytest.fixture
def by(now: datetime) -> By:
    return By(actor="Mina", at=now, reason="seen the paper")


@pytest.fixture
def two(store: Store, keep: Keep, page: MakePage, woman: MakeReport) -> tuple[Case, Case]:
    """Two cases that nobody joins by themselves: one returned in another year."""
    keep(page("north"), woman())
    keep(page("south"), woman(events=(), from_state="RU", to_state="KP"))
    later, earlier = store.cases.rows()
    return earlier, later


def acts(store: Store) -> list[str]:
    return [line.act for line in store.custody.lines()]


def test_a_merged_number_leads_to_the_case_that_stands_for_it(store: Store, two: tuple[Case, Case], by: By) -> None:
    one, other = two
    merged = store.rulings.merge(one.number, other.number, by)
    assert {telling.source for telling in merged.tellings} == {"north", "south"}
    assert store.cases.get(one.number) == store.cases.get(one.id) == merged
    assert [case.number for case in store.cases.rows(status=[CaseStatus.NEW])] == [other.number]


def test_what_was_merged_and_taken_out_again_is_as_it_was(store: Store, two: tuple[Case, Case], by: By) -> None:
    one, other = two
    store.rulings.merge(one.number, other.number, by)
    store.rulings.unmerge(one.number, by)
    for before in two:
        after = store.cases.get(before.number)
        assert after is not None
        assert (after.id, after.status, after.report, after.tellings) == (
            before.id,
            before.status,
            before.report,
            before.tellings,
        )
        assert after.revision > before.revision
    assert acts(store) == ["merged", "unmerged", "kept_apart"]


def test_another_telling_of_a_merged_case_counts_in_the_one_that_stands(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, two: tuple[Case, Case], by: By
) -> None:
    one, other = two
    store.rulings.merge(one.number, other.number, by)
    keep(page("west"), woman())
    standing = store.cases.get(other.number)
    assert standing is not None
    assert {telling.source for telling in standing.tellings} == {"north", "south", "west"}
    assert len(store.cases.rows(status=[CaseStatus.NEW])) == 1


def test_an_edit_of_an_article_of_a_merged_case_counts_in_the_one_that_stands(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, two: tuple[Case, Case], by: By
) -> None:
    one, other = two
    store.rulings.merge(one.number, other.number, by)
    keep(page("north", text="The same, told anew."), woman(stage=Stage.DEATH_BEFORE_RETURN))
    standing = store.cases.get(other.number)
    assert standing is not None
    assert sorted(telling.report.stage for telling in standing.tellings if telling.source == "north") == [
        Stage.DEATH_BEFORE_RETURN
    ]
    assert len(store.cases.rows(status=[CaseStatus.NEW])) == 1


def test_a_case_is_merged_neither_twice_nor_into_itself(store: Store, two: tuple[Case, Case], by: By) -> None:
    one, other = two
    store.rulings.merge(one.number, other.number, by)
    with pytest.raises(UsageError, match=f"{one.number} was merged into {other.number}"):
        store.rulings.merge(one.number, other.number, by)
    with pytest.raises(UsageError, match="already"):
        store.rulings.merge(other.number, other.id, by)
    assert acts(store) == ["merged"]


def test_what_is_held_back_comes_out_by_no_merge(store: Store, two: tuple[Case, Case], by: By) -> None:
    one, other = two
    store.rulings.hold(one.number, CaseStatus.EMBARGOED, by)
    with pytest.raises(UsageError, match="embargoed"):
        store.rulings.merge(one.number, other.number, by)


def test_cases_that_were_kept_apart_are_merged_only_despite_it(store: Store, two: tuple[Case, Case], by: By) -> None:
    one, other = two
    store.rulings.keep_apart(other.number, one.number, by)
    with pytest.raises(UsageError, match="kept apart"):
        store.rulings.merge(one.number, other.number, by)
    assert store.rulings.merge(one.number, other.number, by, despite=True).number == other.number


def test_cases_that_were_kept_apart_are_suggested_no_more(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, by: By
) -> None:
    unnamed = woman(events=(), victims=(Victim(label="V1", sex="female"),))
    keep(page("north"), unnamed)
    keep(page("south"), unnamed)
    later, earlier = store.cases.rows()
    assert store.cases.suggestions(earlier.id) == [later.id]
    store.rulings.keep_apart(earlier.number, later.number, by)
    assert store.cases.suggestions(earlier.id) == store.cases.suggestions(later.id) == []


def test_a_split_opens_a_case_for_what_some_articles_tell(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, by: By
) -> None:
    keep(page("north"), woman())
    keep(page("south"), woman(stage=Stage.COMPLETED))
    (case,) = store.cases.rows()
    south = next(one.url for one in case.tellings if one.source == "south")
    new = store.rulings.split(case.number, [south], by)
    left = store.cases.get(case.number)
    assert left is not None
    assert ([one.source for one in left.tellings], [one.source for one in new.tellings]) == (["north"], ["south"])
    assert new.number != case.number
    keep(page("south", text="Told anew."), woman(stage=Stage.COMPLETED))
    assert [one.source for one in store.cases.get(new.number).tellings] == ["south"]  # type: ignore[union-attr]
    assert len(store.cases.rows()) == 2


def test_a_split_must_leave_something_and_name_its_articles(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, by: By
) -> None:
    keep(page("north"), woman())
    (case,) = store.cases.rows()
    with pytest.raises(UsageError, match="nothing would be left"):
        store.rulings.split(case.number, [case.tellings[0].url], by)
    with pytest.raises(UsageError, match=r"not told by https://nowhere\.example/"):
        store.rulings.split(case.number, ["https://nowhere.example/"], by)


def test_an_embargo_ends_on_its_day_and_not_before(store: Store, two: tuple[Case, Case], by: By, now: datetime) -> None:
    one, _ = two
    store.rulings.confirm(one.number, by)
    store.rulings.hold(one.number, CaseStatus.EMBARGOED, by, until=now + timedelta(days=3))
    assert store.rulings.end_embargoes(now + timedelta(days=2)) == []
    (released,) = store.rulings.end_embargoes(now + timedelta(days=3))
    assert (released.number, released.status, released.embargo_until) == (one.number, CaseStatus.CONFIRMED, None)
    assert [line.actor for line in store.custody.lines()] == ["Mina", "Mina", "returnwatch"]


def test_what_was_withheld_and_then_rejected_returns_to_where_it_stood_first(
    store: Store, two: tuple[Case, Case], by: By
) -> None:
    one, _ = two
    store.rulings.confirm(one.number, by)
    store.rulings.hold(one.number, CaseStatus.WITHHELD, by)
    store.rulings.hold(one.number, CaseStatus.REJECTED, by, label="history")
    assert store.rulings.release(one.number, by).status is CaseStatus.CONFIRMED
    with pytest.raises(UsageError, match="not held back"):
        store.rulings.release(one.number, by)


def test_a_corrected_value_stands_above_what_later_articles_say_until_it_is_lifted(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, by: By
) -> None:
    keep(page("north"), woman())
    (case,) = store.cases.rows()
    corrected = store.rulings.correct(case.number, Correction(field="to", value="LA"), by)
    assert corrected.report.to_state == "LA"
    assert [one for one in corrected.report.evidence if one.field == "to"] == []
    keep(page("south"), woman(stage=Stage.COMPLETED))
    (case,) = store.cases.rows()
    assert (len(case.tellings), case.report.to_state) == (2, "LA")
    lifted = store.rulings.lift_correction(case.number, "to", by)
    assert lifted.report.to_state == "KP"
    with pytest.raises(UsageError, match="was not corrected"):
        store.rulings.lift_correction(case.number, "to", by)


def test_every_decision_says_who_when_and_why(store: Store, two: tuple[Case, Case], by: By, now: datetime) -> None:
    one, other = two
    store.rulings.note(one.number, "the family asks for silence", by)
    (line,) = store.custody.lines(subject=one.id)
    assert (line.actor, line.at, line.act) == ("Mina", now, "noted")
    assert line.detail == {"reason": "seen the paper", "text": "the family asks for silence"}
    assert store.custody.lines(subject=other.id) == []


@pytest.mark.parametrize("which", ["2026-9999", "", "nowhere"])
def test_a_case_that_is_not_there_is_refused_and_leaves_no_line(store: Store, by: By, which: str) -> None:
    with pytest.raises(UsageError, match="there is no case"):
        store.rulings.confirm(which, by)
    assert acts(store) == []


def test_an_event_of_a_person_counts_none_of_the_reports_as_lost(store: Store, two: tuple[Case, Case], by: By) -> None:
    before = {(one.url, one.report) for case in two for one in case.tellings}
    one, other = two
    store.rulings.merge(one.number, other.number, by)
    store.rulings.hold(other.number, CaseStatus.WITHHELD, by)
    store.rulings.release(other.number, by)
    after = {(told.url, told.report) for case in store.cases.rows() for told in case.tellings}
    assert before <= after
    assert any(isinstance(event, Event) for _, report in after for event in report.events)


# -- "not the same" wins over every later score -----------------------------------------------------------------------


def test_a_case_that_was_split_off_is_never_taken_back(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, by: By
) -> None:
    keep(page("north"), woman())
    keep(page("south"), woman())
    (whole,) = store.cases.rows()
    parted = store.rulings.split(whole.number, [page("south").url], by)
    for text in ("Told anew.", "And once more."):
        keep(page("south", text=text), woman(stage=Stage.COMPLETED))
    tellers = {case.number: {told.source for told in case.tellings} for case in store.cases.rows()}
    assert tellers == {whole.number: {"north"}, parted.number: {"south"}}


def test_another_act_of_an_edited_article_does_not_join_what_its_case_was_kept_apart_from(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, two: tuple[Case, Case], by: By
) -> None:
    one, other = two
    store.rulings.keep_apart(one.number, other.number, by)
    keep(page("south", text="Now it tells of two."), *(woman(), woman(events=(), from_state="RU", to_state="KP")))
    standing = store.cases.get(one.number)
    assert standing is not None
    assert {told.source for told in standing.tellings} == {"north"}


def test_what_an_earlier_version_told_is_remembered_when_it_tells_it_no_more(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, two: tuple[Case, Case], by: By
) -> None:
    one, other = two
    store.rulings.keep_apart(one.number, other.number, by)
    keep(page("south", text="It tells of nobody."))
    assert store.cases.candidates(woman(), page("south", text="It tells of her.")) == []
    assert [case.number for case in store.cases.candidates(woman(), page("west"))] == [one.number]


def test_what_was_kept_apart_from_a_case_is_kept_apart_from_all_that_it_stands_in(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, two: tuple[Case, Case], by: By
) -> None:
    one, other = two
    keep(page("west"), woman(from_state="MN"))
    third = store.cases.rows()[0]
    store.rulings.keep_apart(one.number, third.number, by)
    merged = store.rulings.merge(one.number, other.number, by)
    assert merged.apart == {third.id}
    with pytest.raises(UsageError, match="kept apart"):
        store.rulings.merge(third.number, other.number, by)


def test_a_report_that_tells_one_of_two_kept_apart_is_left_to_a_person(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, by: By
) -> None:
    keep(page("north"), woman())
    keep(page("south"), woman())
    (whole,) = store.cases.rows()
    store.rulings.split(whole.number, [page("south").url], by)
    (change,) = keep(page("west"), woman()).changes
    assert {told.source for told in change.case.tellings} == {"west"}
    assert len(store.cases.suggestions(change.case.id)) == 2
