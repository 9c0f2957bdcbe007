"""article → what is read of it: of a brief the title is the first line, of anything longer the text alone.

An agency's brief or a search result says half of its matter in the headline and goes on from there. In a longer article the headline
repeats, sharpens or teases, and what it says better stands in the text. A headline never decides alone: where the text
does not go on about it, it is not read.
"""

import msgspec

from cases.extraction.places import find_countries
from cases.model import Article
from cases.packs import Pack
from cases.packs.notation import fold

_LONGEST = {True: 700, False: 300}
"""Characters of the longest brief, by whether the language parts its words by spaces: about 110 words."""


def with_title(article: Article, pack: Pack) -> tuple[Article, int]:
    """Give the article as read, and how many characters stand in it before its own text."""
    title, text = article.title.strip(), article.text
    if not title or len(text) > _LONGEST[pack.spaced] or text.lstrip().startswith(title):
        return article, 0
    if text.strip() and not _goes_on_about(title, text, pack):
        return article, 0
    head = f"{title}\n\n"
    return msgspec.structs.replace(article, text=head + text), len(head)


def _goes_on_about(title: str, text: str, pack: Pack) -> bool:
    """Tell whether a text may hold a trigger itself, or names a State that its title names."""
    if pack.may_tell(fold(text)):
        return True
    named = {mention.code for mention in find_countries(title, pack.language)}
    return any(mention.code in named for mention in find_countries(text, pack.language))
