"""How far a visit is. Knows nothing of crawling, so that whoever only asks for a crawl need not load what crawls."""

from cases.model import Value


class Progress(Value, frozen=True, kw_only=True):
    """How far a visit is: ``phase`` is ``listing``, ``reading`` or ``done``."""

    source: str
    phase: str
    done: int
    total: int
    note: str = ""
