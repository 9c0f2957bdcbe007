"""sources of a case → words: how many outlets tell it, from how many origins, and which only pass on what another wrote."""

from collections.abc import Sequence

from cases.disclosure import DisclosedCase, DisclosedSource
from digests.speech import Speech


def told_by(case: DisclosedCase, speech: Speech) -> str:
    """Count outlets and, apart from them, origins: ``Told by 5 outlets, 1 independent origin``."""
    count = len({source.source_title for source in case.sources})
    outlets = speech.ngettext("{count} outlet", "{count} outlets", count)
    if len(case.sources) <= 1:
        return speech.gettext("Told by {outlets}", outlets=outlets)
    # Translators: an origin is who first had the story; those who only print or pass on another's text are none.
    origins = speech.ngettext("{count} independent origin", "{count} independent origins", case.origins)
    if len(case.sources) == count:
        return speech.gettext("Told by {outlets}, {origins}", outlets=outlets, origins=origins)
    articles = speech.ngettext("{count} article", "{count} articles", len(case.sources))
    return speech.gettext(
        "Told by {outlets} in {articles}, {origins}", outlets=outlets, articles=articles, origins=origins
    )


def owes(source: DisclosedSource, sources: Sequence[DisclosedSource], speech: Speech) -> str:
    """Say whose text an article prints, or whom it credits: ``prints the text of The Gazette``; empty if nobody's."""
    said = []
    if source.reprint_of is not None:
        original = sources[source.reprint_of].source_title
        said.append(speech.gettext("prints the text of {source}", source=original))
    if source.credited:
        said.append(speech.gettext("credited to {sources}", sources=speech.listed(source.credited)))
    return speech.row(said)
