"""rows ↔ case: a case as a whole, read from and written to its rows inside somebody else's transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from cases.model import Judgement
from cases.register import Case, CaseStatus, Correction, Telling
from cases.store.apart import apart_from
from cases.store.buckets import buckets_of, traits_of
from cases.store.database import in_batches, upserting
from cases.store.merged import members
from cases.store.schema import (
    article,
    article_version,
    case_bucket,
    case_correction,
    case_counter,
    case_file,
    report_grade,
    source,
    telling,
)


def load_cases(connection: Connection, ids: Collection[str]) -> dict[str, Case]:
    """Read cases with their tellings, in the order of ``ids``; ids without a case are left out.

    What was merged into a case is told by it too. A case that no article tells any more, since all were edited, is shown as it
    was told last.
    """
    rows: dict[str, Any] = {}
    told: dict[str, list[Telling]] = defaultdict(list)
    corrections: dict[str, list[Correction]] = defaultdict(list)
    for some in in_batches(ids):
        for row in connection.execute(select(case_file).where(case_file.c.id.in_(some))):
            rows[row.id] = row
        set_by_hand = select(case_correction).where(case_correction.c.case_id.in_(some))
        for row in connection.execute(
            set_by_hand.where(case_correction.c.lifted_at.is_(None)).order_by(case_correction.c.id)
        ):
            corrections[row.case_id].append(row.correction)
    stands_in = members(connection, tuple(rows))
    for some in in_batches(stands_in):
        for case_id, one in _tellings(connection, telling.c.case_id.in_(some) & telling.c.current):
            told[stands_in[case_id]].append(one)
    for case_id in rows.keys() - told.keys():
        told[case_id] = _last_told(connection, case_id)
    apart = apart_from(connection, stands_in)
    return {
        case_id: _case(rows[case_id], told[case_id], corrections[case_id], apart.get(case_id, frozenset()))
        for case_id in ids
        if case_id in rows
    }


def _tellings(connection: Connection, which: ColumnElement[bool]) -> Iterator[tuple[str, Telling]]:
    rows = connection.execute(
        select(
            telling,
            article_version.c.document,
            article_version.c.capture,
            article_version.c.judgement,
            article.c.source_title,
            func.coalesce(report_grade.c.source, source.c.grade).label("source_grade"),
            report_grade.c.credibility,
        )
        .join(article_version, article_version.c.id == telling.c.version_id)
        .join(article, article.c.id == telling.c.article_id)
        .outerjoin(source, source.c.name == article.c.source)
        .outerjoin(
            report_grade,
            (report_grade.c.article_id == telling.c.article_id) & (report_grade.c.case_id == telling.c.case_id),
        )
        .where(which)
        .order_by(telling.c.id)
    )
    for row in rows:
        yield row.case_id, _telling(row)


def _last_told(connection: Connection, case_id: str) -> list[Telling]:
    last = select(telling.c.version_id).where(telling.c.case_id == case_id).order_by(telling.c.id.desc()).limit(1)
    which = (telling.c.case_id == case_id) & (telling.c.version_id == last.scalar_subquery())
    return [one for _, one in _tellings(connection, which)]


def _telling(row: Any) -> Telling:  # noqa: ANN401 - rows of SQLAlchemy carry their columns as attributes
    page = row.document
    return Telling(
        report=row.report,
        url=page.url,
        title=page.title,
        source=page.source,
        source_title=row.source_title,
        published=page.published,
        lang=page.lang,
        article_text=page.text,
        capture_sha256=row.capture.sha256 if row.capture else None,
        added_at=row.added_at,
        protected_names=names_in(row.judgement),
        credits=row.judgement.credits,
        tags=page.tags,
        score=row.judgement.verdict.score,
        filed_under=row.case_id,
        source_grade=row.source_grade,
        credibility=row.credibility,
    )


def names_in(judgement: Judgement) -> tuple[str, ...]:
    """Give every name of a victim, informant or relative in any report of an article, sorted."""
    named = (
        name
        for report in judgement.reports
        for name in (
            *(victim.name for victim in report.victims),
            *(informant.name for informant in report.informants),
            *(other.person for other in report.collateral),
        )
    )
    return tuple(sorted({name for name in named if name}))


def _case(
    row: Any,  # noqa: ANN401 - as above
    tellings: Sequence[Telling],
    corrections: Sequence[Correction],
    apart: frozenset[str],
) -> Case:
    return Case(
        id=row.id,
        number=row.number,
        revision=row.revision,
        status=CaseStatus(row.status),
        report=row.report,
        tellings=tuple(tellings),
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        announce=row.announce,
        merged_into=row.merged_into,
        embargo_until=row.embargo_until,
        corrections=tuple(corrections),
        apart=apart,
    )


def next_ordinal(connection: Connection, year: int) -> int:
    """Take the next number of a year; two transactions that do it wait for one another."""
    counter = upserting(connection, case_counter).values(year=year, last=1)
    taken = counter.on_conflict_do_update(index_elements=["year"], set_={"last": case_counter.c.last + 1}).returning(
        case_counter.c.last
    )
    return int(connection.execute(taken).scalar_one())


def index_case(connection: Connection, case_id: str, tellings: Iterable[Telling]) -> None:
    """Make a case findable under everything its tellings say; keys once given stay."""
    told = tuple(tellings)
    keys = [{"bucket": bucket, "case_id": case_id} for bucket in sorted(buckets_of(told) | traits_of(told))]
    if keys:
        connection.execute(upserting(connection, case_bucket).on_conflict_do_nothing(), keys)


def index_anew(connection: Connection) -> None:
    """Give every case of a store that an older program wrote the keys that are looked for now; keys once given stay."""
    every = connection.scalars(select(case_file.c.id).order_by(case_file.c.id)).all()
    for some in in_batches(every):
        for case_id, case in load_cases(connection, some).items():
            index_case(connection, case_id, case.tellings)
