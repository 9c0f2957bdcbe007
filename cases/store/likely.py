"""cases in reach → those that a report may tell: compared by facts, before anything else of them is read.

In a large register most cases of one route and month contradict the report or have nothing in common with it. Of these the
reports alone are read; whole cases, with their texts, are for those that linking would look at.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from cases.likeness import weigh
from cases.linking import ASK
from cases.model import Report
from cases.register import Telling
from cases.store.database import in_batches
from cases.store.merged import members
from cases.store.schema import article_version, telling


def likely(connection: Connection, ids: Sequence[str], report: Report, published: datetime | None) -> list[str]:
    """Keep the cases of which a telling is so like the report that it may be theirs, in their order.

    A case that no article tells any more is kept: there is nothing of it to be compared.
    """
    stands_in = members(connection, ids)
    sought = _bare(report, published)
    told, alike = set[str](), set[str]()
    for some in in_batches(stands_in):
        rows = connection.execute(
            select(telling.c.case_id, telling.c.report, article_version.c.document["published"].as_string())
            .join(article_version, article_version.c.id == telling.c.version_id)
            .where(telling.c.case_id.in_(some), telling.c.current)
        )
        for case_id, known, day in rows:
            case = stands_in[case_id]
            told.add(case)
            if case not in alike and (weigh(sought, _bare(known, _time(day))) or 0.0) >= ASK:
                alike.add(case)
    return [one for one in ids if one in alike or one not in told]


def _time(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _bare(report: Report, published: datetime | None) -> Telling:
    """Give a telling with what is compared and nothing else."""
    return Telling(report=report, published=published, url="", title="", source="", source_title="", lang=None)
