"""digest → subject: one line in a fixed grammar, so that people and their filters can lean on it.

::

    [URGENT] 12 people, China -> North Korea, return imminent (case 2026-0007, rev 1)
    [NEW] 2 urgent, 7 new, 1 updated, 1 corroborated (weekly, 2026-11-23)
    [QUIET] nothing new (weekly, 2026-11-23)
    [NEW] 2 of 12 sources failing; 3 new (weekly, 2026-11-23)
    [FAILING] 1 of 12 sources failing, 1 quieter than usual; nothing new (weekly, 2026-11-23)
    [BLIND] no source could be read; nothing new (weekly, 2026-11-23)

The word in brackets is the most pressing that is true; what cannot be seen is told before what was seen, until it is mended. No
names, and no place below a State. Other languages say the same in the same order; for filters of any language the word in
brackets stands in English in a header of the mail as well.
"""

from collections.abc import Mapping

from digests.cleaning import header
from digests.people import who
from digests.speech import Speech, of_context, speech, terms
from digests.view import CaseCard, Digest, SectionKey

COUNTED: Mapping[str, tuple[str, str]] = {
    "urgent": terms("{count} urgent", "{count} urgent"),
    "new": terms("{count} new", "{count} new"),
    "changed": terms("{count} updated", "{count} updated"),
    "corroborated": terms("{count} corroborated", "{count} corroborated"),
    "withdrawn": terms("{count} withdrawn", "{count} withdrawn"),
    "older": terms("{count} older", "{count} older"),
}
"""What a digest tells, in the order in which it is counted."""
_LEADS: dict[SectionKey, str] = {"urgent": "URGENT", "new": "NEW", "changed": "UPDATED", "corroborated": "UPDATED"}

_SAID = {
    # Translators: the word in brackets at the beginning of a mail's subject: the most pressing that the digest tells.
    "URGENT": of_context("subject", "URGENT"),
    "NEW": of_context("subject", "NEW"),
    "UPDATED": of_context("subject", "UPDATED"),
    "OLDER": of_context("subject", "OLDER"),
    "QUIET": of_context("subject", "QUIET"),
    "FAILING": of_context("subject", "FAILING"),
    "BLIND": of_context("subject", "BLIND"),
}


def subject(digest: Digest) -> str:
    """Write the subject of a digest in its language."""
    words, cards = speech(digest.language), digest.cards
    alone = len(cards) == 1 and not (digest.older or digest.withdrawn or digest.coverage.failing)
    lead_said = words.pgettext(*_SAID[lead(digest)])
    if alone:
        return header(f"[{lead_said}] {_of_one(cards[0], words)}")
    said = words.clauses([_blind(digest, words), _failing(digest, words), _content(digest, words)])
    # Translators: the end of a mail's subject: what the digest tells, its name and its period.
    told = words.gettext("{told} ({digest}, {period})", told=said, digest=digest.name, period=digest.period)
    return header(f"[{lead_said}] {told}")


def lead(digest: Digest) -> str:
    """Choose the word in brackets, in English; programs know it by this."""
    if _is_blind(digest):
        return "BLIND"
    if digest.sections:
        return _LEADS[digest.sections[0].key]
    if digest.withdrawn:
        return "UPDATED"
    if digest.older:
        return "OLDER"
    return "FAILING" if digest.coverage.failing else "QUIET"


def summary(digest: Digest) -> tuple[str, ...]:
    """Count what the digest tells: ``2 urgent``, ``7 new`` …; empty when it tells nothing."""
    words = speech(digest.language)
    counts: dict[str, int] = {section.key: len(section.cards) for section in digest.sections}
    counts |= {"withdrawn": len(digest.withdrawn), "older": len(digest.older)}
    return tuple(words.ngettext(*term, n) for key, term in COUNTED.items() if (n := counts.get(key, 0)))


def _content(digest: Digest, words: Speech) -> str:
    return words.row(summary(digest)) or words.gettext("nothing new")


def _is_blind(digest: Digest) -> bool:
    sources = digest.coverage.sources
    return bool(sources) and not any(row.outcome is not None and not row.failing for row in sources)


def _blind(digest: Digest, words: Speech) -> str:
    return words.gettext("no source could be read") if _is_blind(digest) else ""


def _failing(digest: Digest, words: Speech) -> str:
    seen, said = digest.coverage, []
    if seen.failing and not _is_blind(digest):
        said.append(
            words.ngettext(
                "{failing} of {count} source failing",
                "{failing} of {count} sources failing",
                len(seen.sources),
                failing=words.figures(len(seen.failing)),
            )
        )
    if seen.quiet and said:
        # Translators: stands behind "2 of 12 sources failing".
        said.append(words.ngettext("{count} quieter than usual", "{count} quieter than usual", len(seen.quiet)))
    elif seen.quiet:
        said.append(
            words.ngettext("{count} source quieter than usual", "{count} sources quieter than usual", len(seen.quiet))
        )
    return words.row(said)


def _of_one(card: CaseCard, words: Speech) -> str:
    """Tell the only case, severity before detail."""
    return words.gettext(
        "{who}, {route}, {stage} (case {number}, rev {revision})",
        who=who(card.disclosed, words),
        route=card.route.replace("→", "->"),
        stage=card.stage_words.lower(),
        number=card.number,
        revision=card.revision,
    )
