"""A disclosed case → the card that a reader meets, in the language of the reader. Pure: values in, values out.

What others wrote (titles, names, passages) stays in the language in which they wrote it, and says which one it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from cases.disclosure import DisclosedCase, DisclosedQuote, DisclosedSource
from cases.register import ChangeKind
from digests import words
from digests.attribution import owes, told_by
from digests.cleaning import clean, clean_line, web_address
from digests.dates import day
from digests.headlines import headline, route
from digests.names import country, direction, language
from digests.passages import Piece, mark
from digests.people import informant, who_lines
from digests.sensitive import content_warning
from digests.speech import ENGLISH, Speech
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
    speech: Speech = ENGLISH,
) -> CaseCard:
    """Make the card of a case from what may leave of it."""
    sources = tuple(
        source(one, own_quotes(case, n), zone, speech, owes=owes(one, case.sources, speech))
        for n, one in enumerate(case.sources)
    )
    return CaseCard(
        number=case.number,
        id=case_id,
        revision=case.revision,
        change=change,
        change_words=speech.gettext(words.CHANGES[change]),
        status=case.status,
        urgent=urgent,
        stage=case.stage,
        stage_words=speech.gettext(words.STAGES[case.stage]),
        headline=clean_line(headline(case, speech)),
        route=route(case, speech),
        assertion=speech.gettext(words.ASSERTIONS[case.assertion]) if words.ASSERTIONS[case.assertion] else "",
        facts=tuple(fact for fact in facts(case, speech) if fact.lines),
        changed=tuple(dict.fromkeys(field_words(name, speech) for name in changed_fields)),
        missing=missing(case, speech),
        warning=content_warning(_quoted(case), speech),
        sources=sources,
        sources_words=told_by(case, speech),
        disputes=tuple(disputes(case, speech)),
        disclosed=case,
    )


def facts(case: DisclosedCase, speech: Speech) -> Iterator[Fact]:
    """Yield what is known, one entry of the card each; an entry without lines is not shown."""
    dated = (event for event in case.events if event.start or event.end)
    places = sorted(case.places, key=lambda place: _PLACES_IN_ORDER.index(place.role))
    yield _fact(speech.gettext("Who"), who_lines(case, speech))
    yield _fact(speech.gettext("When"), (words.happened(event, case.stage, speech) for event in dated))
    yield _fact(speech.gettext("Where"), (words.located(place, speech) for place in places))
    yield _fact(speech.gettext("By whom"), (words.authority(one, speech) for one in case.authorities))
    yield _fact(speech.gettext("Reason given"), filter(None, (case.stated_reason, case.state_label)))
    yield _fact(
        speech.gettext("Law invoked"), (_basis(one.instrument, one.invoked_by, speech) for one in case.legal_bases)
    )
    yield _fact(speech.gettext("Afterwards"), [words.outcome(case.outcome, speech)] if case.outcome else [])
    yield _fact(speech.gettext("Harm feared in"), [country(case.risk_state, speech)] if case.risk_state else [])
    yield _fact(speech.gettext("Told by"), (informant(one.kind, one.name, speech) for one in case.informants))


def missing(case: DisclosedCase, speech: Speech = ENGLISH) -> tuple[str, ...]:
    """Name what a documenter needs and no source says: WGEID's elements of a case, as far as an article can hold them."""
    dated = any(event.start or event.end for event in case.events if event.type != "media_report")
    gaps = {
        # Translators: what no source says, one after another in a sentence: "Not said: when, by which authority."
        speech.gettext("how many people"): case.persons is None,
        speech.gettext("from where"): case.from_state is None,
        speech.gettext("to where"): case.to_state is None,
        speech.gettext("when"): not dated,
        speech.gettext("at which place"): all(place.role in _ENDS for place in case.places),
        speech.gettext("by which authority"): not case.authorities,
        speech.gettext("what happened afterwards"): case.outcome is None,
    }
    return tuple(gap for gap, is_open in gaps.items() if is_open)


def disputes(case: DisclosedCase, speech: Speech) -> Iterator[Dispute]:
    """Yield the values on which sources disagree, side by side; one article alone disagrees with nobody."""
    for conflict in case.conflicts if len(case.sources) > 1 else ():
        claims = (
            speech.gettext("{name} ({remarks})", name=claim.value, remarks=speech.listed(claim.sources))
            for claim in conflict.claims
        )
        yield Dispute(about=field_words(conflict.field, speech), claims=tuple(map(clean_line, claims)))


def source(
    told: DisclosedSource, quotes: Sequence[DisclosedQuote], zone: ZoneInfo, speech: Speech, *, owes: str = ""
) -> SourceCard:
    """Make the entry of one article: title, address, and its paragraphs with the sentences marked."""
    published = told.published.astimezone(zone).date() if told.published else None
    best = sorted(quotes, key=lambda quote: "stage" not in quote.fields)
    return SourceCard(
        title=clean_line(told.title, 300) or speech.gettext("(without a title)"),
        url=web_address(told.url),
        shortened=told.url_shortened,
        source_title=clean_line(told.source_title, 120) or speech.gettext("source not named"),
        lang=told.lang,
        language=language(told.lang, speech),
        direction=direction(told.lang),
        published=published,
        published_words=day(published, speech) if published else speech.gettext("without a date"),
        owes=clean_line(owes, 200),
        passages=tuple(passages(best, told.lang)),
        sayings=tuple(
            Saying(says=_says(quote.fields, speech), fields=quote.fields, text=clean_line(quote.sentence))
            for quote in best
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


def field_words(path: str, speech: Speech = ENGLISH) -> str:
    """Name a field by its path: ``events[0]`` is ``dates``."""
    name = path.partition("[")[0].partition(".")[0]
    return speech.gettext(words.FIELDS[name]) if name in words.FIELDS else name.replace("_", " ")


def _says(fields: Sequence[str], speech: Speech) -> str:
    return words.sentence(speech.listed(list(dict.fromkeys(field_words(field, speech) for field in fields))))


def _quoted(case: DisclosedCase) -> Iterator[str]:
    """Yield every text of others that a card shows."""
    for quote in case.quotes:
        yield f"{quote.before}{quote.sentence}{quote.after}"
    for told in case.sources:
        yield told.title


def _fact(label: str, lines: Iterable[str]) -> Fact:
    return Fact(label=label, lines=tuple(filter(None, map(clean_line, lines))))


def _basis(instrument: str, invoked_by: str | None, speech: Speech) -> str:
    if not invoked_by:
        return instrument
    return speech.gettext("{instrument}, invoked by {who}", instrument=instrument, who=invoked_by)
