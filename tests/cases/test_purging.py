"""What must go of a person goes in every form and field; what stays keeps its place."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.errors import UsageError
from cases.merging import whole
from cases.model import (
    Age,
    Article,
    Collateral,
    Event,
    Evidence,
    Informant,
    Judgement,
    Label,
    Mention,
    Place,
    Quote,
    Report,
    Stage,
    Verdict,
    Victim,
)
from cases.purging import BLOT, blot, holds_name, purge_of, purged_article, purged_judgement, purged_report
from cases.register import Case, CaseStatus, Telling

AT = datetime(2026, 11, 22, tzinfo=UTC)
FORMS = ["Ryom Myong-suk", "RYOM MYONG-SUK", "Myong-suk Ryom", "Ms. Ryom", "Ryom", "Myong Suk", "Ryom Myongsuk's"]
WORDS = [
    "was taken",
    "from Hunchun",
    "in October",
    "police came.",
    "=",
    "她",
    "그녀는",
    "|",
    "Myongchon county",
    "pale",
]


def article_of(text: str, title: str = "Ms. Ryom is gone") -> Article:
    return Article(url="https://outlet.example/ryom-myong-suk", title=title, text=text, lang="en", source="outlet")


def report_of(text: str, sentences: Sequence[tuple[str, str]] = ()) -> Report:
    return Report(
        mention=Mention.PRIMARY,
        stage=Stage.COMPLETED,
        from_state="CN",
        to_state="KP",
        victims=(
            Victim(
                label="V1",
                name="Ryom Myong-suk",
                pseudonym=False,
                sex="female",
                age=Age(min=34, max=34),
                relation="wife",
            ),
            Victim(label="V2", name="Tae Ok-bun", sex="female"),
        ),
        events=(
            Event(type="arrest", start=date(2026, 10, 3), end=date(2026, 10, 3), precision="day", raw="on 3 October"),
        ),
        places=(Place(role="arrest", name="Hunchun", country="CN", raw="the house of Ryom"),),
        stated_reason="Ryom had no papers",
        informants=(Informant(kind="relative", name="Piao Guang", relation="husband"),),
        collateral=(Collateral(act="detention", person="Piao Guang", days=10, charge="hiding her"),),
        evidence=tuple(
            Evidence(field=field, text=said, start=text.index(said), end=text.index(said) + len(said))
            for field, said in sentences
        ),
    )


def case_of(report: Report, text: str) -> Case:
    page = article_of(text)
    telling = Telling(
        report=report, url=page.url, title=page.title, source="outlet", source_title="Outlet", published=AT, lang="en",
        article_text=text,
    )  # fmt: skip
    return Case(
        id="id", number="2026-0007", revision=1, status=CaseStatus.NEW, report=whole((telling,)), tellings=(telling,),
        opened_at=AT, changed_at=AT,
    )  # fmt: skip


@settings(max_examples=100)
@given(st.lists(st.sampled_from(FORMS + WORDS), min_size=3, max_size=12), st.integers(0, 3), st.integers(1, 6))
def test_no_form_of_a_name_stays_and_every_quote_stands_where_it_did(words: list[str], first: int, many: int) -> None:
    said = " ".join(words[first : first + many]) or words[0]
    text = f"{' '.join(words)} {said}\nA last word on Ryom Myong-suk."
    report = report_of(text, [("stage", said)])
    page = article_of(text, title=" ".join(words))
    purge = purge_of(case_of(report, text), ["victims[0].name"])
    free = purged_article(page, purge)
    judged = Judgement(verdict=Verdict(label=Label.CASE_REPORT, report=True, score=0.9, evidence=(Quote(text=said, start=text.index(said), end=text.index(said) + len(said)),)), lang="en", reports=(report,))  # fmt: skip
    left = purged_judgement(judged, purge, free)
    written = (
        (msgspec.json.encode(left) + msgspec.json.encode(msgspec.structs.replace(free, url=""))).decode().casefold()
    )
    assert "ryom" not in written
    assert "myong-suk" not in written
    assert len(free.text) == len(text)
    for quote in (*left.verdict.evidence, *left.reports[0].evidence):
        assert free.text[quote.start : quote.end] == quote.text
    assert left.reports[0].victims[1].name == "Tae Ok-bun"


def test_what_says_nothing_of_the_person_stays_as_it_was() -> None:
    text = "Ryom Myong-suk was taken from Hunchun. Tae Ok-bun saw it."
    purge = purge_of(case_of(report_of(text), text), ["victims[0].name"])
    left = purged_report(report_of(text), purge)
    before = report_of(text)
    assert (left.from_state, left.to_state, left.stage, left.events) == ("CN", "KP", before.stage, before.events)
    assert left.victims[0] == msgspec.structs.replace(before.victims[0], name=None, pseudonym=None)
    assert (left.informants, left.collateral) == (before.informants, before.collateral)
    assert (left.places[0].name, left.places[0].raw) == ("Hunchun", f"the house of {BLOT * 4}")
    assert purged_article(article_of(text), purge).url == "https://outlet.example/ryom-myong-suk"


def test_of_any_other_field_the_value_goes_with_the_sentence_that_says_it() -> None:
    text = "She was 34 years old. Her husband Piao Guang told it. Nothing else is known."
    report = report_of(
        text, [("victims[0].age", "She was 34 years old."), ("informants[0]", "Her husband Piao Guang told it.")]
    )
    purge = purge_of(case_of(report, text), ["victims[0].age", "informants[0]"])
    assert purge.kinds == ("victims.age", "informants.name", "informants.relation")
    page = purged_article(article_of(text), purge)
    left = purged_report(report, purge, page)
    assert page.text == f"{BLOT * 21} {BLOT * 31} Nothing else is known."
    assert (left.victims[0].age, left.victims[0].name) == (None, "Ryom Myong-suk")
    assert left.informants == (Informant(kind="relative"),)
    assert left.collateral[0].person is None, "the informant is the one who was detained"
    assert [one.field for one in left.evidence] == ["informants[0]"]
    assert left.evidence[0].text == BLOT * 31


def test_names_under_which_others_tell_of_the_only_victim_go_too() -> None:
    alone = msgspec.structs.replace(report_of(""), victims=report_of("").victims[:1])
    other = msgspec.structs.replace(alone, victims=(Victim(label="V1", name="염명숙"),))
    case = case_of(alone, "")
    told = msgspec.structs.replace(case.tellings[0], report=other, url="https://west.example/")
    case = msgspec.structs.replace(case, tellings=(*case.tellings, told))
    purge = purge_of(case, ["victims[0]"])
    assert purge.names == ("Ryom Myong-suk", "염명숙")
    assert blot(purge)("염명숙은 잡혔다") == f"{BLOT * 3}은 잡혔다"


def test_elsewhere_only_the_whole_name_counts() -> None:
    holds = holds_name(purge_of(case_of(report_of(""), ""), ["victims[0].name"]))
    assert holds("a page that speaks of Ryom  Myong-suk")
    assert not holds("another Ms. Ryom of another page")


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ("victims[7].name", "expected a person of 2026-0007"),
        ("persons", "expected a person"),
        ("victims[0].nose", "of victims there are name"),
        ("victims[1].age", "says nothing there"),
    ],
)
def test_a_field_that_is_none_or_empty_is_refused(field: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        purge_of(case_of(report_of(""), ""), [field])
