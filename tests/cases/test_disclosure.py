"""The one door: no name, small place or exact day leaves, whatever the case and wherever it stands."""

import re
from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.disclosure import DisclosedCase, Policy, disclose
from cases.merging import merge
from cases.model import (
    Age,
    Authority,
    Collateral,
    Event,
    Evidence,
    Informant,
    LegalBasis,
    Mention,
    Outcome,
    Persons,
    Place,
    Report,
    Stage,
    Victim,
)
from cases.register import Case, CaseStatus, Telling

AT = datetime(2026, 11, 21, tzinfo=UTC)
EVERYTHING = Policy(names=True, exact_dates=True, exact_places=True, informants=True)
TEXT = (
    "A first paragraph about the region.\n"
    "Mun Ha-eun had lived in Hunchun since 2009, says Piao Guang. On November 12, 2026, officers took Ms. Mun from her "
    "home in Hunchun city, Jilin Province. HA EUN was 34. Nobody told Piao why.\n"
    "A last paragraph with 11월 12일 and 2026-11-13."
)
SENTENCE = "On November 12, 2026, officers took Ms. Mun from her home in Hunchun city, Jilin Province."  # the sentence that says it
HUNCHUN = Place(
    role="arrest",
    name="Hunchun",
    parents=("Jilin Province",),
    country="CN",
    level="county",
    gazetteer_id="CN-222404",
    raw="Hunchun city, Jilin Province",
)


def evidence(text: str, sentence: str, field: str) -> Evidence:
    start = text.index(sentence)
    return Evidence(text=sentence, start=start, end=start + len(sentence), field=field)


def woman(text: str = TEXT, sentence: str = SENTENCE) -> Report:
    return Report(
        mention=Mention.PRIMARY,
        stage=Stage.COMPLETED,
        from_state="CN",
        to_state="KP",
        multiplicity="individual",
        persons=Persons(min=1, max=1, raw="Mun Ha-eun"),
        victims=(
            Victim(
                label="V1",
                name="Mun Ha-eun",
                pseudonym=True,
                sex="female",
                age=Age(min=34, max=34, raw="34"),
                pregnant=True,
                nationality="KP",
                relation="wife of Piao Guang",
            ),
        ),
        events=(
            Event(
                type="arrest",
                start=date(2026, 11, 12),
                end=date(2026, 11, 12),
                precision="day",
                raw="On November 12, 2026",
            ),
        ),
        places=(HUNCHUN,),
        authorities=(Authority(name="Hunchun police station", type="police", country="CN"),),
        legal_bases=(LegalBasis(instrument="Refugee Convention", invoked_by="Piao Guang"),),
        stated_reason="Mun had no papers",
        outcome=Outcome(value="fate_unknown", as_of=date(2026, 11, 14)),
        informants=(Informant(kind="relative", name="Piao Guang", relation="husband"),),
        collateral=(Collateral(act="detention", person="Piao Guang", days=10),),
        evidence=(evidence(text, sentence, "stage"), evidence(text, sentence, "events[0]")),
    )


def case_of(*reports: Report, text: str = TEXT, title: str = "Woman taken in Hunchun", **other: object) -> Case:
    tellings = tuple(
        Telling(
            report=report,
            url=f"https://outlet{number}.example/story",
            title=title,
            source=f"outlet{number}",
            source_title=f"Outlet {number}",
            published=AT,
            lang="en",
            article_text=text,
        )
        for number, report in enumerate(reports)
    )
    case = Case(
        id="0193-case",
        number="2026-0007",
        revision=3,
        status=CaseStatus.NEW,
        report=merge(tellings),
        tellings=tellings,
        opened_at=AT,
        changed_at=AT,
    )
    return msgspec.structs.replace(case, **other)


def disclosed(case: Case, policy: Policy | None = None) -> DisclosedCase:
    result = disclose(case, policy or Policy())
    assert result is not None
    return result


def as_json(case: DisclosedCase) -> str:
    return msgspec.json.encode(case).decode()


