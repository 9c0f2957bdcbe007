"""Articles: kept once, every version beside the others, and their effect on the register in one transaction."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import msgspec
import pytest

from cases.errors import StoreError
from cases.identity import text_sha256
from cases.model import Article, Capture, Judgement, Label, Persons, Report, Stage, Verdict
from cases.register import Decision, Joined, Opened
from cases.store import Kept, Store

Keep = Callable[..., Kept]
MakePage = Callable[..., Article]
MakeReport = Callable[..., Report]


def test_an_article_is_given_back_as_it_was_kept(
    store: Store, page: MakePage, woman: MakeReport, capture: Capture, now: datetime
) -> None:
    judgement = Judgement(
        verdict=Verdict(label=Label.CASE_REPORT, report=True, score=0.9), lang="en", reports=(woman(),)
    )
    kept = store.articles.keep(page(), capture, Decision(judgement=judgement), now=now)
    found = store.articles.get("https://north.example/story")
    assert found is not None
    assert (kept.version, found.latest.article, found.latest.capture) == (1, page(), capture)
    assert found.latest.judgement == judgement


def test_kept_twice_it_gives_nothing_new(store: Store, keep: Keep, page: MakePage, woman: MakeReport) -> None:
    assert [change.kind for change in keep(page(), woman()).changes] == ["new"]
    assert keep(page(), woman()) == Kept()
    (case,) = store.cases.rows()
    assert (case.revision, len(case.tellings), len(store.outbox.pending("weekly"))) == (1, 1, 1)


def test_one_address_in_two_spellings_is_one_article(store: Store, keep: Keep, page: MakePage) -> None:
    keep(page())
    keep(page(url="https://NORTH.example:443/story?utm_source=mail#comments"))
    assert [row.url for row in store.articles.rows()] == ["https://north.example/story"]


def test_a_changed_text_is_a_new_version_and_never_a_new_article(store: Store, keep: Keep, page: MakePage) -> None:
    texts = ["First.", "Second.", "First."]
    kept = [keep(page(text=text)) for text in texts]
    assert [one.version for one in kept] == [1, 2, 3]
    found = store.articles.get(page().url)
    assert found is not None
    assert [one.article.text for one in found.versions] == texts, "going back is an edit too"
    assert len(store.articles.rows()) == 1


def test_a_new_date_of_change_alone_is_no_edit(store: Store, keep: Keep, page: MakePage, now: datetime) -> None:
    keep(page())
    assert keep(page(modified=now), at=now + timedelta(days=1)).version is None
    known = store.articles.known([page().url])[page().url]
    assert (known.modified, known.fetched_at, known.text_sha256) == (
        now,
        now + timedelta(days=1),
        text_sha256(page().text),
    )


def test_known_addresses_are_told_as_they_were_asked(store: Store, keep: Keep, page: MakePage) -> None:
    keep(page())
    asked = ["https://north.example/story#top", "https://north.example/other", "not an address"]
    assert list(store.articles.known(asked)) == ["https://north.example/story#top"]
    assert store.articles.known(f"https://north.example/{i}" for i in range(1200)) == {}


def test_a_long_address_and_hostile_text_are_kept(store: Store, keep: Keep, page: MakePage, woman: MakeReport) -> None:
    url = "https://north.example/" + "a" * 6000
    keep(page(url=url, title="NUL \x00 and \u202e", text="A\x00B " + "북송" * 9), woman(stated_reason="\x00'; --"))
    found = store.articles.get(url)
    assert found is not None
    assert found.row.title == "NUL \ufffd and \u202e"
    assert found.latest.article.text.startswith("A\ufffdB"), "one character for one: offsets stay"


def test_near_misses_are_listed_best_first(store: Store, keep: Keep, page: MakePage, woman: MakeReport) -> None:
    for name, score in (("low", 0.1), ("near", 0.35), ("nearer", 0.49)):
        keep(page(name), score=score)
    keep(page("report"), woman(), score=0.9)
    assert [row.source for row in store.articles.rows(near_misses=True)] == ["nearer", "near"]


def test_articles_are_listed_latest_first_with_their_cases(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    keep(page("old", published=now - timedelta(days=9)))
    keep(page("north"), woman())
    keep(page("undated", published=None), at=now)
    rows = store.articles.rows()
    assert [(row.source, row.cases) for row in rows] == [("undated", ()), ("north", ("2026-0001",)), ("old", ())]
    assert rows[1].tags == ("North Korea",)
    assert [row.source for row in store.articles.rows(limit=1, source="old")] == ["old"]
    assert [row.source for row in store.articles.rows(label=Label.CASE_REPORT)] == ["north"]


# -- the effect on cases ----------------------------------------------------------------------------------------------


def test_two_outlets_make_one_case_with_two_tellings(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport
) -> None:
    keep(page("north"), woman())
    (change,) = keep(page("south"), woman()).changes
    assert (change.kind, change.revision, len(change.case.tellings)) == ("corroborated", 2, 2)
    assert [telling.source_title for telling in change.case.tellings] == ["North", "South"]
    assert store.cases.rows() == [change.case]


def test_an_edited_article_replaces_its_telling(store: Store, keep: Keep, page: MakePage, woman: MakeReport) -> None:
    keep(page(), woman())
    five = woman(persons=Persons(min=5, max=5))
    (change,) = keep(page(text="Edited."), five).changes
    assert (change.kind, change.changed_fields, change.revision) == ("corrected", ("persons",), 2)
    (telling,) = change.case.tellings
    assert (telling.report, telling.article_text, change.case.report.persons) == (five, "Edited.", five.persons)


def test_an_edit_that_changes_no_fact_is_a_version_without_a_revision(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport
) -> None:
    keep(page(), woman())
    kept = keep(page(text="One comma, more."), woman())
    assert (kept.version, kept.changes) == (2, ())
    assert store.cases.rows()[0].tellings[0].article_text == "One comma, more."


def test_an_edit_that_takes_the_report_back_withdraws_the_case_and_keeps_it(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport
) -> None:
    keep(page(), woman())
    (change,) = keep(page(text="We were wrong."), score=0.1).changes
    assert (change.kind, change.revision) == ("withdrawn", 2)
    assert change.case.tellings[0].article_text == "Text of north.", "shown as it was told last"
    assert store.articles.rows()[0].cases == ()


def test_an_edit_by_one_of_two_outlets_leaves_the_other_telling(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport
) -> None:
    keep(page("north"), woman())
    keep(page("south"), woman())
    (change,) = keep(page("north", text="Nothing."), score=0.1).changes
    assert (change.kind, change.changed_fields) == ("corrected", ("reports",))
    assert [telling.source for telling in change.case.tellings] == ["south"]


def test_each_revision_is_kept_with_what_changed(store: Store, keep: Keep, page: MakePage, woman: MakeReport) -> None:
    keep(page("north"), woman())
    (change,) = keep(page("south"), woman(stage=Stage.COMPLETED)).changes
    first, second = store.cases.revisions(change.case.id)
    assert (first.kind, first.report.stage) == ("new", Stage.IN_CUSTODY_AT_RISK)
    assert (second.kind, second.report.stage, second.changed_fields) == ("updated", Stage.COMPLETED, ("stage",))


def test_a_mention_of_a_case_that_is_known_repeats_it_without_a_revision(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport
) -> None:
    keep(page("north"), woman())
    (change,) = keep(page("north", url="https://north.example/again"), woman()).changes
    assert (change.kind, change.revision, change.case.revision) == ("repeated", 1, 1)


def test_names_of_every_report_of_the_article_come_with_its_telling(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport
) -> None:
    victims = (msgspec.structs.replace(woman().victims[0], name="Ok Bo-ra"),)
    keep(page(), woman(), woman(victims=victims, events=()))
    for case in store.cases.rows():
        assert case.tellings[0].protected_names == ("Mun Ha-eun", "Ok Bo-ra")


def test_a_decision_about_a_case_that_is_not_there_keeps_nothing(
    store: Store, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    joined = Joined(report=woman(), case_id="nowhere", merged=woman(), change="updated")
    judgement = Judgement(verdict=Verdict(label=Label.CASE_REPORT, report=True, score=0.9), lang="en")
    with pytest.raises(StoreError, match="nowhere"):
        store.articles.keep(page(), None, Decision(judgement=judgement, effects=(joined,)), now=now)
    assert store.articles.rows() == []


def test_a_decision_made_on_an_old_state_does_not_undo_what_came_between(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    (opened,) = keep(page("north"), woman()).changes
    stale = Joined(report=woman(), case_id=opened.case.id, merged=woman(), change="corroborated")
    keep(page("south"), woman(stage=Stage.COMPLETED))
    judgement = Judgement(verdict=Verdict(label=Label.CASE_REPORT, report=True, score=0.9), lang="en")
    decision = Decision(judgement=judgement, effects=(stale,))
    (change,) = store.articles.keep(page("west"), None, decision, now=now).changes
    assert (change.case.report.stage, len(change.case.tellings)) == (Stage.COMPLETED, 3)


def test_one_store_serves_several_threads(store: Store, page: MakePage, woman: MakeReport, now: datetime) -> None:
    judgement = Judgement(verdict=Verdict(label=Label.CASE_REPORT, report=True, score=0.9), lang="en")
    decision = Decision(judgement=judgement, effects=(Opened(report=woman()),))

    def keep_some(who: int) -> list[bool]:
        kept = [store.articles.keep(page(f"outlet{who}-{i}"), None, decision, now=now) for i in range(6)]
        return [one.version == 1 for one in kept]

    with ThreadPoolExecutor(4) as pool:
        assert all(all(part) for part in pool.map(keep_some, range(4)))
    assert len({case.number for case in store.cases.rows()}) == 24
