"""article + verdict → reports: one for each act that the article tells, every value with the sentence that says it."""

from cases.extraction.events import read
from cases.extraction.reports import ends_of, report_of, split
from cases.extraction.said import Said
from cases.extraction.scenes import places_of
from cases.extraction.series import parts_of
from cases.extraction.stories import stories_of
from cases.model import Article, Place, Report, Verdict

__all__ = ["extract"]

MAX_REPORTS = 50
"""No article tells of so many acts: a text that seems to is broken, and the rest is left out."""
_BRIEF = 25
"""An article of so few sentences that tells of one act tells of nothing else."""


def extract(article: Article, verdict: Verdict, *, strict: bool = False) -> tuple[Report, ...]:
    """Give the reports of an article that the verdict calls a report, in the order of the text; none for any other.

    ``strict`` as for ``cases.extraction.events.read``.
    """
    if not verdict.report:
        return ()
    reading = read(article, strict=strict)
    reports: list[Report] = []
    places: tuple[Said[Place], ...] = ()
    stories = stories_of(reading)[:MAX_REPORTS]
    beside = reading.sentences if len(stories) == 1 and len(reading.sentences) <= _BRIEF else ()
    for story in stories:
        report = report_of(story, reading, before=places, first=not reports, beside=beside)
        reports.extend(split(report, parts_of(story)))
        places = places_of(story, places, ends_of(report))
    return tuple(reports)
