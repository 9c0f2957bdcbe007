"""case → disclosed case: the one door through which what is known of a case leaves for mail, page, export or log.

Without an explicit choice of the operator: names of victims, relatives and informants become labels in every text, title
and field; days become months, places prefectures, ages bands of ten years; who told it, health, ties and occupation stay.
Where age, sex, prefecture and month would together point at one person, the age goes too. That somebody is a minor stays, since
a reader must know it; so where a child is concerned, no place closer than a province leaves. A case that people hold back
does not leave at all. Addresses of articles leave, since they are public; one that spells a withheld name is shortened to
its site.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from urllib.parse import unquote, urlsplit

import msgspec

from cases.coarsening import (
    Area,
    age_band,
    area_of,
    coarse_event,
    coarse_place,
    figure,
    is_of_a_child,
    narrower_than,
)
from cases.corrections import corrected
from cases.corroboration import Conflict, disagreements, origin_of_each, origins, reprints
from cases.disclosed import (
    DisclosedArticle,
    DisclosedAuthority,
    DisclosedBasis,
    DisclosedCase,
    DisclosedClaim,
    DisclosedConflict,
    DisclosedEvent,
    DisclosedInformant,
    DisclosedPlace,
    DisclosedQuote,
    DisclosedSource,
    DisclosedVictim,
)
from cases.grading import corroboration, grades
from cases.masking import Mask, days_mask, names_mask, places_mask, together
from cases.merging import ASIDE, in_order
from cases.model import Age, Event, Outcome, Place, Quote, Report, Victim
from cases.register import Case, CaseStatus, Correction, Telling
from cases.reprints import foreign_credits
from cases.whereabouts import FINE
from cases.withholding import Policy, withheld_names

__all__ = [
    "DisclosedArticle",
    "DisclosedAuthority",
    "DisclosedBasis",
    "DisclosedCase",
    "DisclosedClaim",
    "DisclosedConflict",
    "DisclosedEvent",
    "DisclosedInformant",
    "DisclosedPlace",
    "DisclosedQuote",
    "DisclosedSource",
    "DisclosedVictim",
    "Policy",
    "disclose",
    "disclose_article",
]

_LIVE = frozenset({CaseStatus.NEW, CaseStatus.CONFIRMED})
_LONGEST_CONTEXT = 1000
"""Characters of a paragraph on either side of a quoted sentence; longer ones are cut."""
_FIELD_ORDER = ("stage", "persons", "events", "places", "victims", "authorities", "outcome")


def disclose(case: Case, policy: Policy) -> DisclosedCase | None:
    """Give a case as the policy lets it leave; ``None`` when people hold it back (withheld, rejected, merged)."""
    if case.status not in _LIVE:
        return None
    report, tellings = case.report, _sources_first(case.tellings)
    withheld = withheld_names(case, policy)
    names = names_mask(withheld)
    area = _area(case)
    mask = _mask(case, names, policy)
    events = tuple(_event(event, policy) for event in report.events)
    places = _places(report.places, mask, area, policy)
    return DisclosedCase(
        number=case.number,
        revision=case.revision,
        status=case.status.value,
        opened_at=case.opened_at,
        changed_at=case.changed_at,
        stage=report.stage,
        from_state=report.from_state,
        to_state=report.to_state,
        risk_state=report.risk_state,
        assertion=report.assertion,
        multiplicity=report.multiplicity,
        persons=report.persons and msgspec.structs.replace(report.persons, raw=None),
        victims=_victims(report.victims, events, places, withheld, policy),
        events=events,
        places=places,
        authorities=tuple(
            DisclosedAuthority(name=mask(one.name), type=one.type, country=one.country) for one in report.authorities
        ),
        legal_bases=tuple(
            DisclosedBasis(instrument=mask(one.instrument), invoked_by=one.invoked_by and mask(one.invoked_by))
            for one in report.legal_bases
        ),
        outcome=_outcome(report.outcome, tellings, policy),
        stated_reason=report.stated_reason and mask(report.stated_reason),
        state_label=report.state_label and mask(report.state_label),
        informants=_informants(report, policy),
        quotes=tuple(quote for index, telling in enumerate(tellings) for quote in _quotes(telling, index, mask)),
        sources=_sources(tellings, mask, names),
        origins=origins(tellings),
        corroboration=corroboration(tellings),
        conflicts=_conflicts(tellings, mask, area, policy),
        announce=case.announce,
        widened=area == "province" and not policy.exact_places,
    )


def disclose_article(told: Sequence[Case], url: str, policy: Policy) -> DisclosedArticle | None:
    """Give one article whole as the policy lets it leave, with what it tells of these cases; ``None`` when one is held back.

    An article of a rejected case may leave: nothing was done to anybody in it. What the policy coarsens is masked in its text, and
    is left out of what is said of the text.
    """
    tellings = [telling for case in told for telling in case.tellings if telling.url == url]
    if not tellings or any(case.status not in _LIVE | {CaseStatus.REJECTED} for case in told):
        return None
    mask = together([_mask(case, names_mask(withheld_names(case, policy)), policy) for case in told])
    one = tellings[0]
    return DisclosedArticle(
        url=url,
        title=mask(one.title),
        text=mask(one.article_text),
        lang=one.lang,
        published=one.published,
        reports=tuple(
            _told(telling.report, case.corrections, policy)
            for case in told
            if case.status in _LIVE
            for telling in case.tellings
            if telling.url == url
        ),
    )


def _told(report: Report, corrections: Iterable[Correction], policy: Policy) -> Report:
    """Give what an article tells, a person's corrections above it, without what may not leave."""
    said = corrected(report, corrections)
    return Report(
        mention=said.mention,
        stage=said.stage,
        from_state=said.from_state,
        to_state=said.to_state,
        risk_state=said.risk_state,
        multiplicity=said.multiplicity,
        persons=said.persons and msgspec.structs.replace(said.persons, raw=None),
        outcome=said.outcome and Outcome(value=said.outcome.value),
        events=said.events if policy.exact_dates else (),
        places=said.places if policy.exact_places else (),
        victims=said.victims if policy.names else (),
    )


