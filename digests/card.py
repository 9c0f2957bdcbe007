"""A disclosed case → the card that a reader meets. Pure: values in, values out."""

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

import msgspec

from cases.disclosure import DisclosedCase, DisclosedQuote, DisclosedSource, DisclosedVictim
from cases.model import ChangeKind
from digests import words
from digests.attribution import owes, told_by
from digests.cleaning import clean, clean_line, web_address
from digests.dates import day
from digests.names import country, direction, language
from digests.passages import Piece, mark
from digests.sensitive import content_warning
from digests.view import CaseCard, Dispute, Fact, Passage, Saying, SourceCard

_PLACES_IN_ORDER = ("origin", "residence", "arrest", "held", "transfer", "crossing", "destination")
_ENDS = frozenset({"origin", "destination"})


def card(
    case: DisclosedCase,
    *,
    case_id: str,
    change: ChangeKind,
    changed_fields: Sequence[str] = (),
    urgent: bool = False,
    zone: ZoneInfo,
) -> CaseCard:
    """Make the card of a case from what may leave of it."""
    sources = tuple(
        source(one, own_quotes(case, n), zone, owes=owes(one, case.sources)) for n, one in enumerate(case.sources)
    )
    return CaseCard(
        number=case.number,
        id=case_id,
        revision=case.revision,
        change=change,
        change_words=words.CHANGES[change],
        status=case.status,
        urgent=urgent,
        stage=case.stage,
        stage_words=words.STAGES[case.stage],
        headline=clean_line(words.headline(case)),
        route=words.route(case),
        assertion=words.ASSERTIONS.get(case.assertion, case.assertion),
        facts=tuple(fact for fact in facts(case) if fact.lines),
        changed=tuple(dict.fromkeys(field_words(name) for name in changed_fields)),
        missing=missing(case),
        warning=content_warning(_quoted(case)),
        sources=sources,
        sources_words=told_by(case),
        disputes=tuple(disputes(case)),
        disclosed=case,
    )


def facts(case: DisclosedCase) -> Iterator[Fact]:
    """Yield what is known, one entry of the card each; an entry without lines is not shown."""
    yield _fact("Who", who_lines(case))
    yield _fact("When", (words.happened(event, case.stage) for event in case.events if event.start or event.end))
    places = sorted(case.places, key=lambda place: _PLACES_IN_ORDER.index(place.role))
    yield _fact("Where", (f"{words.ROLES[place.role]} {words.place(place)}" for place in places))
    yield _fact("By whom", map(words.authority, case.authorities))
    yield _fact("Reason given", filter(None, (case.stated_reason, case.state_label)))
    yield _fact("Law invoked", (_basis(basis.instrument, basis.invoked_by) for basis in case.legal_bases))
    yield _fact("Afterwards", [words.outcome(case.outcome)] if case.outcome else [])
    yield _fact("Harm feared in", [country(case.risk_state)] if case.risk_state else [])
    yield _fact("Told by", (_informant(one.kind, one.name) for one in case.informants))


def who_lines(case: DisclosedCase) -> list[str]:
    """Say who and how many; then each person apart, unless one line holds for all."""
    everybody = words.sentence(words.who(case))
    alike = {(victim.sex, victim.minor, victim.pregnant, _person(victim)) for victim in case.victims}
    if len(alike) <= 1:
        of_all = [msgspec.structs.replace(one, age=None) if _is_household(case) else one for one in case.victims[:1]]
        return [", ".join(filter(None, [everybody, *map(_person, of_all)]))]
    return [everybody, *(f"{victim.label}: {_apart(victim) or 'nothing more is said'}" for victim in case.victims)]


def _is_household(case: DisclosedCase) -> bool:
    """Tell whether one entry stands for a whole family: an age in it is that of one of them."""
    return case.multiplicity == "family" and len(case.victims) == 1


def missing(case: DisclosedCase) -> tuple[str, ...]:
    """Name what a documenter needs and no source says: WGEID's elements of a case, as far as an article can hold them."""
    dated = any(event.start or event.end for event in case.events if event.type != "media_report")
    gaps = {
        "how many people": case.persons is None,
        "from where": case.from_state is None,
        "to where": case.to_state is None,
        "when": not dated,
        "at which place": all(place.role in _ENDS for place in case.places),
        "by which authority": not case.authorities,
        "what happened afterwards": case.outcome is None,
    }
    return tuple(gap for gap, is_open in gaps.items() if is_open)


