"""Which case is it? Precision first: two women in one town stay two, one crowd told twice is one."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.linking import is_news, link, link_all, telling_of
from cases.merging import merge
from cases.model import (
    Age,
    Article,
    Authority,
    Event,
    Evidence,
    Informant,
    Mention,
    Outcome,
    Persons,
    Place,
    Report,
    Stage,
    Victim,
)
from cases.register import Case, CaseStatus, Joined, Opened, Unsure

PUBLISHED = datetime(2026, 11, 20, 8, tzinfo=UTC)
TOWN = Place(role="residence", name="Hunchun", parents=("Yanbian", "Jilin"), country="CN", level="county")


def event(kind: str, start: str, end: str | None = None) -> Event:
    first, last = date.fromisoformat(start), date.fromisoformat(end or start)
    precision = "day" if first == last else "week" if (last - first).days < 8 else "month"
    return msgspec.convert({"type": kind, "start": first, "end": last, "precision": precision}, Event)


WOMAN = Report(
    mention=Mention.PRIMARY,
    stage=Stage.COMPLETED,
    from_state="CN",
    to_state="KP",
    multiplicity="individual",
    persons=Persons(min=1, max=1),
    victims=(Victim(label="V1", sex="female", nationality="KP"),),
    events=(event("arrest", "2026-11-12"),),
    places=(TOWN,),
)


def woman(**other: object) -> Report:
    """One woman, seized on a known day in a known town."""
    return msgspec.structs.replace(WOMAN, **other)


def crowd(count: Persons, when: Event, **other: object) -> Report:
    plain = woman(multiplicity="mass", persons=count, events=(when,), victims=(), places=())
    return msgspec.structs.replace(plain, **other)


def article(outlet: str, *, days: float = 0, text: str = "", number: int = 1) -> Article:
    return Article(
        url=f"https://{outlet}.example/{number}",
        title=f"{outlet} {number}",
        text=text or f"Text of {outlet}, {number}.",
        lang="en",
        published=PUBLISHED + timedelta(days=days),
        source=outlet,
    )


def opened(report: Report, page: Article, *, ordinal: int = 1, announce: bool = True) -> Case:
    return Case(
        id=f"case-{ordinal}",
        number=f"2026-{ordinal:04d}",
        revision=1,
        status=CaseStatus.NEW,
        report=report,
        tellings=(telling_of(report, page, page.source),),
        opened_at=PUBLISHED,
        changed_at=PUBLISHED,
        announce=announce,
    )


def told_after(first: Report, second: Report, *, days: float = 0) -> Opened | Joined | Unsure:
    """What the second report does when another outlet has told the first."""
    return link(second, article("second", days=days), [opened(first, article("first"))])


# -- the same act -----------------------------------------------------------------------------------------------------


def test_a_report_of_which_nothing_is_known_opens_a_case() -> None:
    assert link(woman(), article("first"), []) == Opened(report=woman(), announce=True)


def test_the_same_arrest_told_by_another_outlet_is_corroborated() -> None:
    effect = told_after(woman(), woman())
    assert isinstance(effect, Joined)
    assert (effect.case_id, effect.change, effect.changed_fields) == ("case-1", "corroborated", ())


def test_a_second_article_of_the_same_outlet_only_repeats() -> None:
    effect = link(woman(), article("first", number=2), [opened(woman(), article("first"))])
    assert isinstance(effect, Joined)
    assert effect.change == "repeated"


def test_a_syndicated_text_only_repeats() -> None:
    case = opened(woman(), article("first", text="Wire text.\n\nOne woman."))
    effect = link(woman(), article("second", text="Wire text. One woman."), [case])
    assert isinstance(effect, Joined)
    assert effect.change == "repeated"


def test_an_outlet_that_cites_the_first_only_repeats() -> None:
    citing = woman(informants=(Informant(kind="media", name="First"),))
    effect = told_after(woman(), citing)
    assert isinstance(effect, Joined)
    assert effect.change == "repeated"


def test_a_follow_up_that_moves_stage_and_outcome_updates() -> None:
    held = woman(stage=Stage.IN_CUSTODY_AT_RISK)
    back = woman(
        events=(event("arrest", "2026-11-12"), event("return", "2026-11-30")),
        outcome=Outcome(value="imprisoned", as_of=date(2026, 12, 2)),
    )
    effect = told_after(held, back, days=12)
    assert isinstance(effect, Joined)
    assert effect.change == "updated"
    assert effect.changed_fields == ("stage", "events", "outcome")
    assert effect.merged.stage is Stage.COMPLETED


def test_an_older_article_found_late_does_not_set_the_stage_back() -> None:
    effect = told_after(woman(), woman(stage=Stage.IN_CUSTODY_AT_RISK), days=-3)
    assert isinstance(effect, Joined)
    assert (effect.change, effect.merged.stage) == ("corroborated", Stage.COMPLETED)


WEEK = event("return", "2026-11-13", "2026-11-19")


@pytest.mark.parametrize(
    ("count", "when", "shown"),
    [
        (Persons(min=500, max=None, qualifier="at_least"), (WEEK,), "at_least"),
        (Persons(min=600, max=600), (WEEK,), "exact"),
        (Persons(min=600, max=600), (), "exact"),
    ],
)
def test_a_mass_return_told_with_two_figures_in_one_week_is_one_case(
    count: Persons, when: tuple[Event, ...], shown: str
) -> None:
    first = crowd(Persons(min=600, max=600), event("return", "2026-11-17"))
    effect = told_after(first, crowd(count, WEEK, events=when))
    assert isinstance(effect, Joined)
    assert effect.change == "corroborated"
    assert effect.merged.persons is not None
    assert (effect.merged.persons.min, effect.merged.persons.qualifier) == (count.min, shown)


def test_conflicting_counts_stand_side_by_side_and_the_lowest_leads() -> None:
    first, second = Persons(min=600, max=600), Persons(min=200, max=300)
    effect = told_after(crowd(first, event("return", "2026-10-09")), crowd(second, event("return", "2026-10-09")))
    assert isinstance(effect, Joined)
    assert (effect.merged.persons, effect.change) == (second, "updated")
    assert "persons" in effect.changed_fields


def test_a_higher_figure_is_a_change_though_the_lower_one_stays() -> None:
    first, second = Persons(min=200, max=200), Persons(min=600, max=600)
    effect = told_after(crowd(first, event("return", "2026-10-09")), crowd(second, event("return", "2026-10-09")))
    assert isinstance(effect, Joined)
    assert (effect.merged.persons, effect.change, effect.changed_fields) == (first, "updated", ("persons",))


def test_a_group_told_with_two_towns_two_days_and_two_ages_is_one_case() -> None:
    def seven(town: str, when: Event, age: int) -> Report:
        return woman(
            stage=Stage.IN_CUSTODY_AT_RISK,
            multiplicity="group",
            persons=Persons(min=7, max=7),
            victims=(Victim(label="V1", sex="female", age=Age(min=age, max=age), minor=True),),
            events=(when,),
            places=(Place(role="held", name=town, parents=("Liaoning",), country="CN", level="prefecture"),),
        )

    first = seven("Shenyang", event("arrest", "2019-04-22", "2019-04-28"), 9)
    effect = told_after(first, seven("Anshan", event("detention", "2019-04-28"), 10))
    assert isinstance(effect, Joined)


# -- not the same act -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("events", (event("arrest", "2026-11-18"),)),
        ("events", (event("return", "2026-11-01"),)),
        ("places", (Place(role="residence", name="Dandong", parents=("Liaoning",), country="CN", level="prefecture"),)),
        ("victims", (Victim(label="V1", sex="male", nationality="KP"),)),
        ("victims", (Victim(label="V1", sex="female", nationality="CN"),)),
        ("persons", Persons(min=2, max=2)),
        ("from_state", "RU"),
        ("to_state", "CN"),
        ("stage", Stage.DEATH_BEFORE_RETURN),
        ("multiplicity", "aggregate_statistic"),
    ],
)
def test_one_contradicting_fact_keeps_two_cases_apart(field: str, value: object) -> None:
    effect = told_after(woman(), woman(**{field: value}))
    assert not isinstance(effect, Joined)


def test_ages_that_exclude_each_other_keep_two_women_apart() -> None:
    young = (Victim(label="V1", sex="female", age=Age(min=24, max=24)),)
    old = (Victim(label="V1", sex="female", age=Age(min=40, max=49)),)
    assert isinstance(told_after(woman(victims=young), woman(victims=old)), Opened)


@pytest.mark.parametrize("events", [(), (event("arrest", "2026-11-01", "2026-11-30"),)])
def test_two_unnamed_women_in_one_town_stay_two_cases(events: tuple[Event, ...]) -> None:
    effect = told_after(woman(events=events), woman(events=events))
    assert isinstance(effect, Unsure)
    assert effect.candidates == ("case-1",)


def test_a_pseudonym_links_nothing() -> None:
    named = (Victim(label="V1", name="Mun Ha-eun", pseudonym=True, sex="female"),)
    alike = woman(victims=named, events=(), places=())
    assert isinstance(told_after(alike, alike, days=200), Opened)


def test_a_real_name_helps_where_days_are_vague() -> None:
    named = (Victim(label="V1", name="Mun Ha-eun", pseudonym=False, sex="female"),)
    turned = (Victim(label="V1", name="HA-EUN MUN", pseudonym=False, sex="female"),)
    month = (event("arrest", "2026-11-01", "2026-11-30"),)
    assert isinstance(told_after(woman(victims=named, events=month), woman(victims=turned, events=month)), Joined)


def test_two_real_names_are_two_people() -> None:
    one = (Victim(label="V1", name="Mun Ha-eun", pseudonym=False, sex="female"),)
    other = (Victim(label="V1", name="Ok Bo-ra", pseudonym=False, sex="female"),)
    assert isinstance(told_after(woman(victims=one), woman(victims=other)), Opened)


def test_an_aggregate_does_not_swallow_a_single_case() -> None:
    total = crowd(Persons(min=406, max=None, qualifier="at_least"), WEEK, multiplicity="aggregate_statistic")
    assert isinstance(told_after(total, crowd(Persons(min=406, max=406), WEEK)), Opened)


def test_two_crowds_three_weeks_apart_are_two_cases() -> None:
    first = crowd(Persons(min=80, max=80), event("return", "2026-08-29"))
    assert isinstance(told_after(first, crowd(Persons(min=80, max=80), event("return", "2026-09-18"))), Opened)


# -- one article, several reports -------------------------------------------------------------------------------------


def test_reports_of_one_article_never_join_one_case() -> None:
    effects = link_all([woman(), woman()], article("second"), [opened(woman(), article("first"))])
    assert [type(effect) for effect in effects] == [Joined, Unsure]


def test_cases_that_one_article_tells_apart_are_not_chosen_between() -> None:
    page = article("first")
    twins = [opened(woman(), page, ordinal=1), opened(woman(), page, ordinal=2)]
    effect = link(woman(), article("second"), twins)
    assert isinstance(effect, Unsure)
    assert set(effect.candidates) == {"case-1", "case-2"}


def test_of_two_likely_cases_of_different_outlets_the_likelier_is_joined() -> None:
    poor = opened(woman(authorities=()), article("first"), ordinal=1)
    station = (Authority(name="Hunchun border defence station", type="border_guard"),)
    rich = opened(woman(authorities=station), article("third"), ordinal=2)
    effect = link(woman(authorities=station), article("second"), [poor, rich])
    assert isinstance(effect, Joined)
    assert effect.case_id == "case-2"


# -- an edited article ------------------------------------------------------------------------------------------------


def test_an_edited_value_corrects_the_case_even_where_it_would_contradict_another_outlet() -> None:
    known = opened(woman(persons=Persons(min=5, max=5)), article("first"))
    effect = link(woman(persons=Persons(min=9, max=9)), article("first"), [known])
    assert isinstance(effect, Joined)
    assert (effect.change, effect.changed_fields) == ("corrected", ("persons",))
    assert effect.merged.persons == Persons(min=9, max=9), "the old telling is replaced, not kept beside"


def test_an_edit_that_tells_how_it_went_on_updates_the_case() -> None:
    known = opened(woman(stage=Stage.IMMINENT), article("first"))
    effect = link(woman(), article("first"), [known])
    assert isinstance(effect, Joined)
    assert (effect.change, effect.changed_fields) == ("updated", ("stage",))


def test_an_edit_that_leaves_the_facts_alone_changes_nothing() -> None:
    effect = link(woman(), article("first"), [opened(woman(), article("first"))])
    assert isinstance(effect, Joined)
    assert (effect.change, effect.changed_fields) == ("repeated", ())


def test_the_reports_of_an_edited_article_go_on_with_their_own_cases() -> None:
    page = article("first")
    elsewhere = woman(victims=(Victim(label="V1", sex="male"),), places=(), events=(event("return", "2011-08-01"),))
    known = [opened(woman(), page, ordinal=1), opened(elsewhere, page, ordinal=2)]
    effects = link_all([elsewhere, woman()], page, known)
    assert [effect.case_id for effect in effects if isinstance(effect, Joined)] == ["case-2", "case-1"]


# -- a reprint --------------------------------------------------------------------------------------------------------

DISPATCH = (
    "On Tuesday two officers took a woman from her kitchen in Hunchun while the soup was still on the fire.",
    "She was put across the bridge before the week was out, a man who sweeps the customs yard said.",
    "Her mother-in-law keeps the pot as it was, with a plate over it, and lets nobody wash it.",
    "The officers came back once for the woman's shoes, and were told that she had been wearing them.",
)
LEAD = "The river has taken another of our neighbours, and the men who gave her to it will not say their names."


def dispatch(outlet: str, *paragraphs: str, days: float = 0) -> Article:
    return article(outlet, days=days, text="\n\n".join(paragraphs or DISPATCH))


def quoted(report: Report, page: Article, *sentences: str) -> Report:
    """The report with sentences of its article as evidence; those of the dispatch unless others are given."""
    said = [(text, page.text.index(text)) for text in sentences or DISPATCH[:2]]
    quotes = tuple(Evidence(field="stage", text=text, start=start, end=start + len(text)) for text, start in said)
    return msgspec.structs.replace(report, evidence=quotes)


CONTRADICTING = st.fixed_dictionaries(
    {},
    optional={
        "events": st.sampled_from([(), (event("arrest", "2026-12-03"),), (event("return", "2019-01-01"),)]),
        "places": st.sampled_from(
            [(), (Place(role="held", name="Dandong", parents=("Liaoning",), country="CN", level="county"),)]
        ),
        "persons": st.sampled_from([None, Persons(min=2, max=2), Persons(min=600, max=600)]),
        "victims": st.sampled_from([(), (Victim(label="V1", sex="male"),)]),
        "from_state": st.sampled_from([None, "RU"]),
        "to_state": st.sampled_from([None, "CN"]),
        "stage": st.sampled_from(list(Stage)),
    },
)


@settings(max_examples=150)
@given(CONTRADICTING, st.floats(-400, 400), st.booleans(), st.integers(2, 4))
def test_a_copy_always_joins_its_originals_case_whatever_is_read_out_of_it(
    fields: dict[str, object], days: float, leads: bool, kept: int
) -> None:
    first = dispatch("first")
    copy = dispatch("second", *([LEAD] if leads else []), *DISPATCH[:kept], days=days)
    likely = opened(quoted(woman(), first), first, ordinal=2)
    decoy = opened(woman(**fields), article("third"), ordinal=1)
    effect = link(quoted(woman(**fields), copy), copy, [decoy, likely])
    assert isinstance(effect, Joined)
    assert effect.case_id == "case-2"
    assert effect.change != "corroborated"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (DISPATCH[:2], ("On Friday three officers took a girl from a bus in Dandong.",)),
        (("Nothing of it.",), ("On Friday three officers took a girl from a bus in Dandong.",)),
    ],
)
def test_other_sentences_in_a_text_however_alike_are_compared_as_facts(
    text: tuple[str, ...], sentences: tuple[str, ...]
) -> None:
    first, second = dispatch("first"), dispatch("second", *sentences, *text)
    other = quoted(woman(events=(event("arrest", "2026-12-03"),)), second, *sentences)
    assert isinstance(link(other, second, [opened(quoted(woman(), first), first)]), Opened)


def test_a_second_article_of_the_same_outlet_is_no_reprint() -> None:
    first, again = dispatch("first"), msgspec.structs.replace(dispatch("first"), url="https://first.example/2")
    later = quoted(woman(events=(event("arrest", "2026-12-03"),)), again)
    assert isinstance(link(later, again, [opened(quoted(woman(), first), first)]), Opened)


def test_the_reports_of_a_reprint_go_to_the_cases_of_the_originals_reports() -> None:
    first, copy = dispatch("first"), dispatch("second", LEAD, *DISPATCH)
    man = woman(victims=(Victim(label="V1", sex="male"),), events=())
    one = opened(quoted(woman(), first, DISPATCH[0]), first, ordinal=1)
    two = opened(quoted(man, first, DISPATCH[2]), first, ordinal=2)
    effects = link_all([quoted(man, copy, DISPATCH[2]), quoted(woman(), copy, DISPATCH[0])], copy, [one, two])
    assert [effect.case_id for effect in effects if isinstance(effect, Joined)] == ["case-2", "case-1"]


def test_a_report_that_a_reprint_adds_never_joins_the_case_of_another_of_its_reports() -> None:
    first, copy = dispatch("first"), dispatch("second", *DISPATCH, LEAD)
    known = opened(quoted(woman(), first), first)
    effects = link_all([quoted(woman(), copy), quoted(woman(), copy, LEAD)], copy, [known])
    assert [type(effect) for effect in effects] == [Joined, Opened]


def test_a_reprint_and_its_original_that_both_contradict_keep_a_story_out() -> None:
    first, copy = dispatch("first"), dispatch("second")
    other = (telling_of(woman(), article("third"), "third"),)
    later = quoted(woman(events=(event("arrest", "2026-12-22"),)), first)
    both = (telling_of(later, first, "first"), telling_of(later, copy, "second"), *other)
    known = msgspec.structs.replace(opened(woman(), article("third")), tellings=both)
    assert not isinstance(link(woman(), article("fourth"), [known]), Joined)


def test_a_reprint_repeats_and_one_that_tells_how_it_went_on_updates() -> None:
    first, copy = dispatch("first"), dispatch("second")
    known = opened(quoted(woman(stage=Stage.IMMINENT), first), first)
    same = link(quoted(woman(stage=Stage.IMMINENT), copy), copy, [known])
    more = link(quoted(woman(), copy), copy, [known])
    assert isinstance(same, Joined)
    assert isinstance(more, Joined)
    assert (same.change, same.changed_fields) == ("repeated", ())
    assert (more.change, more.changed_fields) == ("updated", ("stage",))


def test_an_old_story_that_is_printed_again_today_is_not_announced() -> None:
    first, copy = dispatch("first", days=-900), dispatch("second")
    old = opened(quoted(woman(), first), first, announce=False)
    effect = link(quoted(woman(), copy), copy, [old], announce_since=PUBLISHED.date())
    assert isinstance(effect, Joined)
    assert effect.change == "repeated"


def test_two_papers_with_one_dispatch_of_an_agency_do_not_corroborate_each_other() -> None:
    first = article("first")
    known = opened(woman(), first)
    known = msgspec.structs.replace(known, tellings=(telling_of(woman(), first, "First", credited=("Yonhap",)),))
    same = link(woman(), article("second"), [known], credited=("Yonhap",))
    other = link(woman(), article("second"), [known], credited=("AFP",))
    assert isinstance(same, Joined)
    assert isinstance(other, Joined)
    assert (same.change, other.change) == ("repeated", "corroborated")


def test_a_reprint_under_another_date_does_not_keep_an_independent_story_out() -> None:
    first, copy = dispatch("first"), dispatch("second", days=40)
    other_day = woman(events=(event("arrest", "2026-12-22"),))
    known = opened(quoted(woman(), first), first)
    both = (*known.tellings, telling_of(quoted(other_day, copy), copy, "second"))
    effect = link(woman(), article("third"), [msgspec.structs.replace(known, tellings=both)])
    assert isinstance(effect, Joined)
    assert effect.change == "corroborated"
    alone = msgspec.structs.replace(known, tellings=both[1:])
    assert not isinstance(link(woman(), article("third"), [alone]), Joined)


# -- new, or only newly found -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("report", "days", "announced"),
    [
        (woman(), 0, True),
        (woman(events=()), 0, True),
        (woman(events=(event("arrest", "2016-01-23"),)), 0, True),
        (woman(), -90, False),
        (woman(mention=Mention.PREVIOUSLY_REPORTED), 0, False),
        (woman(mention=Mention.REFERENCE), 0, False),
        (woman(mention=Mention.BACKGROUND), 0, False),
        (woman(mention=Mention.SECONDARY), 0, True),
    ],
)
def test_what_is_old_is_listed_and_not_announced(report: Report, days: float, announced: bool) -> None:
    effect = link(report, article("first", days=days), [], date(2026, 11, 1))
    assert isinstance(effect, Opened)
    assert effect.announce is announced


def test_an_undated_article_is_not_taken_for_old() -> None:
    undated = msgspec.structs.replace(article("first"), published=None)
    assert is_news(telling_of(woman(events=()), undated, ""), date(2026, 11, 1))


def test_a_case_that_was_only_mentioned_becomes_new_when_it_is_told() -> None:
    mentioned = woman(mention=Mention.PREVIOUSLY_REPORTED)
    effect = link(woman(), article("second"), [opened(mentioned, article("first"), announce=False)])
    assert isinstance(effect, Joined)
    assert effect.change == "new"


def test_another_old_article_about_an_old_case_stays_quiet() -> None:
    case = opened(woman(), article("first", days=-300), announce=False)
    effect = link(woman(), article("second", days=-299), [case], date(2026, 11, 1))
    assert isinstance(effect, Joined)
    assert effect.change == "backfilled"


@pytest.mark.parametrize("mentioned_first", [True, False])
def test_a_crowd_mentioned_in_passing_is_the_one_that_was_told(mentioned_first: bool) -> None:
    told = crowd(Persons(min=600, max=600), event("return", "2026-11-12"))
    aside = crowd(Persons(min=600, max=600), WEEK, mention=Mention.BACKGROUND, from_state=None, events=())
    first, second = (aside, told) if mentioned_first else (told, aside)
    assert isinstance(told_after(first, second, days=1), Joined)


def test_a_woman_mentioned_in_passing_is_not_taken_for_another() -> None:
    aside = woman(mention=Mention.BACKGROUND, events=())
    assert not isinstance(told_after(woman(), aside), Joined)


def test_a_mention_in_passing_is_no_corroboration() -> None:
    effect = told_after(woman(), woman(mention=Mention.BACKGROUND))
    assert isinstance(effect, Joined)
    assert effect.change == "repeated"


# -- the order of arrival ---------------------------------------------------------------------------------------------

TOWNS = [("Hunchun", "Jilin"), ("Donggang", "Liaoning"), ("Hulin", "Heilongjiang")]


@st.composite
def worlds(draw: st.DrawFn) -> list[tuple[str, Report, Article]]:
    """Acts that differ in town and month, each told by one to three outlets that all know the day."""
    told = []
    for act in range(draw(st.integers(1, 4))):
        town, province = TOWNS[act % len(TOWNS)]
        place = Place(role="arrest", name=town, parents=(province,), country="CN", level="county")
        day = event("arrest", f"2026-{draw(st.sampled_from([2, 5, 8])) + (act // 3):02d}-10")
        for outlet in range(draw(st.integers(1, 3))):
            report = woman(
                events=(day,),
                places=(place,),
                stage=draw(st.sampled_from([Stage.COMPLETED, Stage.IMMINENT, Stage.IN_CUSTODY_AT_RISK])),
                outcome=draw(st.sampled_from([None, Outcome(value="fate_unknown"), Outcome(value="detained")])),
                persons=draw(st.sampled_from([None, Persons(min=1, max=1)])),
            )
            page = article(f"outlet{outlet}", days=draw(st.integers(0, 9)), number=act)
            told.append((f"act{act}", report, page))
    return told


def register(told: Sequence[tuple[str, Report, Article]]) -> list[Case]:
    """Link report after report, as the store would."""
    cases: list[Case] = []
    for _, report, page in told:
        effect = link(report, page, cases)
        if isinstance(effect, Joined):
            index = next(i for i, case in enumerate(cases) if case.id == effect.case_id)
            tellings = (*cases[index].tellings, telling_of(report, page, page.source))
            cases[index] = msgspec.structs.replace(cases[index], report=effect.merged, tellings=tellings)
        else:
            cases.append(opened(report, page, ordinal=len(cases) + 1))
    return cases


@settings(max_examples=60)
@given(worlds().flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_linking_does_not_depend_on_the_order_of_arrival(
    orders: tuple[list[tuple[str, Report, Article]], list[tuple[str, Report, Article]]],
) -> None:
    def result(told: Sequence[tuple[str, Report, Article]]) -> set[tuple[frozenset[str], bytes]]:
        return {
            (frozenset(telling.url for telling in case.tellings), msgspec.json.encode(case.report))
            for case in register(told)
        }

    told, shuffled = orders
    assert result(told) == result(shuffled)
    assert len(result(told)) == len({act for act, _, _ in told})


@given(worlds().flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_the_merged_report_does_not_depend_on_the_order_of_tellings(
    orders: tuple[list[tuple[str, Report, Article]], list[tuple[str, Report, Article]]],
) -> None:
    told, shuffled = ([telling_of(report, page, "") for _, report, page in order] for order in orders)
    assert merge(told) == merge(shuffled)