# -- by default -------------------------------------------------------------------------------------------------------


def test_by_default_only_labels_months_prefectures_and_bands_leave() -> None:
    shown = disclosed(case_of(woman()))
    (victim,), (arrest,), (place,) = shown.victims, shown.events, shown.places
    assert (victim.label, victim.name, victim.sex, victim.pregnant) == ("V1", None, "female", None)
    assert (arrest.start, arrest.end, arrest.precision) == (date(2026, 11, 1), date(2026, 11, 30), "month")
    assert (place.name, place.parents, place.level, place.country) == ("Yanbian", ("Jilin",), "prefecture", "CN")
    assert shown.outcome == Outcome(value="fate_unknown", as_of=None)
    assert shown.informants == ()


def test_the_sentence_stands_in_its_paragraph_without_what_must_not_leave() -> None:
    (quote,) = disclosed(case_of(woman())).quotes
    assert quote.fields == ("stage", "events[0]")
    assert quote.before == "V1 had lived in [place in Yanbian] since 2009, says [name withheld]. "
    assert quote.sentence == (
        "On [November] 2026, officers took V1 from her home in [place in Yanbian] city, Jilin Province."
    )
    assert quote.after == " V1 was 34. Nobody told [name withheld] why."


def test_titles_reasons_authorities_and_bases_are_masked_too() -> None:
    shown = disclosed(case_of(woman(), title="Ms. Mun taken in Hunchun on November 12"))
    assert shown.sources[0].title == "V1 taken in [place in Yanbian] on [November]"
    assert shown.stated_reason == "V1 had no papers"
    assert shown.authorities[0].name == "[place in Yanbian] police station"
    assert shown.legal_bases[0].invoked_by == "[name withheld]"


def test_sex_month_and_prefecture_leave_without_the_age() -> None:
    assert disclosed(case_of(woman())).victims[0].age is None


@pytest.mark.parametrize("missing", ["age", "sex", "events", "places"])
def test_any_three_of_age_sex_prefecture_and_month_leave_together(missing: str) -> None:
    report, nothing = woman(), None if missing in {"age", "sex"} else ()
    if missing in {"age", "sex"}:
        victim = msgspec.structs.replace(report.victims[0], **{missing: nothing})
        case = case_of(msgspec.structs.replace(report, victims=(victim,)))
    else:
        case = case_of(msgspec.structs.replace(report, **{missing: nothing}))
    shown = disclosed(case)
    left = {
        "age": shown.victims[0].age == Age(min=30, max=39),
        "sex": shown.victims[0].sex == "female",
        "events": shown.events[:1] != (),
        "places": [place.level for place in shown.places] == ["prefecture"],
    }
    assert left == {trait: trait != missing for trait in left}


GIRLS = [{"minor": True}, {"age": Age(min=9, max=9)}, {"minor": True, "sex": None, "age": Age(min=0, max=17)}]


@pytest.mark.parametrize("said", GIRLS)
def test_of_a_child_no_place_closer_than_a_province_leaves(said: dict[str, object]) -> None:
    text = TEXT.replace("Jilin Province", "Yanbian Prefecture, Jilin Province")
    sentence = SENTENCE.replace("Jilin Province", "Yanbian Prefecture, Jilin Province")
    victim = msgspec.structs.replace(woman().victims[0], **{"age": None} | said)
    report = msgspec.structs.replace(woman(text, sentence), victims=(victim,))
    shown = disclosed(case_of(report, text=text, title="A girl of Yanbian is taken"))
    assert shown.widened
    assert [(place.name, place.level) for place in shown.places] == [("Jilin", "province")]
    assert shown.sources[0].title == "A girl of [place in Jilin] is taken"
    assert not re.search("Yanbian|Hunchun", as_json(shown))


def test_one_telling_that_knows_of_a_child_widens_the_whole_case() -> None:
    victim = msgspec.structs.replace(woman().victims[0], minor=True)
    shown = disclosed(case_of(woman(), msgspec.structs.replace(woman(), victims=(victim,))))
    assert "Yanbian" not in as_json(shown)