def disputes(case: DisclosedCase) -> Iterator[Dispute]:
    """Yield the values on which sources disagree, side by side; one article alone disagrees with nobody."""
    for conflict in case.conflicts if len(case.sources) > 1 else ():
        claims = (f"{claim.value} ({words.listed(claim.sources)})" for claim in conflict.claims)
        yield Dispute(about=field_words(conflict.field), claims=tuple(map(clean_line, claims)))


def source(told: DisclosedSource, quotes: Sequence[DisclosedQuote], zone: ZoneInfo, *, owes: str = "") -> SourceCard:
    """Make the entry of one article: title, address, and its paragraphs with the sentences marked."""
    published = told.published.astimezone(zone).date() if told.published else None
    best = sorted(quotes, key=lambda quote: "stage" not in quote.fields)
    return SourceCard(
        title=clean_line(told.title, 300) or "(without a title)",
        url=web_address(told.url),
        shortened=told.url_shortened,
        source_title=clean_line(told.source_title, 120) or "source not named",
        lang=told.lang,
        language=language(told.lang),
        direction=direction(told.lang),
        published=published,
        published_words=day(published) if published else "without a date",
        owes=clean_line(owes, 200),
        passages=tuple(passages(best, told.lang)),
        sayings=tuple(
            Saying(says=_says(quote.fields), fields=quote.fields, text=clean_line(quote.sentence)) for quote in best
        ),
    )


def own_quotes(case: DisclosedCase, number: int) -> list[DisclosedQuote]:
    """Give the quotes of one article; of a reprint only those that its original does not have."""
    original = case.sources[number].reprint_of
    said = {quote.sentence for quote in case.quotes if quote.source == original}
    return [quote for quote in case.quotes if quote.source == number and quote.sentence not in said]


def passages(quotes: Sequence[DisclosedQuote], lang: str | None) -> Iterator[Passage]:
    """Yield each paragraph once, with every sentence of it that says something marked."""
    paragraphs: dict[str, list[tuple[int, int]]] = {}
    for quote in quotes:
        whole = f"{quote.before}{quote.sentence}{quote.after}"
        start = len(quote.before)
        paragraphs.setdefault(whole, []).append((start, start + len(quote.sentence)))
    for whole, spans in paragraphs.items():
        pieces = tuple(Piece(text=clean(piece.text), mark=piece.mark) for piece in mark(whole, spans))
        if any(piece.text.strip() for piece in pieces):
            yield Passage(pieces=pieces, lang=lang, direction=direction(lang))


def field_words(path: str) -> str:
    """Name a field by its path: ``events[0]`` is ``dates``."""
    name = path.partition("[")[0].partition(".")[0]
    return words.FIELDS.get(name, name.replace("_", " "))


def _says(fields: Sequence[str]) -> str:
    return words.sentence(words.listed(list(dict.fromkeys(map(field_words, fields)))))


def _quoted(case: DisclosedCase) -> Iterator[str]:
    """Yield every text of others that a card shows."""
    for quote in case.quotes:
        yield f"{quote.before}{quote.sentence}{quote.after}"
    for told in case.sources:
        yield told.title


def _fact(label: str, lines: Iterable[str]) -> Fact:
    return Fact(label=label, lines=tuple(filter(None, map(clean_line, lines))))


def _person(victim: DisclosedVictim) -> str:
    """Tell of a person what the number and noun before it do not."""
    told = [
        victim.name or "",
        f"aged {words.age(victim.age)}" if victim.age else "",
        f"from {country(victim.nationality)}" if victim.nationality else "",
    ]
    return ", ".join(filter(None, told))


def _apart(victim: DisclosedVictim) -> str:
    """Tell of one person among several who differ."""
    told = [
        {"female": "female", "male": "male", "mixed": "women and men"}.get(victim.sex or "", ""),
        "pregnant" if victim.pregnant else "",
        "under 18" if victim.minor else "",
        _person(victim),
    ]
    return ", ".join(filter(None, told))


def _basis(instrument: str, invoked_by: str | None) -> str:
    return f"{instrument}, invoked by {invoked_by}" if invoked_by else instrument


def _informant(kind: str, name: str | None) -> str:
    words_ = kind.replace("_", " ")
    return f"{words_} ({name})" if name else words_
