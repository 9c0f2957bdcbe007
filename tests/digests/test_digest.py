from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from cases.disclosure import Policy
from cases.ledger import Run, SourceOutcome
from cases.model import Event, Label, Place, Stage, Victim
from cases.register import Case, CaseStatus
from cases.store import By, CaseChange, DigestRecord, Kept, SourceSlot, Store
from digests.choice import strongest
from digests.digest import compose, gather, is_due, is_urgent, last_told
from digests.material import Material
from digests.rendering import render
from digests.spec import DigestSpec
from digests.view import Digest

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
Tell = Callable[..., Kept]


def spec(**more: Any) -> DigestSpec:  # noqa: ANN401 - as TOML gives it
    given = {"name": "weekly", "schedule": "Mon 07:00", "timezone": "Asia/Seoul"}
    return DigestSpec.model_validate(given | more)


def gathered(store: Store, *, now: datetime = NOW, since: datetime | None = None, **more: Any) -> Digest:  # noqa: ANN401 - as above
    return gather(store, spec(**more), now=now, policy=Policy(), since=since)


def put_together(changes: list[CaseChange], shown: frozenset[str] | None = None, **more: Any) -> Digest:  # noqa: ANN401 - as TOML gives it
    material = Material(now=NOW, period="2026-11-23", since=None, changes=tuple(changes), shown=shown)
    return compose(spec(**more), material, policy=Policy())


def recorded(store: Store, digest: Digest, *, at: datetime = NOW) -> None:
    """Record a digest as it is sent, without any message."""
    document = render(digest).json
    record = DigestRecord(
        name=digest.name, period=digest.period, made_at=at, change_ids=digest.change_ids, subject="x", document=document
    )
    store.outbox.record(record, [])


@pytest.fixture
def case(store: Store, tell: Tell) -> Case:
    """A case as the register gives it."""
    return tell(store, "story").changes[0].case


def step(case: Case, kind: Any, number: int = 1, *fields: str) -> CaseChange:  # noqa: ANN401 - a literal
    return CaseChange(id=number, case=case, kind=kind, revision=case.revision, changed_fields=fields, at=NOW)


def test_a_new_case_comes_with_the_sentence_in_its_paragraph(store: Store, tell: Tell) -> None:
    tell(store, "story")
    (told,) = gathered(store).cards
    assert told.headline == "Two women forcibly returned from China to North Korea"
    assert [(piece.text, piece.mark) for piece in told.sources[0].passages[0].pieces] == [
        ("A neighbour was there. ", ""),
        ("Officers handed two women over at the river last month.", "main"),
        (" Nobody has heard of them since.", ""),
    ]
    assert told.sources[0].url == "https://news.example.org/story"
    assert (told.change, told.revision, told.number) == ("new", 1, "2026-0001")


def test_what_a_recorded_digest_has_told_does_not_come_again(store: Store, tell: Tell) -> None:
    tell(store, "one")
    first = gathered(store)
    recorded(store, first)
    tell(store, "two", now=NOW + timedelta(hours=1))
    later = gathered(store, now=NOW + timedelta(days=7))
    assert [one.sources[0].url for one in later.cards] == ["https://news.example.org/two"]
    assert gathered(store, name="another").counted("new") == 2, "another digest has told nothing yet"


def test_a_look_back_shows_what_was_told_and_does_not_count_it_as_told_again(store: Store, tell: Tell) -> None:
    tell(store, "one")
    first = gathered(store)
    recorded(store, first)
    back = gathered(store, since=NOW - timedelta(days=2))
    assert len(back.cards) == 1
    assert back.change_ids == ()


def test_an_old_case_newly_found_is_listed_and_not_announced(store: Store, tell: Tell) -> None:
    tell(store, "old", announce=False)
    digest = gathered(store)
    assert digest.cards == ()
    assert len(digest.older) == 1
    assert not digest.is_quiet


def test_a_case_that_people_hold_back_is_not_told(store: Store, tell: Tell) -> None:
    kept = tell(store, "story").changes[0].case
    store.rulings.hold(kept.id, CaseStatus.WITHHELD, By(actor="Mina", at=NOW))
    digest = gathered(store)
    assert (digest.cards, digest.older, digest.withdrawn) == ((), (), ())


def test_a_case_that_was_told_and_then_rejected_is_withdrawn(store: Store, tell: Tell) -> None:
    kept = tell(store, "story").changes[0].case
    first = gathered(store)
    recorded(store, first)
    store.rulings.hold(kept.id, CaseStatus.REJECTED, By(actor="Mina", at=NOW + timedelta(hours=1)))
    later = gathered(store, now=NOW + timedelta(days=7))
    assert later.cards == ()
    assert later.withdrawn == (kept.number,)
    assert not later.is_quiet