def test_towns_of_a_child_leave_where_towns_may_leave() -> None:
    victim = msgspec.structs.replace(woman().victims[0], minor=True)
    shown = disclosed(case_of(msgspec.structs.replace(woman(), victims=(victim,))), Policy(exact_places=True))
    assert (shown.widened, shown.places[0].name) == (False, "Hunchun")


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (Age(min=34, max=34), Age(min=30, max=39)),
        (Age(min=60, max=69, raw="in his sixties"), Age(min=60, max=69)),
        (Age(min=9, max=9), Age(min=0, max=17)),
        (Age(min=58, max=61), Age(min=50, max=69)),
        (Age(min=80, max=None), Age(min=80, max=None)),
    ],
)
def test_where_no_month_leaves_an_age_leaves_as_a_band(age: Age, band: Age) -> None:
    victim = msgspec.structs.replace(woman().victims[0], age=age)
    case = case_of(msgspec.structs.replace(woman(), victims=(victim,), events=()))
    assert disclosed(case).victims[0].age == band


def test_a_place_of_unknown_size_leaves_as_its_widest_parent_or_not_at_all() -> None:
    hamlet = Place(role="residence", name="Saebyol", parents=("Riverside", "Heilongjiang"), country="CN")
    alone = Place(role="held", name="Saebyol", country="CN")
    shown = disclosed(case_of(msgspec.structs.replace(woman(), places=(hamlet, alone))))
    assert [(place.name, place.level) for place in shown.places] == [("Heilongjiang", "province")]
    assert "Saebyol" not in as_json(shown)


def test_names_of_other_cases_in_the_same_article_do_not_leave_in_its_quotes() -> None:
    text = TEXT.replace("Nobody told Piao why.", "Ok Bo-ra was taken too. Nobody told Piao why.")
    case = case_of(woman(text), text=text)
    telling = msgspec.structs.replace(case.tellings[0], protected_names=("Mun Ha-eun", "Ok Bo-ra", "Piao Guang"))
    shown = disclosed(msgspec.structs.replace(case, tellings=(telling,)))
    assert "[name withheld] was taken too." in shown.quotes[0].after


def test_whoever_else_an_article_names_stays_out_of_its_quotes() -> None:
    text = TEXT.replace("Nobody told Piao why.", "Her neighbour Ms. Ryu Sol-hui wept.")
    assert disclosed(case_of(woman(text), text=text)).quotes[0].after.endswith("Her neighbour [name withheld] wept.")


def test_an_address_that_spells_a_name_is_shortened_to_its_site() -> None:
    case = case_of(woman())
    url = "https://outlet0.example/2026/mun-ha-eun-taken"
    telling = msgspec.structs.replace(case.tellings[0], url=url)
    (source,) = disclosed(msgspec.structs.replace(case, tellings=(telling,))).sources
    assert (source.url, source.url_shortened) == ("https://outlet0.example/", True)
    assert disclosed(case_of(woman())).sources[0].url == "https://outlet0.example/story"


@pytest.mark.parametrize("status", [CaseStatus.WITHHELD, CaseStatus.REJECTED, CaseStatus.MERGED])
def test_a_case_that_people_hold_back_does_not_leave(status: CaseStatus) -> None:
    assert disclose(case_of(woman(), status=status), EVERYTHING) is None


def test_a_quote_whose_place_in_the_text_is_wrong_stands_alone() -> None:
    moved = msgspec.structs.replace(woman(), evidence=(Evidence(text="Ms. Mun", start=5, end=12, field="stage"),))
    (quote,) = disclosed(case_of(moved)).quotes
    assert (quote.before, quote.sentence, quote.after) == ("", "V1", "")


