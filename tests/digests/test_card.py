from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cases.disclosure import (
    DisclosedCase,
    DisclosedEvent,
    DisclosedInformant,
    DisclosedPlace,
    DisclosedQuote,
    DisclosedSource,
    DisclosedVictim,
)
from cases.model import Age, Persons, PlaceRole, Stage
from digests.card import card
from digests.view import CaseCard

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


def made(**more: Any) -> CaseCard:  # noqa: ANN401 - the fields of the case
    given: dict[str, Any] = {"stage": Stage.COMPLETED, "assertion": "asserted"} | more
    case = DisclosedCase(number="2026-0001", revision=1, status="new", opened_at=NOW, changed_at=NOW, **given)
    return card(case, case_id="id", change="new", zone=ZoneInfo("Asia/Seoul"))


def told(**more: Any) -> DisclosedSource:  # noqa: ANN401 - the fields of the source
    given: dict[str, Any] = {
        "title": "A title",
        "url": "https://example.org/a",
        "source_title": "Courier",
        "published": NOW,
        "lang": "en",
    }
    return DisclosedSource(**(given | more))


def lines(of: CaseCard, label: str) -> tuple[str, ...]:
    return next((fact.lines for fact in of.facts if fact.label == label), ())


def test_what_no_source_says_is_named_and_never_filled() -> None:
    bare = made()
    assert bare.facts[0].lines == ("An unstated number of people",)
    assert [fact.label for fact in bare.facts] == ["Who"]
    assert bare.missing == (
        "how many people",
        "from where",
        "to where",
        "when",
        "at which place",
        "by which authority",
        "what happened afterwards",
    )


def test_a_route_is_no_place_and_a_publication_no_date() -> None:
    told_of = made(
        events=(DisclosedEvent(type="media_report", start=date(2026, 1, 1), end=date(2026, 1, 31), precision="month"),),
        places=(DisclosedPlace(role="origin", name="China", country="CN"),),
    )
    assert {"when", "at which place"} <= set(told_of.missing)


def test_people_who_are_alike_share_a_line_and_others_have_their_own() -> None:
    alike = (
        DisclosedVictim(label="V1", sex="male", nationality="KP"),
        DisclosedVictim(label="V2", sex="male", nationality="KP"),
    )
    assert lines(made(persons=Persons(min=2, max=2), victims=alike), "Who") == ("Two men, from North Korea",)
    others = (
        DisclosedVictim(label="V1", sex="female", pregnant=True),
        DisclosedVictim(label="V2", minor=True),
        DisclosedVictim(label="V3"),
    )
    assert lines(made(persons=Persons(min=3, max=3), victims=others), "Who") == (
        "Three people",
        "V1: female, pregnant",
        "V2: under 18",
        "V3: nothing more is said",
    )


def test_an_age_and_a_name_stand_where_they_may_leave() -> None:
    person = DisclosedVictim(label="V1", name="Ahn Example", sex="female", age=Age(min=30, max=39))
    assert lines(made(persons=Persons(min=1, max=1), victims=(person,)), "Who") == (
        "One woman, Ahn Example, aged 30 to 39",
    )


def test_an_age_of_one_is_not_told_of_a_whole_family() -> None:
    child = DisclosedVictim(label="V1", age=Age(min=0, max=17), nationality="KP")
    family = made(persons=Persons(min=2, max=2), multiplicity="family", victims=(child,))
    assert lines(family, "Who") == ("A family of two, from North Korea",)


def test_places_stand_in_the_order_of_the_way() -> None:
    way: list[tuple[PlaceRole, str]] = [("destination", "B"), ("held", "C"), ("residence", "A")]
    places = tuple(DisclosedPlace(role=role, name=name) for role, name in way)
    assert lines(made(places=places), "Where") == ("Lived in A", "Held in C", "Sent to B")


def test_who_told_it_stands_only_where_it_may_leave() -> None:
    assert lines(made(informants=(DisclosedInformant(kind="inside_source"),)), "Told by") == ("inside source",)
    assert lines(made(), "Told by") == ()


