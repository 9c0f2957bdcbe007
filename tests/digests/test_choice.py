from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from cases.disclosure import Policy
from cases.register import Case, CaseStatus
from cases.store import By, CaseChange, DigestRecord, Kept, Store
from digests.choice import told_as, withdrawn
from digests.digest import gather
from digests.material import DigestBefore, Material
from digests.rendering import render
from digests.spec import DigestSpec
from digests.view import Digest

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
LONG_AGO = NOW - timedelta(days=900)
Tell = Callable[..., Kept]


@pytest.fixture
def case(store: Store, tell: Tell) -> Case:
    """A case as the register gives it."""
    return tell(store, "story").changes[0].case


def step(case: Case, kind: Any, number: int = 1) -> CaseChange:  # noqa: ANN401 - a literal
    return CaseChange(id=number, case=case, kind=kind, revision=case.revision, at=NOW)


def material(*steps: CaseChange, shown: frozenset[str] | None = frozenset(), digests_before: int = 1) -> Material:
    before = (DigestBefore(created_at=NOW - WEEK),) * digests_before
    return Material(now=NOW, period="2026-11-23", since=NOW - WEEK, changes=steps, shown=shown, before=before)


def gathered(store: Store, *, now: datetime = NOW, **more: Any) -> Digest:  # noqa: ANN401 - as TOML gives it
    spec = DigestSpec.model_validate({"name": "weekly", "schedule": "Mon 07:00", **more})
    return gather(store, spec, now=now, policy=Policy())


def recorded(store: Store, digest: Digest, *, at: datetime = NOW) -> None:
    document = render(digest).json
    record = DigestRecord(
        name=digest.name, period=digest.period, made_at=at, change_ids=digest.change_ids, subject="x", document=document
    )
    store.outbox.record(record, [])


@pytest.mark.parametrize(("kind", "told"), [("new", "updated"), ("updated", "updated"), ("repeated", "repeated")])
def test_what_readers_have_been_shown_is_never_new_to_them_again(case: Case, kind: str, told: str) -> None:
    steps = [step(case, kind)]
    assert told_as(steps, material(*steps, shown=frozenset({case.number}))) == told


def test_a_case_known_for_years_is_not_new_to_a_list_that_begins_today(case: Case) -> None:
    known = msgspec.structs.replace(case, opened_at=LONG_AGO)
    steps = [step(known, "new"), step(known, "repeated", 2)]
    assert told_as(steps, material(*steps, digests_before=0)) == "backfilled"
    assert told_as(steps[:1], material(*steps[:1])) == "new", "a list whose digests were late is told it in full"


@pytest.mark.parametrize(
    ("opened_at", "announce", "told"),
    [(NOW - WEEK, True, "new"), (LONG_AGO, True, "corroborated"), (NOW, False, "corroborated")],
)
def test_what_a_filter_passed_over_is_new_once_it_passes(
    case: Case, opened_at: datetime, announce: bool, told: str
) -> None:
    now_passes = msgspec.structs.replace(case, opened_at=opened_at, announce=announce)
    steps = [step(now_passes, "corroborated")]
    assert told_as(steps, material(*steps)) == told


def test_only_what_readers_were_shown_is_withdrawn(case: Case) -> None:
    rejected = step(msgspec.structs.replace(case, status=CaseStatus.REJECTED), "withdrawn")
    assert withdrawn(material(rejected, shown=frozenset({case.number}))) == (case.number,)
    assert withdrawn(material(rejected)) == ()


def test_a_case_that_a_list_passed_over_and_a_person_rejects_is_not_withdrawn_from_it(store: Store, tell: Tell) -> None:
    kept = tell(store, "story").changes[0].case
    recorded(store, gathered(store, states=["RU"]))
    store.rulings.hold(kept.id, CaseStatus.REJECTED, By(actor="Mina", at=NOW + timedelta(hours=1)))
    later = gathered(store, now=NOW + WEEK, states=["RU"])
    assert (later.withdrawn, later.is_quiet) == ((), True)


def test_the_memory_of_what_was_shown_is_as_long_as_the_register(store: Store, tell: Tell) -> None:
    number = tell(store, "story").changes[0].case.number
    recorded(store, gathered(store), at=NOW)
    for week in range(1, 12):
        recorded(store, gathered(store, now=NOW + week * WEEK), at=NOW + week * WEEK)
    again = gathered(store, now=NOW + 12 * WEEK)
    assert again.cards == ()
    assert number not in [card.number for card in (*again.cards, *again.older)]


def test_counts_stand_beside_those_of_the_digests_before(store: Store, tell: Tell) -> None:
    assert gathered(store).history == ()
    tell(store, "one")
    tell(store, "two")
    recorded(store, gathered(store), at=NOW)
    tell(store, "three", now=NOW + timedelta(days=1), stage="imminent")
    digest = gathered(store, now=NOW + WEEK)
    assert [(one.day_words, one.new, one.urgent) for one in digest.history] == [
        ("22 November 2026", 2, 0),
        ("29 November 2026", 1, 1),
    ]
    rendered = render(digest)
    assert "22 November 2026: 2 new, 0 urgent, 0 updated, 0 corroborated, 0 articles." in rendered.text
    assert "29 November 2026 (this one)" in rendered.page_html
    assert "29 November 2026 (this one)" in rendered.mail_html
