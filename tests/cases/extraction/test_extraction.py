from datetime import UTC, date, datetime
from functools import cache

import pytest

from cases.extraction import extract
from cases.model import Article, Mention, Report, Stage
from cases.recognition import RuleClassifier

TESTIMONY = """Chen Guo, a pear grower from Helong city, Jilin Province, told the magazine that the Chinese Communist Party had his North Korean wife forcibly repatriated.

It was on June 12, 2020, at supper, that three police officers climbed the wall of Chen Guo’s house and arrested his wife Ri Myong-ok. She was deported to North Korea the next day, with one shoe on.

Chen Guo paid as well: the police detained Chen Guo for fifteen days on the charge of hiding a stranger. Chen Guo does not know what has become of her.

By what he hears, another local woman from the North was deported in the same winter and never returned; an aunt brings up her girl.

The second account comes from an inside source. In May 2017, it says, policemen raided the rented room of Pak Un-sim, a North Korean defector, in Hunchun city, Yanbian, Jilin Province. Pak Un-sim was forcibly deported to North Korea.

In March 2022 media reported that a family of four North Korean defectors had been arrested by police in China. As they faced deportation to North Korea, all four took cyanide, and committed suicide together.

To ask for asylum is what the Universal Declaration of Human Rights allows everyone. China calls such people illegal immigrants and sends them back as a matter of policy.

(All the names used here are pseudonyms)"""

PREGNANT = """Jon Hye-ran (pseudonym) fled North Korea in 2015 and found work and a room in Tumen, Jilin, where she settled.

Two police officers knocked at her door in April 2016. What papers did she have, they asked her mother-in-law, Gao Ping (pseudonym). Ms. Jon, who sat at the sewing machine, was pregnant and said nothing.

After a few days they were back. The officers forced Ms. Jon out of her home and took her to the Tumen border guard station for having “entered without papers.” All pleading was in vain: Ms. Jon was soon deported to North Korea.

In all the years since, no word of Ms. Jon has reached Ms. Gao.

In 2019 the magazine wrote about other North Koreans whom China had deported.

Human Rights Watch holds that such deportations break the 1951 Refugee Convention. In Beijing’s papers the women figure as illegal “economic migrants.”"""


@cache
def reports_of(text: str, published: str = "2023-09-09", lang: str = "en") -> tuple[Report, ...]:
    article = Article(
        url="https://magazine.example/a",
        title="Defectors Deported",
        text=text,
        lang=lang,
        published=datetime.fromisoformat(published).replace(tzinfo=UTC),
    )
    return extract(article, RuleClassifier().classify(article))


def wife() -> Report:
    return reports_of(TESTIMONY)[0]


def pregnant() -> Report:
    return reports_of(PREGNANT, "2020-09-20")[0]


def days(report: Report) -> dict[str, tuple[date | None, date | None, str]]:
    return {event.type: (event.start, event.end, event.precision) for event in report.events}


def test_a_testimony_tells_four_acts_and_its_general_sentences_none() -> None:
    assert [report.stage for report in reports_of(TESTIMONY)] == [
        Stage.COMPLETED,
        Stage.COMPLETED,
        Stage.COMPLETED,
        Stage.DEATH_BEFORE_RETURN,
    ]
    assert {(report.from_state, report.to_state) for report in reports_of(TESTIMONY)} == {("CN", "KP")}


def test_what_was_reported_before_and_what_is_told_in_passing_say_so() -> None:
    assert [report.mention for report in reports_of(TESTIMONY)] == [
        Mention.PRIMARY,
        Mention.SECONDARY,
        Mention.PRIMARY,
        Mention.PREVIOUSLY_REPORTED,
    ]


def test_the_victim_is_the_one_returned_and_not_the_one_who_tells_it() -> None:
    (victim,) = wife().victims
    assert (victim.name, victim.pseudonym, victim.sex, victim.nationality, victim.relation) == (
        "Ri Myong-ok", True, "female", "KP", "wife",
    )  # fmt: skip
    (informant,) = wife().informants
    assert (informant.kind, informant.name, informant.pseudonym) == ("relative", "Chen Guo", True)


def test_the_next_day_counts_from_the_arrest() -> None:
    assert days(wife())["arrest"] == (date(2020, 6, 12), date(2020, 6, 12), "day")
    assert days(wife())["return"] == (date(2020, 6, 13), date(2020, 6, 13), "day")


def test_the_number_of_officers_is_no_number_of_victims() -> None:
    persons = wife().persons
    assert persons is not None
    assert (persons.min, persons.max) == (1, 1)
    assert [one.officers for one in wife().authorities if one.type == "police"] == [3]