def test_an_endless_paragraph_is_cut_after_masking() -> None:
    text = "x " * 4000 + SENTENCE + " Mun Ha-eun" * 4000
    (quote,) = disclosed(case_of(woman(text), text=text)).quotes
    assert len(quote.before) == len(quote.after) == 1001
    assert quote.before.startswith("…")
    assert quote.after.endswith("…")
    assert "Mun" not in quote.after


# -- conflicts and origins --------------------------------------------------------------------------------------------


def test_sources_that_disagree_stand_side_by_side() -> None:
    crowd = msgspec.structs.replace(woman(), victims=(), multiplicity="mass", persons=Persons(min=600, max=600))
    less = msgspec.structs.replace(crowd, persons=Persons(min=200, max=300, qualifier="about"))
    shown = disclosed(case_of(crowd, less))
    (conflict,) = shown.conflicts
    assert conflict.field == "persons"
    assert {(claim.value, claim.sources) for claim in conflict.claims} == {
        ("600", ("Outlet 0",)),
        ("~200-300", ("Outlet 1",)),
    }
    assert shown.persons == Persons(min=200, max=300, qualifier="about")


def test_days_that_differ_within_a_month_are_no_conflict_for_a_reader_of_months() -> None:
    moved = (Event(type="arrest", start=date(2026, 11, 14), end=date(2026, 11, 14), precision="day"),)
    case = case_of(woman(), msgspec.structs.replace(woman(), events=moved))
    assert disclosed(case).conflicts == ()
    (conflict,) = disclosed(case, EVERYTHING).conflicts
    assert (conflict.field, len(conflict.claims)) == ("events.arrest", 2)


def test_a_source_leaves_with_its_origin_whose_text_it_prints_and_whom_it_credits() -> None:
    case = case_of(woman(), woman(), woman())
    first, second, third = case.tellings
    tellings = (
        msgspec.structs.replace(first, credits=("Yonhap", "Outlet 0")),
        msgspec.structs.replace(second, article_text=f"{TEXT} One reader wrote to us."),
        msgspec.structs.replace(third, article_text="Quite another text.", credits=("Piao Guang",)),
    )
    spoken = [
        msgspec.structs.replace(one, report=msgspec.structs.replace(one.report, informants=())) for one in tellings
    ]
    shown = disclosed(msgspec.structs.replace(case, tellings=tuple(spoken)))
    assert [(one.origin, one.reprint_of, one.credited) for one in shown.sources[:2]] == [
        (1, None, ("Yonhap",)),
        (1, 0, ()),
    ]
    assert (shown.sources[2].origin, shown.origins) == (2, 2)
    assert "Piao" not in str(shown.sources[2].credited)


# -- by choice --------------------------------------------------------------------------------------------------------


def test_with_every_permission_everything_is_shown() -> None:
    shown = disclosed(case_of(woman(), title="Ms. Mun taken in Hunchun"), EVERYTHING)
    assert (shown.victims[0].name, shown.victims[0].pregnant) == ("Mun Ha-eun", True)
    assert shown.victims[0].age == Age(min=34, max=34, raw="34")
    assert (shown.events[0].start, shown.events[0].precision) == (date(2026, 11, 12), "day")
    assert (shown.places[0].name, shown.places[0].level) == ("Hunchun", "county")
    assert shown.quotes[0].sentence == SENTENCE
    assert shown.sources[0].title == "Ms. Mun taken in Hunchun"
    assert [(one.kind, one.name) for one in shown.informants] == [("relative", "Piao Guang")]


@pytest.mark.parametrize(
    ("policy", "shows", "hides"),
    [
        (Policy(names=True), "Mun Ha-eun", ("Piao", "Hunchun", "November 12", "2026-11-12")),
        (Policy(exact_dates=True), "2026-11-12", ("Mun", "Piao", "Hunchun")),
        (Policy(exact_places=True), "Hunchun", ("Mun", "Piao", "November 12")),
        (Policy(informants=True), '"relative"', ("Mun", "Piao", "Hunchun")),
    ],
)
def test_each_permission_opens_its_own_door_only(policy: Policy, shows: str, hides: tuple[str, ...]) -> None:
    shown = as_json(disclosed(case_of(woman()), policy))
    assert shows in shown
    assert [word for word in hides if word in shown] == []


