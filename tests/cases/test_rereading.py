"""Which report of a text read again goes on with which case: of an edited article, and of a reprint."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.linking import telling_of
from cases.model import Article, Event, Evidence, Mention, Persons, Place, Report, Stage, Victim
from cases.register import Case, CaseStatus, Telling
from cases.rereading import is_reprint, match_earlier, match_reprinted

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SENTENCES = (
    "The first woman was taken from the laundry in Hunchun while her hands were wet.",
    "The second was met at the bus by two men who knew her name.",
    "A boy of eleven was told to carry her bag as far as the gate, and did.",
    "Of the third it is only known that the neighbours fed her cat until spring.",
)
TEXT = "\n\n".join(SENTENCES)
PLAIN = Report(mention=Mention.PRIMARY, stage=Stage.COMPLETED, from_state="CN", to_state="KP")


def page(outlet: str, text: str = TEXT, number: int = 1) -> Article:
    url = f"https://{outlet}.example/{number}"
    return Article(url=url, title=outlet, text=text, lang="en", published=NOW, source=outlet)


def report(*sentences: str, **fields: object) -> Report:
    quotes = tuple(Evidence(field="stage", text=text, start=0, end=len(text)) for text in sentences)
    return msgspec.structs.replace(PLAIN, evidence=quotes, **fields)


def telling(outlet: str, told: Report, text: str = TEXT, number: int = 1) -> Telling:
    return telling_of(told, page(outlet, text, number), outlet.title())


def case(ordinal: int, *tellings: Telling) -> Case:
    return Case(
        id=f"case-{ordinal}",
        number=f"2026-{ordinal:04d}",
        revision=1,
        status=CaseStatus.NEW,
        report=tellings[0].report,
        tellings=tellings,
        opened_at=NOW,
        changed_at=NOW,
    )


def matched(found: dict[int, Case]) -> dict[int, str]:
    return {index: one.id for index, one in sorted(found.items())}


# -- an edited article ------------------------------------------------------------------------------------------------


def test_a_report_goes_on_with_the_case_whose_sentences_it_still_has() -> None:
    cases = [case(n, telling("north", report(SENTENCES[n]))) for n in (0, 1)]
    edited = [telling("north", report(SENTENCES[1])), telling("north", report(SENTENCES[0]))]
    assert matched(match_earlier(edited, cases)) == {0: "case-1", 1: "case-0"}


def test_a_pseudonym_tells_the_reports_of_one_article_apart() -> None:
    def named(name: str) -> Report:
        return report(victims=(Victim(label="V1", name=name, pseudonym=True, sex="female"),))

    cases = [case(n, telling("north", named(name))) for n, name in enumerate(("Mun", "Ok"))]
    edited = [telling("north", named("Ok")), telling("north", named("Mun"))]
    assert matched(match_earlier(edited, cases)) == {0: "case-1", 1: "case-0"}


def test_a_report_that_shares_nothing_with_what_was_told_goes_on_with_nothing() -> None:
    known = report(SENTENCES[0], persons=Persons(min=1, max=1), victims=(Victim(label="V1", name="Mun", sex="female"),))
    other = report(
        "Quite another sentence.",
        stage=Stage.FEARED,
        persons=Persons(min=40, max=40),
        victims=(Victim(label="V1", name="Ok", sex="male"),),
    )
    assert match_earlier([telling("north", other)], [case(1, telling("north", known))]) == {}


def test_another_article_of_the_outlet_told_nothing_of_it_before() -> None:
    known = case(1, telling("north", report(SENTENCES[0]), number=2))
    assert match_earlier([telling("north", report(SENTENCES[0]))], [known]) == {}


@pytest.mark.parametrize(
    "kept",
    [
        {"events": (Event(type="arrest", start=date(2026, 1, 1), end=None, precision="day", raw="on New Year's Day"),)},
        {"places": (Place(role="held", name="Hunchun"),)},
        {"persons": Persons(min=7, max=7)},
    ],
)
def test_each_fact_that_stayed_speaks_for_the_case_that_had_it(kept: dict[str, object]) -> None:
    cases = [case(1, telling("north", report())), case(2, telling("north", report(**kept)))]
    assert matched(match_earlier([telling("north", report(**kept))], cases)) == {0: "case-2"}


# -- a reprint --------------------------------------------------------------------------------------------------------


def reprinted(reports: Sequence[Report], cases: Sequence[Case], known: dict[int, Case] | None = None) -> dict[int, str]:
    return matched(match_reprinted([telling("south", one) for one in reports], cases, known or {}))


def test_the_reports_of_a_reprint_go_on_with_the_cases_of_the_same_sentences() -> None:
    cases = [case(n, telling("north", report(SENTENCES[n]))) for n in (0, 1, 2)]
    assert reprinted([report(SENTENCES[2]), report(SENTENCES[0])], cases) == {0: "case-2", 1: "case-0"}


def test_a_dateline_more_or_less_leaves_a_sentence_the_same() -> None:
    dated = f"HUNCHUN, Nov. 20 (Yonhap) -- {SENTENCES[0]}"
    known = case(1, telling("north", report(SENTENCES[0])))
    assert reprinted([report(dated)], [known]) == {0: "case-1"}
    assert reprinted([report(SENTENCES[0])], [case(1, telling("north", report(dated)))]) == {0: "case-1"}
    assert reprinted([report(SENTENCES[0].upper())], [known]) == {0: "case-1"}


def test_of_two_sentences_one_may_differ_and_of_three_two_may_not() -> None:
    known = case(1, telling("north", report(*SENTENCES[:3])))
    assert reprinted([report(SENTENCES[0], "Another sentence.")], [known]) == {0: "case-1"}
    assert reprinted([report(SENTENCES[0], "Another sentence.", "And one more.")], [known]) == {}


def test_a_report_without_sentences_is_not_known_again() -> None:
    assert reprinted([report()], [case(1, telling("north", report()))]) == {}


def test_neither_a_case_nor_a_report_is_matched_twice() -> None:
    both = case(1, telling("north", report(SENTENCES[0])))
    assert reprinted([report(SENTENCES[0]), report(SENTENCES[0])], [both]) == {0: "case-1"}
    twins = [case(n, telling("north", report(SENTENCES[0]))) for n in (1, 2)]
    assert len(reprinted([report(SENTENCES[0])], twins)) == 1


def test_what_has_its_place_already_is_left_there() -> None:
    known = case(1, telling("north", report(SENTENCES[0])))
    other = case(2, telling("north", report(SENTENCES[0])))
    assert reprinted([report(SENTENCES[0]), report(SENTENCES[0])], [known, other], {0: known}) == {1: "case-2"}
    assert reprinted([report(SENTENCES[0])], [known], {0: other}) == {}
    assert reprinted([report(SENTENCES[0]), report(SENTENCES[0])], [known], {0: known}) == {}


def test_articles_of_one_source_never_reprint_one_another() -> None:
    one, other = telling("north", report()), telling("north", report(), number=2)
    assert not is_reprint(one, other)
    assert not is_reprint(one, one)
    by_hand = [msgspec.structs.replace(each, source="") for each in (one, other)]
    assert is_reprint(*by_hand)


def test_a_text_of_its_own_is_no_reprint() -> None:
    own = (
        "A clerk who had never been asked before said that the list had eleven names, and that she had typed it twice."
    )
    assert is_reprint(telling("north", report()), telling("south", report()))
    assert not is_reprint(telling("north", report()), telling("south", report(), own))
    assert not is_reprint(telling("north", report(), ""), telling("south", report(), ""))


@given(st.permutations(range(4)), st.permutations(range(4)))
def test_the_order_of_reports_and_of_cases_does_not_matter(reports: list[int], order: list[int]) -> None:
    cases = [case(n, telling("north", report(SENTENCES[n]))) for n in order]
    assert reprinted([report(SENTENCES[n]) for n in reports], cases) == {
        place: f"case-{n}" for place, n in enumerate(reports)
    }
