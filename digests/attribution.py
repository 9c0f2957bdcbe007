"""sources of a case → words: how many outlets tell it, from how many origins, and which only pass on what another wrote."""

from collections.abc import Sequence

from cases.disclosure import DisclosedCase, DisclosedSource
from digests.words import counted, listed


def told_by(case: DisclosedCase) -> str:
    """Count outlets and, apart from them, origins: ``Told by 5 outlets, 1 independent origin``."""
    outlets = len({source.source_title for source in case.sources})
    articles = f" in {counted(len(case.sources), 'article')}" if len(case.sources) > outlets else ""
    said = f"Told by {counted(outlets, 'outlet')}{articles}"
    return said if len(case.sources) <= 1 else f"{said}, {counted(case.origins, 'independent origin')}"


def owes(source: DisclosedSource, sources: Sequence[DisclosedSource]) -> str:
    """Say whose text an article prints, or whom it credits: ``prints the text of The Gazette``; empty if nobody's."""
    credited = f"credited to {listed(source.credited)}" if source.credited else ""
    if source.reprint_of is None:
        return credited
    return ", ".join(filter(None, (f"prints the text of {sources[source.reprint_of].source_title}", credited)))
