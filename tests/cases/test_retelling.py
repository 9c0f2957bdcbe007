"""What one more telling adds to a case: news, a correction, another origin, or nothing that needs saying."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.linking import telling_of
from cases.merging import merge
from cases.model import Article, Event, Informant, Mention, Outcome, Persons, Place, Report, Stage, Victim
from cases.register import Case, CaseStatus, Joined, Telling
from cases.retelling import changed_fields, join, moved_fields

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PLAIN = Report(mention=Mention.PRIMARY, stage=Stage.IN_CUSTODY_AT_RISK, from_state="CN", to_state="KP")
STORY = (
    "Two officers took a woman from her kitchen in Hunchun while the soup was still on the fire. Her mother-in-law keeps the "
    "pot as it was, with a plate over it, and lets nobody wash it. The officers came back once for her shoes."
)


def report(**fields: Any) -> Report:  # noqa: ANN401 - fields of the report
    return msgspec.structs.replace(PLAIN, **fields)


def event(kind: str, start: str, end: str | None = None) -> Event:
    return msgspec.convert({"type": kind, "start": start, "end": end or start, "precision": "day"}, Event, strict=False)


def telling(outlet: str, told: Report, *, text: str = "", number: int = 1, days: float = 0) -> Telling:
    page = Article(
        url=f"https://{outlet}.example/{number}",
        title=outlet,
        text=text or f"Text of {outlet}.",
        lang="en",
        published=NOW + timedelta(days=days),
        source=outlet,
    )
    return telling_of(told, page, outlet.title())


def case(*tellings: Telling, announce: bool = True) -> Case:
    return Case(
        id="case-1",
        number="2026-0001",
        revision=1,
        status=CaseStatus.NEW,
        report=merge(tellings),
        tellings=tellings,
        opened_at=NOW,
        changed_at=NOW,
        announce=announce,
    )


def told_after(
    first: Report, then: Telling, *, announced: bool = True, announce: bool = True, text: str = ""
) -> Joined:
    return join(case(telling("north", first, text=text), announce=announced), then, announce=announce)


# -- news -------------------------------------------------------------------------------------------------------------

SEIZED = report(
    events=(event("arrest", "2026-11-12"),),
    persons=Persons(min=2, max=2),
    places=(Place(role="held", name="Hunchun", parents=("Yanbian", "Jilin"), country="CN", level="county"),),
)
ELSEWHERE = Place(role="held", name="Dandong", parents=("Liaoning",), country="CN", level="prefecture")


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"stage": Stage.COMPLETED}, ("stage",)),
        ({"outcome": Outcome(value="imprisoned")}, ("outcome",)),
        ({"persons": Persons(min=1, max=1)}, ("persons",)),
        ({"persons": Persons(min=5, max=5)}, ("persons",)),
        ({"stage": Stage.COMPLETED, "events": (event("return", "2026-11-19"),)}, ("stage", "events")),
    ],
)
def test_a_telling_that_moves_a_fact_updates_the_case(fields: dict[str, Any], changed: tuple[str, ...]) -> None:
    effect = told_after(SEIZED, telling("south", msgspec.structs.replace(SEIZED, **fields)))
    assert (effect.change, effect.changed_fields) == ("updated", changed)


def test_another_origin_that_moves_nothing_corroborates_and_says_what_it_made_finer() -> None:
    vague = report(events=(event("arrest", "2026-11-01", "2026-11-30"),))
    effect = told_after(vague, telling("south", report(events=(event("arrest", "2026-11-12"),))))
    assert (effect.change, effect.changed_fields) == ("corroborated", ("events",))


def test_the_same_origin_again_repeats_and_with_a_finer_fact_updates() -> None:
    vague = report(events=(event("arrest", "2026-11-01", "2026-11-30"),))
    again = told_after(vague, telling("north", vague, number=2))
    finer = told_after(vague, telling("north", report(events=(event("arrest", "2026-11-12"),)), number=2))
    assert (again.change, again.changed_fields) == ("repeated", ())
    assert (finer.change, finer.changed_fields) == ("updated", ("events",))


def test_two_outlets_with_one_informant_repeat_each_other() -> None:
    spoke = (Informant(kind="activist", name="Tae Chol-min", pseudonym=False),)
    assert told_after(report(informants=spoke), telling("south", report(informants=spoke))).change == "repeated"


def test_a_mention_in_passing_repeats_whatever_it_says() -> None:
    aside = msgspec.structs.replace(SEIZED, mention=Mention.BACKGROUND, persons=Persons(min=9, max=9))
    effect = told_after(SEIZED, telling("south", aside))
    assert (effect.change, effect.changed_fields) == ("repeated", ())


@pytest.mark.parametrize(("announce", "change"), [(True, "new"), (False, "backfilled")])
def test_a_case_that_was_not_announced_becomes_news_with_the_first_telling_that_is(announce: bool, change: str) -> None:
    effect = told_after(SEIZED, telling("south", SEIZED), announced=False, announce=announce)
    assert effect.change == change


@pytest.mark.parametrize(("days", "change"), [(31, "new"), (400, "corroborated")])
def test_an_old_case_that_was_told_of_long_ago_is_never_new(days: float, change: str) -> None:
    effect = told_after(SEIZED, telling("south", SEIZED, days=days), announced=False)
    assert effect.change == change


# -- a reprint --------------------------------------------------------------------------------------------------------


def test_a_reprint_repeats_and_adds_its_telling() -> None:
    effect = told_after(SEIZED, telling("south", SEIZED, text=STORY, days=3), text=STORY)
    assert (effect.change, effect.changed_fields) == ("repeated", ())


def test_a_reprint_of_what_was_not_announced_is_not_announced_either() -> None:
    assert told_after(SEIZED, telling("south", SEIZED, text=STORY), announced=False, text=STORY).change == "repeated"


def test_a_reprint_that_goes_on_with_the_story_updates() -> None:
    went_on = msgspec.structs.replace(SEIZED, outcome=Outcome(value="released"))
    effect = told_after(SEIZED, telling("south", went_on, text=f"{STORY} She was let go on Friday."), text=STORY)
    assert (effect.change, effect.changed_fields) == ("updated", ("outcome",))


def test_a_reprint_that_counts_its_days_from_a_later_date_moves_nothing() -> None:
    later = msgspec.structs.replace(SEIZED, events=(event("arrest", "2026-11-19"),))
    effect = told_after(SEIZED, telling("south", later, text=STORY, days=7), text=STORY)
    assert (effect.change, effect.merged.events) == ("repeated", SEIZED.events)


# -- an edit ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "change"),
    [
        ({}, "repeated"),
        ({"persons": Persons(min=3, max=3)}, "corrected"),
        ({"stage": Stage.COMPLETED}, "updated"),
        ({"outcome": Outcome(value="released")}, "updated"),
        ({"outcome": Outcome(value="fate_unknown")}, "corrected"),
    ],
)
def test_an_edit_corrects_unless_it_says_how_the_act_went_on(fields: dict[str, Any], change: str) -> None:
    effect = told_after(SEIZED, telling("north", msgspec.structs.replace(SEIZED, **fields)))
    assert (effect.change, effect.changed_fields) == (change, tuple(fields))


# -- what counts as a change ------------------------------------------------------------------------------------------


def test_other_words_for_the_same_facts_are_no_change() -> None:
    worded = report(
        persons=Persons(min=2, max=2, raw="a couple"),
        events=(msgspec.structs.replace(event("arrest", "2026-11-12"), raw="last Thursday", anchor="publication"),),
        victims=(Victim(label="V1", name="Mun", pseudonym=True, sex="female"),),
        informants=(Informant(kind="witness"),),
    )
    plain = report(
        persons=Persons(min=2, max=2, raw="two people"),
        events=(event("arrest", "2026-11-12"),),
        victims=(Victim(label="V1", name="Ok", sex="female"),),
    )
    assert changed_fields(worded, plain) == ()


def test_fields_are_named_as_the_contract_names_them() -> None:
    assert changed_fields(report(), report(from_state="RU", to_state="CN")) == ("from", "to")


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ({"stage": Stage.UNKNOWN}, {"stage": Stage.FEARED}, set()),
        ({}, {"persons": Persons(min=2, max=2)}, set()),
        ({"persons": Persons(min=600, max=600)}, {"persons": Persons(min=550, max=550, qualifier="about")}, set()),
        ({"persons": Persons(min=600, max=600)}, {"persons": Persons(min=200, max=300)}, {"persons"}),
        (
            {"events": (event("arrest", "2026-11-01", "2026-11-30"),)},
            {"events": (event("arrest", "2026-11-12"),)},
            set(),
        ),
        ({"events": (event("arrest", "2026-11-12"),)}, {"events": (event("arrest", "2026-11-20"),)}, {"events"}),
        ({"places": SEIZED.places}, {"places": (ELSEWHERE,)}, {"places"}),
        ({"places": ()}, {"places": (ELSEWHERE,)}, set()),
        ({}, {"outcome": Outcome(value="fate_unknown")}, set()),
    ],
)
def test_a_finer_value_moves_nothing_and_another_one_does(
    before: dict[str, Any], after: dict[str, Any], moved: set[str]
) -> None:
    assert moved_fields(report(**before), report(**after)) == moved


COUNTS = st.none() | st.integers(1, 900).map(lambda n: Persons(min=n, max=n))
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))
REPORTS = st.builds(
    lambda stage, persons, day: report(
        stage=stage, persons=persons, events=() if day is None else (event("arrest", day.isoformat()),)
    ),
    st.sampled_from(list(Stage)),
    COUNTS,
    DAYS,
)


@given(REPORTS, REPORTS)
def test_what_moved_has_changed(before: Report, after: Report) -> None:
    assert moved_fields(before, after) <= set(changed_fields(before, after))
    assert changed_fields(before, before) == ()


@given(REPORTS)
def test_the_same_told_again_never_changes_anything(told: Report) -> None:
    assert told_after(told, telling("north", told)).change == "repeated"
    assert told_after(told, telling("north", told, number=2)).change == "repeated"
    assert told_after(told, telling("south", told, text=STORY), text=STORY).change == "repeated"
    assert told_after(told, telling("south", told)).change == "corroborated"