def test_the_coverage_counts_from_the_last_digest_that_went_out(store: Store) -> None:
    store.sources.sync([SourceSlot(name="courier", title="Courier", host="a.example", every_s=60, enabled=True)])
    for days, articles in ((9, 5), (3, 2)):
        at = NOW - timedelta(days=days)
        store.runs.record(
            Run(
                source="courier",
                trigger="schedule",
                outcome=SourceOutcome.OK,
                started_at=at,
                finished_at=at,
                entries=articles,
                articles=articles,
                labels={Label.UNRELATED.value: articles},
            )
        )
    assert gathered(store).coverage.articles == 7
    assert gathered(store).coverage.since_words == "the first visit"
    store.outbox.record(DigestRecord(name="weekly", period="a", made_at=NOW - timedelta(days=7), subject="told"), [])
    store.outbox.record(DigestRecord(name="weekly", period="b", made_at=NOW - timedelta(days=1), subject=""), [])
    digest = gathered(store)
    assert digest.coverage.articles == 2
    assert digest.period_words == "16 to 23 November 2026"


def test_nothing_below_a_prefecture_and_no_name_leaves_by_default(store: Store, tell: Tell) -> None:
    tell(
        store,
        "story",
        victims=(Victim(label="V1", name="Officers", sex="female"),),
        events=(Event(type="return", start=date(2026, 10, 14), end=date(2026, 10, 14), precision="day"),),
        places=(Place(role="arrest", name="Longjing", parents=("Yanbian", "Jilin"), country="CN", level="county"),),
    )
    rendered = render(gathered(store))
    for form in (rendered.page_html, rendered.mail_html, rendered.text, rendered.json, rendered.subject):
        assert "Longjing" not in form
        assert "14 October" not in form
        assert "2026-10-14" not in form
        assert "Officers" not in form
    assert "October 2026" in rendered.text


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (["new", "updated", "corroborated"], "new"),
        (["updated", "corroborated", "repeated"], "updated"),
        (["corroborated", "repeated"], "corroborated"),
        (["corrected", "updated"], "corrected"),
        (["backfilled", "updated"], "backfilled"),
        (["repeated"], "repeated"),
    ],
)
def test_several_steps_of_one_case_are_told_once_as_the_strongest(case: Case, kinds: list[str], told: str) -> None:
    assert strongest([step(case, kind) for kind in kinds]) == told


def test_an_update_says_what_it_changed(case: Case) -> None:
    (told,) = put_together([step(case, "updated", 1, "stage"), step(case, "updated", 2, "events[0]", "stage")]).cards
    assert told.changed == ("stage", "dates")
    assert put_together([step(case, "repeated")]).repeated == (case.number,)


@pytest.mark.parametrize(
    ("stage", "age", "urgent"),
    [
        (Stage.IMMINENT, 29, True),
        (Stage.IN_CUSTODY_AT_RISK, 3, True),
        (Stage.IMMINENT, 31, False),
        (Stage.COMPLETED, 1, False),
        (Stage.IMMINENT, None, True),
    ],
)
def test_who_may_still_be_helped_is_urgent(case: Case, stage: Stage, age: int | None, urgent: bool) -> None:
    published = NOW - timedelta(days=age) if age is not None else None
    telling = msgspec.structs.replace(case.tellings[0], published=published)
    report = msgspec.structs.replace(case.report, stage=stage)
    changed = msgspec.structs.replace(case, report=report, tellings=(telling,))
    assert is_urgent(changed, NOW) == urgent
    digest = put_together([step(changed, "new")])
    assert digest.sections[0].key == ("urgent" if urgent else "new")


@pytest.mark.parametrize(
    ("quiet", "days", "due"),
    [("weekly", 7, True), ("weekly", 6, False), ("always", 0, True), ("never", 99, False), ("weekly", None, True)],
)
def test_silence_is_told_as_often_as_was_asked(quiet: str, days: int | None, due: bool) -> None:
    told = (
        DigestRecord(name="weekly", period="x", made_at=NOW - timedelta(days=days), subject="s")
        if days is not None
        else None
    )
    assert is_due(spec(quiet=quiet), put_together([]), told) == due


def test_what_was_passed_over_in_silence_was_not_told() -> None:
    records = [
        DigestRecord(name="weekly", period="b", made_at=NOW, subject=""),
        DigestRecord(name="weekly", period="a", made_at=NOW - timedelta(days=7), subject="told"),
    ]
    assert last_told(records) == records[1]
    assert last_told([]) is None