def test_what_was_done_to_the_husband_is_kept_beside_the_case() -> None:
    (collateral,) = wife().collateral
    assert (collateral.person, collateral.days, collateral.charge) == ("Chen Guo", 15, "hiding a stranger")


def test_a_place_told_of_the_husband_is_marked_as_inherited() -> None:
    assert {(place.role, place.name, place.parents, place.inherited) for place in wife().places} == {
        ("residence", "Helong", ("Jilin",), True),
        ("arrest", "Helong", ("Jilin",), True),
    }


def test_another_local_woman_is_a_case_of_her_own_with_an_inherited_place() -> None:
    other = reports_of(TESTIMONY)[1]
    assert other.victims[0].name is None
    assert other.victims[0].sex == "female"
    assert [(place.name, place.inherited) for place in other.places] == [("Helong", True)]
    assert "return" not in days(other)
    assert other.outcome is not None
    assert other.outcome.value == "fate_unknown"


def test_a_return_without_a_date_came_not_before_the_arrest() -> None:
    third = reports_of(TESTIMONY)[2]
    assert days(third) == {
        "arrest": (date(2017, 5, 1), date(2017, 5, 31), "month"),
        "return": (date(2017, 5, 1), None, "unknown"),
    }
    assert [(place.role, place.name, place.parents) for place in third.places] == [
        ("arrest", "Hunchun", ("Yanbian", "Jilin")),
    ]


def test_a_dated_report_only_bounds_what_it_tells() -> None:
    family = reports_of(TESTIMONY)[3]
    assert family.persons is not None
    assert (family.persons.min, family.multiplicity) == (4, "family")
    assert days(family)["media_report"] == (date(2022, 3, 1), date(2022, 3, 31), "month")
    assert days(family)["arrest"] == days(family)["death"] == (None, date(2022, 3, 31), "unknown")
    assert family.outcome is not None
    assert family.outcome.value == "died"


def test_a_pregnant_woman_is_one_report_with_the_station_that_held_her() -> None:
    (report,) = reports_of(PREGNANT, "2020-09-20")
    (victim,) = report.victims
    assert (victim.name, victim.pseudonym, victim.pregnant, victim.nationality) == ("Jon Hye-ran", True, True, "KP")
    assert ("held", "Tumen border guard station") in {(place.role, place.name) for place in report.places}
    assert report.stated_reason == "entered without papers"
    assert report.state_label == "illegal economic migrants"
    assert [(one.kind, one.name) for one in report.informants] == [("relative", "Gao Ping")]


def test_a_few_days_and_soon_are_ranges_and_no_day_is_invented() -> None:
    told = days(pregnant())
    assert told["police_visit"] == (date(2016, 4, 1), date(2016, 4, 30), "month")
    assert told["arrest"][2] == told["return"][2] == "range"
    assert told["return"][1] is None


def test_a_norm_is_told_with_who_invokes_it() -> None:
    assert ("Refugee Convention 1951", "Human Rights Watch") in {
        (basis.instrument, basis.invoked_by) for basis in pregnant().legal_bases
    }


def test_a_deck_that_repeats_the_story_is_no_second_case() -> None:
    deck = "A North Korean woman who had found refuge in China was deported while she was pregnant.\n\n"
    assert len(reports_of(deck + PREGNANT, "2020-09-20")) == 1


def test_a_text_told_twice_gives_the_same_acts() -> None:
    assert len(reports_of(PREGNANT + "\n\n" + PREGNANT, "2020-09-20")) == 1


@pytest.mark.parametrize("text", [TESTIMONY, PREGNANT])
def test_every_value_has_its_sentence_in_the_text(text: str) -> None:
    for report in reports_of(text):
        assert all(text[one.start : one.end] == one.text for one in report.evidence if one.part == "text")
        fields = {one.field for one in report.evidence}
        assert {"stage", "from", "to", "persons"} <= fields
        for name in ("events", "places", "authorities", "legal_bases", "informants", "collateral"):
            assert {f"{name}[{place}]" for place in range(len(getattr(report, name)))} <= fields


def test_sentences_beside_the_case_change_nothing() -> None:
    beside = "The harvest was poor that year.\n\n"
    first, second = reports_of(PREGNANT, "2020-09-20"), reports_of(beside + PREGNANT, "2020-09-20")
    assert [(one.stage, one.victims, one.events) for one in first] == [
        (one.stage, one.victims, one.events) for one in second
    ]


def test_an_article_that_is_no_report_has_none() -> None:
    assert reports_of("China routinely deports North Korean refugees if caught.") == ()
