"""Origins, not outlets; and disagreements side by side."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.corroboration import Reprint, counts_overlap, disagreements, origin_of_each, origins, reprints
from cases.model import Event, Informant, Mention, Persons, Place, Report, Stage
from cases.register import Telling

FOLDER = Path(__file__).parent / "data" / "reprints"
PLAIN = Report(mention=Mention.PRIMARY, stage=Stage.COMPLETED, from_state="CN", to_state="KP")


STORIES = {
    language: tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    for language in ("en", "ja", "ko", "ru", "zh")
}


def joined(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def told(outlet: str, text: str = "", **fields: object) -> Telling:
    return Telling(
        report=msgspec.structs.replace(PLAIN, **fields),
        url=f"https://{outlet}.example/",
        title="",
        source=outlet,
        source_title=outlet.title(),
        published=datetime(2026, 11, 1, tzinfo=UTC),
        lang="en",
        article_text=text or f"Written by {outlet}.",
    )


def citing(name: str, *, pseudonym: bool | None = None) -> tuple[Informant, ...]:
    return (Informant(kind="activist", name=name, pseudonym=pseudonym),)


@pytest.mark.parametrize(
    ("tellings", "count"),
    [
        ([told("north")], 1),
        ([told("north"), told("south")], 2),
        ([told("north"), told("north")], 1),
        ([told("north", "Wire."), told("south", " Wire.\n"), told("west")], 2),
        ([told("north"), told("south", informants=citing("NORTH"))], 1),
        ([told(outlet, informants=citing("Tae Chol-min")) for outlet in ("a", "b", "c", "d", "e")], 1),
        ([told(outlet, informants=citing("Tae Chol-min", pseudonym=True)) for outlet in ("a", "b")], 2),
        ([told("north"), told("south", mention=Mention.BACKGROUND)], 1),
    ],
)
def test_origins_are_counted_and_not_outlets(tellings: list[Telling], count: int) -> None:
    assert origins(tellings) == count


def test_two_chains_that_meet_late_are_one_origin() -> None:
    meeting = told("third", informants=(*citing("North"), *citing("South")))
    assert origins([told("north"), told("south"), meeting]) == 1


def crediting(outlet: str, *names: str, text: str = "", url: str = "") -> Telling:
    telling = told(outlet, text)
    return msgspec.structs.replace(telling, credits=names, url=url or telling.url)


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_five_reprints_of_one_story_are_one_origin_and_an_independent_story_is_another(story: dict[str, Any]) -> None:
    original = story["original"]
    printed = [
        told("first", joined(*original)),
        told("second", joined(story["lead"], *original[1:])),
        told("third", joined(*original[:2])),
        told("fourth", joined(*original, story["ending"])),
        told("fifth", joined(*original[2:])),
    ]
    assert origins(printed) == 1
    independent = told("sixth", joined(*story["independent"], story["statement"]))
    assert origin_of_each([independent, *printed]) == (1, 2, 2, 2, 2, 2)


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_statement_that_two_stories_quote_makes_them_no_copies(story: dict[str, Any]) -> None:
    one = told("north", joined(*story["original"], story["statement"]))
    other = told("south", joined(story["independent"][0], story["statement"]))
    assert origins([one, other]) == 2
    assert reprints([one, other]) == (None, None)


def test_two_papers_that_print_one_dispatch_are_one_origin_though_both_rewrote_it() -> None:
    assert origins([crediting("north", "Yonhap"), crediting("south", "Yonhap")]) == 1
    assert origins([crediting("north", "Yonhap"), crediting("south", "AFP")]) == 2


def test_an_edition_of_the_credited_newsroom_is_that_origin() -> None:
    desk = msgspec.structs.replace(told("yonhap-japanese"), source_title="聯合ニュース 北朝鮮")
    assert origins([crediting("north", "Yonhap"), desk]) == 1


def test_two_editions_of_one_newsroom_are_one_origin() -> None:
    korean = msgspec.structs.replace(told("daily-nk-korean"), source_title="데일리NK")
    english = msgspec.structs.replace(told("daily-nk-english"), source_title="Daily NK (EN)")
    assert origins([korean, english]) == 1


def test_a_person_whose_name_begins_like_a_newsrooms_is_no_newsroom() -> None:
    agency = msgspec.structs.replace(told("jiji"), source_title="Jiji Press")
    assert origins([told("north", informants=citing("Jiji Marlowe")), agency]) == 2


def test_a_site_that_another_claims_as_its_origin_is_that_origin() -> None:
    assert origins([told("gazette"), crediting("echo", "gazette.example")]) == 1
    assert origins([told("gazette"), crediting("echo", "other.example")]) == 2


def test_mentions_in_passing_have_no_origin_unless_nothing_else_is_told() -> None:
    aside = told("south", mention=Mention.BACKGROUND)
    assert origin_of_each([told("north"), aside]) == (1, None)
    assert origin_of_each([aside]) == (1,)
    assert origin_of_each([]) == ()


def test_the_earliest_is_the_original_and_the_others_say_how_much_of_it_they_print() -> None:
    text = joined(*STORIES["en"]["original"])
    late = msgspec.structs.replace(told("late", text), published=datetime(2026, 11, 3, tzinfo=UTC))
    undated = msgspec.structs.replace(told("undated", text), published=None)
    early = told("early", joined(text, STORIES["en"]["ending"]))
    assert reprints([undated, late, early, told("other")]) == (
        Reprint(of=2, share=1.0),
        Reprint(of=2, share=1.0),
        None,
        None,
    )


@settings(max_examples=40)
@given(st.permutations(range(7)))
def test_origins_do_not_depend_on_the_order(order: list[int]) -> None:
    story = STORIES["en"]
    tellings = [
        told("a", joined(*story["original"])),
        told("b", joined(*story["original"], story["ending"])),
        told("c", joined(*story["independent"])),
        crediting("d", "C"),
        crediting("e", "Yonhap"),
        crediting("f", "Yonhap", "AFP"),
        told("g", informants=citing("E")),
    ]
    numbers = origin_of_each([tellings[place] for place in order])
    together = {frozenset(order[i] for i, one in enumerate(numbers) if one == number) for number in numbers}
    assert together == {frozenset({0, 1}), frozenset({2, 3}), frozenset({4, 5, 6})}


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Persons(min=600, max=600), Persons(min=500, max=None, qualifier="at_least"), True),
        (Persons(min=600, max=600), Persons(min=550, max=550, qualifier="about"), True),
        (Persons(min=600, max=600), Persons(min=500, max=500), False),
        (Persons(min=600, max=600), Persons(min=200, max=300), False),
        (Persons(min=8, max=9), Persons(min=9, max=9), True),
    ],
)
def test_figures_may_both_be_right(one: Persons, other: Persons, both: bool) -> None:
    assert counts_overlap(one, other) is both is counts_overlap(other, one)


def test_counts_days_and_places_that_exclude_each_other_are_named_with_their_tellings() -> None:
    def seven(outlet: str, day: int, town: str, count: int = 7) -> Telling:
        when = date(2019, 4, day)
        return told(
            outlet,
            persons=Persons(min=count, max=count),
            events=(Event(type="arrest", start=when, end=when, precision="day"),),
            places=(Place(role="held", name=town, parents=("Liaoning",), country="CN", level="prefecture"),),
        )

    found = disagreements([seven("a", 27, "Shenyang"), seven("b", 28, "Anshan", 8), told("c")])
    assert [(one.field, one.tellings) for one in found] == [
        ("persons", (0, 1)),
        ("events.arrest", (0, 1)),
        ("places.held", (0, 1)),
    ]


def test_a_coarser_telling_disagrees_with_nothing() -> None:
    month = Event(type="arrest", start=date(2019, 4, 1), end=date(2019, 4, 30), precision="month")
    day = Event(type="arrest", start=date(2019, 4, 28), end=date(2019, 4, 28), precision="day")
    province = Place(role="held", name="Liaoning", country="CN", level="province")
    town = Place(role="held", name="Anshan", parents=("Liaoning",), country="CN", level="prefecture")
    assert (
        disagreements([told("a", events=(month,), places=(province,)), told("b", events=(day,), places=(town,))]) == ()
    )


def test_a_reprint_that_counts_its_days_from_its_own_date_disputes_nothing_and_one_with_another_figure_does() -> None:
    def text(outlet: str, day: int, **more: object) -> Telling:
        when = date(2026, 10, day)
        arrest = Event(type="arrest", start=when, end=when, precision="day", raw="on Tuesday", anchor="publication")
        return told(outlet, joined(*STORIES["en"]["original"]), **({"events": (arrest,)} | more))

    assert disagreements([text("north", 6), text("south", 20)]) == ()
    assert [
        one.field
        for one in disagreements(
            [
                text("north", 6),
                text("south", 20, persons=Persons(min=9, max=9)),
                text("west", 6, persons=Persons(min=4, max=4)),
            ]
        )
    ] == ["persons"]
    printed = Event(type="arrest", start=date(2026, 10, 20), end=date(2026, 10, 20), precision="day", raw="20.10.2026")
    assert [one.field for one in disagreements([text("north", 6), text("south", 20, events=(printed,))])] == [
        "events.arrest"
    ]
    elsewhere = msgspec.structs.replace(text("south", 20), article_text=joined(*STORIES["en"]["independent"]))
    assert [one.field for one in disagreements([text("north", 6), elsewhere])] == ["events.arrest"]


def test_a_case_with_hundreds_of_copies_is_counted() -> None:
    text = joined(*STORIES["en"]["original"])
    tellings = [told(f"outlet{n}", f"{text}\n\nReader {n} wrote to us.") for n in range(200)]
    assert origins(tellings) == 1