def _sources_first(tellings: Sequence[Telling]) -> tuple[Telling, ...]:
    """Order tellings as they were published, those that only mention the case last."""
    return tuple(sorted(in_order(tellings), key=lambda telling: telling.report.mention in ASIDE))


# -- what is masked ---------------------------------------------------------------------------------------------------


def _area(case: Case) -> Area:
    """Say how far its places are widened: to provinces, once any telling of it tells of a child."""
    reports = (case.report, *(telling.report for telling in case.tellings))
    return "province" if any(is_of_a_child(victim) for one in reports for victim in one.victims) else "prefecture"


def _mask(case: Case, names: Mask, policy: Policy) -> Mask:
    """Make the mask that every text of the case goes through."""
    masks = [names]
    if not policy.exact_places:
        area = _area(case)
        narrow = narrower_than(area)
        reports = (case.report, *(telling.report for telling in case.tellings))
        near = [place for one in reports for place in one.places if place.level is None or place.level in narrow]
        masks.append(places_mask(near, partial(area_of, area=area), narrow))
    if not policy.exact_dates:
        masks.append(days_mask)
    return together(masks)


# -- field by field ---------------------------------------------------------------------------------------------------


def _event(event: Event, policy: Policy) -> DisclosedEvent:
    shown = event if policy.exact_dates else coarse_event(event)
    return DisclosedEvent(type=shown.type, start=shown.start, end=shown.end, precision=shown.precision)


def _places(places: Iterable[Place], mask: Mask, area: Area, policy: Policy) -> tuple[DisclosedPlace, ...]:
    if policy.exact_places:
        shown = [_place(place, mask) for place in places]
    else:
        wide = filter(None, (coarse_place(place, area) for place in places))
        # What bears the gazetteer's name is wide already; a city that is called like its province would mask it.
        shown = [_place(place, (lambda name: name) if place.gazetteer_id else mask) for place in wide]
    return tuple(dict.fromkeys(shown))


def _place(place: Place, mask: Mask) -> DisclosedPlace:
    return DisclosedPlace(
        role=place.role,
        name=mask(place.name),
        parents=tuple(map(mask, place.parents)),
        country=place.country,
        level=place.level,
    )


def _victims(
    victims: Iterable[Victim],
    events: Sequence[DisclosedEvent],
    places: Sequence[DisclosedPlace],
    withheld: Mapping[str, str],
    policy: Policy,
) -> tuple[DisclosedVictim, ...]:
    """Show victims under their labels; where sex, month and prefecture leave too, a fourth trait would find the person."""
    month = any(event.precision in {"day", "few_days", "week", "month"} for event in events)
    near = any(place.level is not None and place.level in FINE | {"prefecture"} for place in places)
    return tuple(
        DisclosedVictim(
            label=victim.label,
            name=victim.name if policy.names and victim.name not in withheld else None,
            sex=victim.sex,
            age=_age(victim, combined=month and near and victim.sex is not None, policy=policy),
            minor=victim.minor,
            pregnant=victim.pregnant if policy.names else None,
            nationality=victim.nationality,
        )
        for victim in victims
    )


def _age(victim: Victim, *, combined: bool, policy: Policy) -> Age | None:
    if victim.age is None or policy.names:
        return victim.age
    return None if combined else age_band(victim.age)


def _outcome(outcome: Outcome | None, tellings: Sequence[Telling], policy: Policy) -> Outcome | None:
    """Show when the outcome was known only where that is the day of a publication, which is public."""
    published = {telling.published.date() for telling in tellings if telling.published}
    if outcome is None or policy.exact_dates or outcome.as_of in published:
        return outcome
    return msgspec.structs.replace(outcome, as_of=None)


