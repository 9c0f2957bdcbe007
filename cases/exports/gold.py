"""what people decided → labelled texts, as docs/labelling.md describes them: the program is measured on its own cases.

Articles of confirmed cases are reports, with what they tell and what people corrected; articles of rejected cases are none, with the label
that was given at the rejection. An article is left out while one of the cases that it tells is undecided or held back: nobody has
said all that it tells. Texts are masked as everything that leaves, and what is masked in them is not scored.
"""

from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256

import msgspec
from msgspec import UNSET

from cases.disclosure import DisclosedArticle, Policy, disclose_article
from cases.evaluation.gold import GoldAnswer, GoldCase, GoldEvent, GoldItem, GoldPersons, GoldPlace, GoldVictim
from cases.model import Label, Report, Value, Victim
from cases.register import Case, CaseStatus


class Labelled(Value, frozen=True, kw_only=True):
    """Labelled texts, and how many articles could not be labelled."""

    items: tuple[GoldItem, ...]
    left_out: int


def label(
    cases: Collection[Case], labels: Mapping[str, Label], policy: Policy, *, only: Collection[str] = ()
) -> Labelled:
    """Label the articles of decided cases. ``cases`` are all of the register; ``labels`` those of rejected ones, by id.

    ``only``: ids of the cases whose articles are asked for; without it, all.
    """
    told: dict[str, list[Case]] = {}
    for case in sorted(cases, key=lambda one: one.number):
        for url in dict.fromkeys(telling.url for telling in case.tellings if case.status is not CaseStatus.MERGED):
            told.setdefault(url, []).append(case)
    asked = {url: some for url, some in told.items() if any(_is_asked(one, labels, only) for one in some)}
    items = [_item(url, some, labels, policy) for url, some in asked.items()]
    found = {item.id: item for item in items if item is not None}
    return Labelled(items=tuple(found[id_] for id_ in sorted(found)), left_out=len(asked) - len(found))


def as_gold(labelled: Labelled) -> bytes:
    """Write the texts as JSON lines, which ``returnwatch evaluate`` reads."""
    return b"".join(msgspec.json.encode(item) + b"\n" for item in labelled.items)


def _is_asked(case: Case, labels: Mapping[str, Label], only: Collection[str]) -> bool:
    is_decided = case.status is CaseStatus.CONFIRMED or (case.status is CaseStatus.REJECTED and case.id in labels)
    return is_decided and (not only or case.id in only)


def _item(url: str, told: list[Case], labels: Mapping[str, Label], policy: Policy) -> GoldItem | None:
    if not all(_is_asked(case, labels, ()) for case in told):
        return None
    article = disclose_article(told, url, policy)
    if article is None:
        return None
    lang = article.lang or "und"
    return GoldItem(
        id=f"{lang}-{int(sha256(url.encode('utf-8', 'replace')).hexdigest()[:12], 16)}",
        lang=lang,
        title=article.title,
        text=article.text,
        published=article.published.date() if article.published else None,
        kind="report" if article.reports else "hard_negative",
        note=_note(told, policy),
        gold=_answer(article, [labels[case.id] for case in told if case.id in labels], policy),
    )


def _note(told: Iterable[Case], policy: Policy) -> str:
    masked = ((policy.names, "names"), (policy.exact_dates, "days"), (policy.exact_places, "small places"))
    hidden = [what for allowed, what in masked if not allowed]
    said = f"decided by people: {', '.join(f'{case.number} {case.status.value}' for case in told)}"
    return f"{said}; masked: {', '.join(hidden)}" if hidden else said


def _answer(article: DisclosedArticle, rejected_as: list[Label], policy: Policy) -> GoldAnswer:
    if not article.reports:
        return GoldAnswer(label=rejected_as[0], report=False)
    is_total = all(report.multiplicity == "aggregate_statistic" for report in article.reports)
    return GoldAnswer(
        label=Label.AGGREGATE_REPORT if is_total else Label.CASE_REPORT,
        report=True,
        cases=tuple(_act(report, policy) for report in article.reports),
    )


def _act(report: Report, policy: Policy) -> GoldCase:
    persons = report.persons
    return GoldCase(
        mention=report.mention,
        stage=report.stage,
        from_state=report.from_state,
        to_state=report.to_state,
        risk_state=report.risk_state,
        persons=GoldPersons(min=persons.min, max=persons.max) if persons else None,
        outcome=report.outcome.value if report.outcome else None,
        events=tuple(
            GoldEvent(type=one.type, start=one.start, end=one.end) for one in report.events if one.start or one.end
        )
        if policy.exact_dates
        else UNSET,
        places=tuple(GoldPlace(role=one.role, name=one.name) for one in report.places)
        if policy.exact_places
        else UNSET,
        victims=tuple(map(_victim, report.victims)) if policy.names else UNSET,
    )


def _victim(victim: Victim) -> GoldVictim:
    return GoldVictim(
        name=victim.name,
        sex=victim.sex,
        age=(victim.age.min, victim.age.max) if victim.age else None,
        pregnant=victim.pregnant,
        pseudonym=victim.pseudonym,
        nationality=victim.nationality,
    )
