"""article → what is read of it: its title is the first line, where the text goes on about it.

A headline says half of the matter of a brief or a search result, and of a longer article what it is about. It never decides
alone: where the text does not go on about it, it is not read. A snippet of one or two sentences goes on about it when it tells of
such people or of a body of a State: title and snippet are then all there is.
"""

from typing import NamedTuple

import msgspec

from cases.extraction.places import find_countries
from cases.model import Article
from cases.packs import Pack
from cases.packs.notation import fold

_SNIPPET = {True: 300, False: 120}
"""Characters of the longest snippet, by whether the language parts its words by spaces: one or two sentences, which say only in part what happened."""

_HARD = ("force", "custody")
"""Cues by which a text goes on about a headline that tells of a return."""


class Printed(NamedTuple):
    """An article as read: ``lead`` characters were set before its own text, and the headline reaches as far as ``headline``."""

    article: Article
    lead: int = 0
    headline: int = 0


def with_title(article: Article, pack: Pack) -> Printed:
    """Give the article as read; a text that begins with its own title has its headline there."""
    title, text = article.title.strip(), article.text
    if not title:
        return Printed(article)
    if text.lstrip().startswith(title):
        return Printed(article, headline=text.index(title) + len(title))
    if text.strip() and not _goes_on_about(title, text, pack):
        return Printed(article)
    head = f"{title}\n\n"
    return Printed(msgspec.structs.replace(article, text=head + text), lead=len(head), headline=len(head))


def _goes_on_about(title: str, text: str, pack: Pack) -> bool:
    """Tell whether a text speaks of force or custody, names a State that its title names, or holds a trigger itself."""
    folded = fold(text)
    if any(pack.cue(name, "sentence").first(folded) is not None for name in _HARD):
        return True
    named = {mention.code for mention in find_countries(title, pack.language)}
    if named and any(mention.code in named for mention in find_countries(text, pack.language)):
        return True
    if len(text) <= _SNIPPET[pack.spaced] and _tells_of_people(folded, pack):
        return True
    return bool(pack.triggers(folded))


def _tells_of_people(folded: str, pack: Pack) -> bool:
    """Tell whether a text speaks of migrants or others who may be returned, or of a body of a State."""
    return any(pack.words(name).first(folded) is not None for name in ("victim", "authority"))