def _informants(report: Report, policy: Policy) -> tuple[DisclosedInformant, ...]:
    if not policy.informants:
        return ()
    return tuple(
        DisclosedInformant(kind=one.kind, name=one.name if policy.names else None) for one in report.informants
    )


def _sources(tellings: Sequence[Telling], mask: Mask, names: Mask) -> tuple[DisclosedSource, ...]:
    """Show the articles, and which of them go back to one origin."""
    ties = zip(origin_of_each(tellings), reprints(tellings), grades(tellings), strict=True)
    return tuple(
        msgspec.structs.replace(
            _source(telling, mask, names),
            origin=origin,
            reprint_of=reprint.of if reprint else None,
            credited=tuple(map(names, _credited(telling))),
            grade=grade,
        )
        for telling, (origin, reprint, grade) in zip(tellings, ties, strict=True)
    )


def _credited(telling: Telling) -> tuple[str, ...]:
    outlets = (telling.source, telling.source_title)
    return foreign_credits(telling.credits, outlets=outlets, url=telling.url)


def _source(telling: Telling, mask: Mask, names: Mask) -> DisclosedSource:
    url, spelt = telling.url, unquote(telling.url).replace("_", " ")
    betrays = names(spelt) != spelt
    if betrays:
        parts = urlsplit(url)
        url = f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""
    return DisclosedSource(
        title=mask(telling.title),
        url=url,
        url_shortened=betrays,
        source_title=names(telling.source_title or telling.source),
        published=telling.published,
        lang=telling.lang,
    )


# -- quotes -----------------------------------------------------------------------------------------------------------


def _quotes(telling: Telling, source: int, mask: Mask) -> list[DisclosedQuote]:
    """Give each sentence that says something once, the most telling first, in its paragraph."""
    spoken: dict[tuple[int, int, str], list[str]] = {}
    for quote in telling.report.evidence:
        spoken.setdefault((quote.start, quote.end, quote.text), []).append(quote.field)
    ranked = sorted(spoken.items(), key=lambda item: (min(map(_rank, item[1])), item[0][0]))
    return [
        _quote(Quote(text=text, start=start, end=end), tuple(fields), telling, source, mask)
        for (start, end, text), fields in ranked
    ]


def _rank(field: str) -> int:
    name = field.split("[", maxsplit=1)[0].split(".", maxsplit=1)[0]
    return _FIELD_ORDER.index(name) if name in _FIELD_ORDER else len(_FIELD_ORDER)


def _quote(quote: Quote, fields: tuple[str, ...], telling: Telling, source: int, mask: Mask) -> DisclosedQuote:
    """Cut the paragraph around a sentence; masked before it is cut, so that no half of a name is left over."""
    text, before, after = telling.article_text, "", ""
    if text[quote.start : quote.end] == quote.text:
        begin = text.rfind("\n", 0, quote.start) + 1
        end = text.find("\n", quote.end)
        before = mask(text[begin : quote.start])
        after = mask(text[quote.end : end if end >= 0 else len(text)])
    return DisclosedQuote(
        fields=fields,
        before=before if len(before) <= _LONGEST_CONTEXT else "…" + before[-_LONGEST_CONTEXT:],
        sentence=mask(quote.text),
        after=after if len(after) <= _LONGEST_CONTEXT else after[:_LONGEST_CONTEXT] + "…",
        source=source,
    )


# -- where sources disagree -------------------------------------------------------------------------------------------


def _conflicts(tellings: Sequence[Telling], mask: Mask, area: Area, policy: Policy) -> tuple[DisclosedConflict, ...]:
    shown = (_conflict(conflict, tellings, mask, area, policy) for conflict in disagreements(tellings))
    return tuple(conflict for conflict in shown if len(conflict.claims) > 1)


def _conflict(
    conflict: Conflict, tellings: Sequence[Telling], mask: Mask, area: Area, policy: Policy
) -> DisclosedConflict:
    """Set the values side by side; those that look alike once coarsened are one."""
    claims: dict[str, list[str]] = {}
    for index in conflict.tellings:
        telling = tellings[index]
        for value in _values(conflict.field, telling.report, mask, area, policy):
            claims.setdefault(value, []).append(mask(telling.source_title or telling.source))
    return DisclosedConflict(
        field=conflict.field,
        claims=tuple(
            DisclosedClaim(value=value, sources=tuple(dict.fromkeys(sources))) for value, sources in claims.items()
        ),
    )


def _values(field: str, report: Report, mask: Mask, area: Area, policy: Policy) -> list[str]:
    kind, _, which = field.partition(".")
    if kind == "persons":
        return [figure(report.persons)] if report.persons else []
    if kind == "events":
        events = [_event(event, policy) for event in report.events if event.type == which]
        return [f"{event.start or '?'}/{event.end or '?'}" for event in events]
    return [place.name for place in _places([p for p in report.places if p.role == which], mask, area, policy)]
