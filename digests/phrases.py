"""What templates can call to say something in the language of a digest.

``_`` and ``ngettext`` are gettext's: a whole sentence with named places for values, and one about a number of things. A sentence
that no catalogue holds, such as one of an operator's own template, is said as it stands.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from digests.coverage import articles, entries, reports
from digests.speech import Language, Speech, speech
from digests.view import Counted


@cache
def said_in(language: Language) -> Mapping[str, Callable[..., str]]:
    """Give the functions by the names that templates call them by."""
    words = speech(language)
    return {
        "_": words.gettext,
        "ngettext": words.ngettext,
        "row": words.row,
        "clauses": words.clauses,
        "sentences": words.sentences,
        "tallied": lambda counts: tallied(counts, words),
        "entries": lambda count: entries(count, words),
        "articles": lambda count: articles(count, words),
        "reports": lambda count: reports(count, words),
    }


def tallied(counts: Iterable[Counted], words: Speech) -> str:
    """Write numbers with what they count: ``12 too old, 3 unreadable``."""
    # Translators: a number of articles or pages with what they are: "12 too old", "6 reports of cases".
    return words.row(words.gettext("{number} {what}", number=words.figures(n.count), what=n.words) for n in counts)
