"""term → anchors: words one of which every match of the term must hold.

By those of its triggers a text is looked through before anything else is done with it: where none stands, none can match.
"""

from cases.packs.notation import Choice, Part, Text, Way


def anchors(term: Choice) -> frozenset[str]:
    """Give words without blanks, one of which stands in whatever the term matches: its longest part that cannot be missing.

    Gives nothing for a term all of whose parts may be missing: it would match anything.
    """
    found = [_anchors_of(way) for way in term.ways]
    return frozenset[str]().union(*found) if all(found) else frozenset()


def _anchors_of(way: Way) -> frozenset[str]:
    """Give the best anchors of parts in a row: of those that must match, the ones whose shortest word is longest."""
    candidates = (_anchors_of_part(part) for part in way)
    return max(
        (words for words in candidates if words),
        key=lambda words: (min(map(len, words)), -len(words)),
        default=frozenset(),
    )


def _anchors_of_part(part: Part) -> frozenset[str]:
    if isinstance(part, Text):
        return frozenset({part.letters})
    return anchors(part) if isinstance(part, Choice) and not part.may_be_missing else frozenset()