def test_sentences_of_one_paragraph_are_marked_together_and_what_says_the_stage_leads() -> None:
    quotes = (
        DisclosedQuote(fields=("events[0]",), before="", sentence="It was May.", after=" She was sent back.", source=0),
        DisclosedQuote(fields=("stage",), before="It was May. ", sentence="She was sent back.", after="", source=0),
        DisclosedQuote(fields=("outcome",), before="", sentence="Elsewhere.", after="", source=1),
    )
    both = made(quotes=quotes, sources=(told(), told(url="https://example.org/b")))
    first, second = both.sources
    assert [(piece.text, piece.mark) for piece in first.passages[0].pieces] == [
        ("It was May.", "also"),
        (" ", ""),
        ("She was sent back.", "main"),
    ]
    assert [saying.says for saying in first.sayings] == ["Stage", "Dates"]
    assert len(first.passages) == len(second.passages) == 1
    assert both.lead == first


def test_a_date_is_the_one_that_readers_of_the_digest_had() -> None:
    assert made(sources=(told(),)).sources[0].published == date(2026, 11, 23)
    assert made(sources=(told(published=None),)).sources[0].published_words == "without a date"


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("She took her own life.", "suicide"),
        ("그는 스스로 목숨을 끊었다.", "suicide"),
        ("她在拘留所自杀。", "suicide"),
        ("Elle a été violée par un garde.", "sexual violence"),
        ("They were raped.", "sexual violence"),
        ("Он покончил с собой.", "suicide"),
        ("Human rights were violated; grapes and therapists.", ""),
        ("C'est une violation du droit.", ""),
    ],
)
def test_a_reader_is_warned_of_suicide_and_sexual_violence(text: str, warning: str) -> None:
    quotes = (DisclosedQuote(fields=("stage",), before="", sentence=text, after="", source=0),)
    assert made(quotes=quotes, sources=(told(),)).warning == warning


def test_an_address_that_is_none_is_no_link() -> None:
    assert made(sources=(told(url="javascript:alert(1)"),)).sources[0].url == ""


def test_sources_are_counted_apart_from_origins() -> None:
    one, two, three = (told(source_title=title) for title in ("The Gazette", "The Post", "The Courier"))
    assert made(sources=(one,)).sources_words == "Told by 1 outlet"
    assert made(sources=(one, two, three), origins=2).sources_words == "Told by 3 outlets, 2 independent origins"
    assert made(sources=(one, two), origins=1).sources_words == "Told by 2 outlets, 1 independent origin"
    assert (
        made(sources=(one, one, two), origins=1).sources_words
        == "Told by 2 outlets in 3 articles, 1 independent origin"
    )


def test_a_source_says_whose_text_it_prints_and_whom_it_credits() -> None:
    original = told(source_title="The Gazette")
    reprint = told(source_title="The Post", reprint_of=0)
    dispatch = told(source_title="The Courier", credited=("Yonhap",))
    both = told(source_title="The Echo", reprint_of=0, credited=("AFP", "Reuters"))
    assert [source.owes for source in made(sources=(original, reprint, dispatch, both)).sources] == [
        "",
        "prints the text of The Gazette",
        "credited to Yonhap",
        "prints the text of The Gazette, credited to AFP and Reuters",
    ]


def test_a_reprint_does_not_show_the_passage_of_its_original_again() -> None:
    def quote(sentence: str, source: int) -> DisclosedQuote:
        return DisclosedQuote(fields=("stage",), before="", sentence=sentence, after="", source=source)

    quotes = (quote("She was sent back.", 0), quote("She was sent back.", 1), quote("She was let go.", 1))
    original, reprint = made(sources=(told(), told(reprint_of=0)), quotes=quotes).sources
    assert [saying.text for saying in original.sayings] == ["She was sent back."]
    assert [saying.text for saying in reprint.sayings] == ["She was let go."]
    alone, other = made(sources=(told(), told()), quotes=quotes[:2]).sources
    assert alone.passages == other.passages
    assert alone.passages
