"""digest → JSON: the digest for programs, stable and documented.

::

    {"title", "name", "language", "period", "created_at", "subject", "truth": [sentence…], "withheld",
     "cases": [{
        "number", "id", "revision", "status", "change", "section", "urgent", "announced", "headline",
        "stage", "stage_words", "from", "to", "risk_state", "route", "assertion", "multiplicity",
        "persons": {"min", "max", "qualifier", "words"} | null,
        "victims": [{"label", "name", "sex", "age", "minor", "pregnant", "nationality"}],
        "events": [{"type", "start", "end", "precision", "words"}],
        "places": [{"role", "name", "parents", "country", "level", "words"}],
        "authorities": [{"name", "type", "country", "words"}],
        "legal_bases": [{"instrument", "invoked_by"}], "stated_reason", "state_label",
        "outcome": {"value", "as_of", "words"} | null, "informants": [{"kind", "name"}],
        "changed": [words…], "missing": [words…], "warning", "conflicts": [{"field", "claims": [{"value", "sources"}]}],
        "origins",
        "sources": [{"title", "url", "url_shortened", "source_title", "lang", "published", "origin", "reprint_of", "credited"}],
        "evidence": [{"fields", "text", "before", "after", "source"}]
     }],
     "withdrawn": [number…], "repeated": [number…],
     "history": [{"day", "urgent", "new", "updated", "corroborated", "articles"}],
     "coverage": {"since", "entries", "articles", "reports", "requests", "near_misses", "passed_over": {filter: count},
        "set_aside": {reason: count}, "labels": {label: count}, "judged": {how far: count},
        "sources": [{"name", "title", "outcome", "outcome_words", "failing", "recovered", "quiet", "resumed", "detail",
                     "visits", "requests", "entries", "articles", "reports", "cases_new", "set_aside", "labels", "judged",
                     "warnings", "last_success"}]}}

``cases`` holds every case of the digest in the order of the page, older ones last (``announced`` is false for these).
Keys may be added; none is renamed or removed. What is not known is ``null``. Times are UTC, dates are ISO 8601.
``language`` is the BCP 47 code of what is worded; codes, and what others wrote, do not depend on it.
"""

from typing import Any

import msgspec

from cases.disclosure import DisclosedCase
from digests import people, words
from digests.speech import Speech, speech
from digests.view import CaseCard, Counted, Coverage, Digest, Period, SourceRow


def document(digest: Digest, subject: str) -> str:
    """Write a digest as JSON, indented, in UTF-8, with one line end at its end."""
    said = speech(digest.language)
    tree = {
        "title": digest.title,
        "name": digest.name,
        "language": digest.language,
        "period": digest.period,
        "created_at": digest.created_at,
        "subject": subject,
        "truth": digest.truth,
        "withheld": digest.withheld,
        "cases": [
            *(_case(card, section.key, said) for section in digest.sections for card in section.cards),
            *(_case(card, "older", said) for card in digest.older),
        ],
        "withdrawn": digest.withdrawn,
        "repeated": digest.repeated,
        "history": [_period(period) for period in digest.history],
        "coverage": _coverage(digest.coverage),
    }
    return msgspec.json.format(msgspec.json.encode(tree), indent=2).decode() + "\n"


def _case(card: CaseCard, section: str, said: Speech) -> dict[str, Any]:
    values: DisclosedCase = card.disclosed
    return {
        "number": card.number,
        "id": card.id,
        "revision": card.revision,
        "status": card.status,
        "change": card.change,
        "section": section,
        "urgent": card.urgent,
        "announced": section != "older",
        "headline": card.headline,
        "stage": values.stage,
        "stage_words": card.stage_words,
        "from": values.from_state,
        "to": values.to_state,
        "risk_state": values.risk_state,
        "route": card.route,
        "assertion": values.assertion,
        "multiplicity": values.multiplicity,
        "persons": _worded(values.persons, people.who(values, said), drop={"raw"}),
        "victims": values.victims,
        "events": [_worded(event, words.happened(event, values.stage, said)) for event in values.events],
        "places": [_worded(place, words.located(place, said)) for place in values.places],
        "authorities": [_worded(authority, words.authority(authority, said)) for authority in values.authorities],
        "legal_bases": values.legal_bases,
        "stated_reason": values.stated_reason,
        "state_label": values.state_label,
        "outcome": _worded(values.outcome, words.outcome(values.outcome, said) if values.outcome else ""),
        "informants": values.informants,
        "changed": card.changed,
        "missing": card.missing,
        "warning": card.warning or None,
        "conflicts": values.conflicts,
        "origins": values.origins,
        "sources": values.sources,
        "evidence": [
            {"fields": one.fields, "text": one.sentence, "before": one.before, "after": one.after, "source": one.source}
            for one in values.quotes
        ],
    }


def _worded(value: msgspec.Struct | None, in_words: str, drop: frozenset[str] | set[str] = frozenset()) -> object:
    """Give a value's fields with its words beside them, or nothing."""
    if value is None:
        return None
    fields = msgspec.structs.asdict(value)
    return {**{key: held for key, held in fields.items() if key not in drop}, "words": in_words}


def _coverage(seen: Coverage) -> dict[str, Any]:
    return {
        "since": seen.since,
        "entries": seen.entries,
        "articles": seen.articles,
        "reports": seen.reports,
        "requests": seen.requests,
        "judged": _counts(seen.judged),
        "near_misses": seen.near_misses,
        "passed_over": _counts(seen.passed_over),
        "set_aside": _counts(seen.set_aside),
        "labels": _counts(seen.labels),
        "sources": [_source(row) for row in seen.sources],
    }


def _period(period: Period) -> dict[str, Any]:
    fields = msgspec.structs.asdict(period)
    del fields["day_words"]
    return fields


def _source(row: SourceRow) -> dict[str, Any]:
    fields = msgspec.structs.asdict(row)
    del fields["last_success_words"]
    counts = {"set_aside": _counts(row.set_aside), "labels": _counts(row.labels), "judged": _counts(row.judged)}
    return {**fields, **counts}


def _counts(given: tuple[Counted, ...]) -> dict[str, int]:
    return {one.key: one.count for one in given}