# -- no name survives -------------------------------------------------------------------------------------------------

FAMILY = ["Mun", "Ok", "Piao", "Ryom", "Tae"]
GIVEN = [("Ha", "eun"), ("Bo", "ra"), ("Guang",), ("Myong", "suk"), ("Chol", "min")]
HANGUL = ["문하은", "옥보라", "염명숙"]
HAN = ["朴光", "文夏恩", "廉明淑"]
FILLER = ["officers came", "to the house", "at night", "and", "nobody knew", "왔다", "被带走", "in Jilin Province"]


@st.composite
def western(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A name as recorded, and ways in which an article may write it."""
    family, given = draw(st.sampled_from(FAMILY)), draw(st.sampled_from(GIVEN))
    joined = [mark.join(given) for mark in ("-", " ", "")] + ["-".join(part.capitalize() for part in given)]
    written = [f"{family} {one}" for one in joined] + [f"{one} {family}" for one in joined]
    titled = [f"{title} {family}" for title in ("Ms.", "Mr", "Mrs.", "Miss", "Dr.")]
    return draw(st.sampled_from(written[:4])), [
        *written,
        *(one.upper() for one in written),
        *titled,
        *(f"{one}'s" for one in written),
    ]


@st.composite
def eastern(draw: st.DrawFn) -> tuple[str, list[str]]:
    name = draw(st.sampled_from(HANGUL + HAN))
    family, given = name[0], name[1:]
    spoken = [f"{family}씨", f"{family} 모 씨"] if name in HANGUL else [f"{family}某", f"{family}女士", f"{family}氏"]
    return name, [name, f"{family} {given}", f"{name}은", f"{name}被", *spoken]


@st.composite
def betrayals(draw: st.DrawFn) -> tuple[Case, list[str]]:
    """A case whose every text repeats the names of its people in many forms; and all those forms."""
    people = draw(st.lists(st.one_of(western(), eastern()), min_size=1, max_size=3, unique_by=lambda one: one[0]))
    forms = [form for _, written in people for form in written]
    names = [name for name, _ in people]

    def prose() -> str:
        words = draw(st.lists(st.sampled_from(forms + FILLER), min_size=3, max_size=12))
        return " ".join(words) + "."

    sentence, before, after = prose(), prose(), prose()
    text = f"{before} {sentence} {after}\n{prose()}"
    report = Report(
        mention=Mention.PRIMARY,
        stage=Stage.COMPLETED,
        from_state="CN",
        to_state="KP",
        victims=tuple(Victim(label=f"V{i}", name=name) for i, name in enumerate(names[:2], start=1)),
        informants=tuple(Informant(kind="relative", name=name) for name in names[2:]),
        collateral=(Collateral(act="detention", person=names[-1]),),
        authorities=(Authority(name=prose()),),
        legal_bases=(LegalBasis(instrument=prose(), invoked_by=prose()),),
        stated_reason=prose(),
        state_label=prose(),
        evidence=(evidence(text, sentence, "stage"),),
    )
    return case_of(report, text=text, title=prose()), names


@settings(max_examples=150)
@given(betrayals())
def test_no_name_survives_anywhere_in_any_form(drawn: tuple[Case, list[str]]) -> None:
    case, names = drawn
    shown = as_json(disclosed(case))
    for name in names:
        parts = re.split(r"[\s-]+", name) if name.isascii() else [name, name[1:] if len(name) > 2 else name]
        for part in {*parts, "".join(parts[1:]) or name}:
            if len(part) > 2 or not name.isascii():
                assert not re.search(rf"(?<![a-z]){re.escape(part)}(?![a-z])", shown, re.IGNORECASE), (
                    name,
                    part,
                    shown,
                )
        assert name not in shown
    assert shown.count(case.number) == 1
