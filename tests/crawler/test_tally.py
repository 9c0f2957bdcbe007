"""Counts: every entry ends in exactly one place."""

from cases.ledger import SetAside
from cases.model import Judgement, Label, Verdict
from crawler.readers import Entry
from crawler.tally import Tally

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
