"""article → judgement → decision: what an article says, and what that does to the register."""

from collections.abc import Sequence
from datetime import date

import msgspec

from cases.credits import credited
from cases.extraction import extract
from cases.extraction.events import language_of
from cases.linking import link_all
from cases.model import Article, Judgement, Mention, Report
from cases.recognition import Classifier, Profile, RuleClassifier
from cases.register import Case, Decision

_RULES = RuleClassifier()
_PLAIN = Profile()


def judge(article: Article, *, classifier: Classifier | None = None, profile: Profile = _PLAIN) -> Judgement:
    """Judge one article and read its reports; the same article always gives the same judgement.

    A classifier of one's own replaces the rules' verdict; the reports are read by the rules, so a verdict that they see no
    act for gives no report.
    """
    verdict = (classifier or _RULES).classify(article, profile)
    lang = language_of(article)
    return Judgement(
        verdict=verdict,
        lang=lang,
        reports=extract(article, verdict, strict=profile.strict_verbs),
        credits=credited(article if article.lang else msgspec.structs.replace(article, lang=lang)),
    )


def decide(
    article: Article,
    judgement: Judgement,
    candidates: Sequence[Case],
    *,
    source_title: str = "",
    announce_since: date | None = None,
) -> Decision:
    """Say what each report of a judgement does to the register, given the open cases that it may belong to.

    A mere reference to an act, and a number summed over a period, do nothing to it.
    """
    return Decision(
        judgement=judgement,
        effects=link_all(
            registered(judgement.reports),
            article,
            candidates,
            announce_since,
            source_title=source_title,
            credited=judgement.credits,
        ),
    )


def registered(reports: Sequence[Report]) -> list[Report]:
    """Give those reports that do something to the register, in their order."""
    return [
        report
        for report in reports
        if report.mention is not Mention.REFERENCE and report.multiplicity != "aggregate_statistic"
    ]
