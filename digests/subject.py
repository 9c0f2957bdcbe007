"""digest → subject: one line in a fixed grammar, so that people and their filters can lean on it.

::

    [URGENT] 12 people, China -> North Korea, return imminent (case 2026-0007, rev 1)
    [NEW] 2 urgent, 7 new, 1 updated, 1 corroborated (weekly, 2026-11-23)
    [QUIET] nothing new (weekly, 2026-11-23)
    [NEW] 2 of 12 sources failing; 3 new (weekly, 2026-11-23)
    [FAILING] 1 of 12 sources failing, 1 quieter than usual; nothing new (weekly, 2026-11-23)
    [BLIND] no source could be read; nothing new (weekly, 2026-11-23)

The word in brackets is the most pressing that is true; what cannot be seen is told before what was seen, until it is mended. No
names, and no place below a State.
"""

from digests.cleaning import header
from digests.view import CaseCard, Digest, SectionKey
from digests.words import counted, who

_COUNTED: tuple[tuple[SectionKey, str], ...] = (
    ("urgent", "urgent"),
    ("new", "new"),
    ("changed", "updated"),
    ("corroborated", "corroborated"),
)
_LEADS: dict[SectionKey, str] = {"urgent": "URGENT", "new": "NEW", "changed": "UPDATED", "corroborated": "UPDATED"}


def subject(digest: Digest) -> str:
    """Write the subject of a digest."""
    cards = digest.cards
    alone = len(cards) == 1 and not (digest.older or digest.withdrawn or digest.coverage.failing)
    if alone:
        return header(f"[{lead(digest)}] {_of_one(cards[0])}")
    said = "; ".join(filter(None, [_blind(digest), _failing(digest), _content(digest)]))
    return header(f"[{lead(digest)}] {said} ({digest.name}, {digest.period})")


def lead(digest: Digest) -> str:
    """Choose the word in brackets."""
    if _blind(digest):
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
    counts = [(digest.counted(key), word) for key, word in _COUNTED]
    counts += [(len(digest.withdrawn), "withdrawn"), (len(digest.older), "older")]
    return tuple(f"{count} {word}" for count, word in counts if count)


def _content(digest: Digest) -> str:
    return ", ".join(summary(digest)) or "nothing new"


def _blind(digest: Digest) -> str:
    sources = digest.coverage.sources
    can_see = any(row.outcome is not None and not row.failing for row in sources)
    return "" if can_see or not sources else "no source could be read"


def _failing(digest: Digest) -> str:
    failing, quiet, all_of_them = (
        len(of) for of in (digest.coverage.failing, digest.coverage.quiet, digest.coverage.sources)
    )
    said = [f"{failing} of {counted(all_of_them, 'source')} failing" if failing and not _blind(digest) else ""]
    said.append(f"{quiet} {'source ' if not said[0] else ''}quieter than usual" if quiet else "")
    return ", ".join(filter(None, said))


def _of_one(card: CaseCard) -> str:
    """Tell the only case, severity before detail."""
    route = card.route.replace("→", "->")
    return f"{who(card.disclosed)}, {route}, {card.stage_words.lower()} (case {card.number}, rev {card.revision})"
