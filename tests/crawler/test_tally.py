"""Counts: every entry ends in exactly one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.ledger import Judged, SetAside
from cases.model import Judgement, Label, Verdict
from crawler.readers import Entry
from crawler.tally import Tally, came_to

JUDGEMENT = Judgement(verdict=Verdict(label=Label.UNRELATED, report=False, score=0.0), lang="en")


def test_the_funnel_closes_when_the_visit_ends_early() -> None:
    tally = Tally()
    tally.entries = 4
    for url in ("a", "b", "c"):
        tally.waiting[url] = Entry(url=url)
    tally.leave(SetAside.KNOWN)
    tally.leave(SetAside.UNREADABLE, "a")
    tally.judged("b", JUDGEMENT, ())
    tally.close()
    assert tally.set_aside == {SetAside.KNOWN: 1, SetAside.UNREADABLE: 1, SetAside.NOT_REACHED: 1}
    assert tally.entries == tally.articles + tally.set_aside.total() == tally.done
    assert tally.labels == {Label.UNRELATED: 1}


def test_reasons_that_count_nothing_are_not_named() -> None:
    tally = Tally()
    tally.close()
    assert dict(tally.set_aside) == {}


@pytest.mark.parametrize(
    ("label", "report", "score", "how_far"),
    [
        (Label.CASE_REPORT, True, 0.9, Judged.REPORT),
        (Label.AGGREGATE_REPORT, True, 0.5, Judged.REPORT),
        (Label.POLICY_OR_LAW, False, 0.3, Judged.NEAR_MISS),
        (Label.UNRELATED, False, 0.29, Judged.BELOW_THRESHOLD),
        (Label.UNSUPPORTED_LANGUAGE, False, 0.0, Judged.OTHER_LANGUAGE),
        (Label.UNSUPPORTED_LANGUAGE, False, 0.4, Judged.OTHER_LANGUAGE),
    ],
)
def test_how_far_an_article_came(label: Label, report: bool, score: float, how_far: Judged) -> None:
    verdict = Verdict(label=label, report=report, score=score, near_miss=not report and score >= 0.3)
    assert came_to(verdict) is how_far


verdicts = st.builds(Verdict, label=st.sampled_from(Label), report=st.booleans(), score=st.floats(0, 1))
fates = st.sampled_from(SetAside) | verdicts | st.none()


@given(listed_aside=st.lists(st.sampled_from(SetAside)), admitted=st.lists(fates))
def test_whatever_becomes_of_entries_the_sums_close(
    listed_aside: list[SetAside], admitted: list[SetAside | Verdict | None]
) -> None:
    """An entry is set aside as it is listed, or it waits: for its page, which is set aside or judged, or in vain."""
    tally = Tally()
    for why in listed_aside:
        tally.entries += 1
        tally.leave(why)
    for number, fate in enumerate(admitted):
        tally.entries += 1
        tally.waiting[str(number)] = Entry(url=str(number))
        if isinstance(fate, Verdict):
            tally.judged(str(number), Judgement(verdict=fate, lang="en"), ())
        elif fate is not None:
            tally.leave(fate, str(number))
    tally.close()
    assert tally.entries == tally.articles + tally.set_aside.total()
    assert tally.articles == tally.came_to.total() == tally.labels.total()
    assert not tally.waiting
    assert 0 not in tally.set_aside.values()
