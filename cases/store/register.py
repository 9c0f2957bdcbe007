"""case ↔ register: permanent numbers, tellings, revisions; nothing is ever deleted."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import JSON, ColumnElement, Connection, case, func, insert, or_, select, type_coerce, update

from cases.identity import canonical_url
from cases.model import Article, Report, Stage, Value
from cases.register import Case, CaseStatus, ChangeKind
from cases.store.apart import kept_apart
from cases.store.buckets import buckets_for, traits_for
from cases.store.copies import cases_of_alike
from cases.store.database import Database, in_batches
from cases.store.files import load_cases
from cases.store.likely import likely
from cases.store.merged import members, standing
from cases.store.schema import (
    article as article_table,
)
from cases.store.schema import (
    case_bucket,
    case_change,
    case_file,
    case_revision,
    case_suggestion,
    telling,
    url_key,
)

_MOST_RANKED, _MOST_CANDIDATES = 120, 40
"""Cases of one destination and time that are looked up, and of these that are compared."""


def _in_reach(connection: Connection, report: Report, published: datetime | None) -> list[str]:
    """Give the cases of a report's route and time: those that share most with it first, of equals those opened last.

    Ranked by the index alone, for most are passed over; the cases themselves are asked only for their route.
    """
    wanted, traits = buckets_for(report, published), traits_for(report)
    is_trait = case_bucket.c.bucket.in_(sorted(traits))
    shared = func.sum(case((is_trait, 1), else_=0))
    ranked = connection.scalars(
        select(case_bucket.c.case_id)
        .where(case_bucket.c.bucket.in_(sorted(wanted | traits)))
        .group_by(case_bucket.c.case_id)
        .having(func.count() > shared)
        .order_by(shared.desc(), case_bucket.c.case_id.desc())
        .limit(_MOST_RANKED)
    ).all()
    passable = select(case_file.c.id).where(case_file.c.id.in_(ranked), case_file.c.status != CaseStatus.MERGED.value)
    if report.from_state is not None:
        passable = passable.where(case_file.c.from_state.is_(None) | (case_file.c.from_state == report.from_state))
    found = frozenset(connection.scalars(passable))
    return [one for one in ranked if one in found][:_MOST_CANDIDATES]


def ids_under(connection: Connection, number_or_id: str) -> Sequence[str]:
    """Give the id of the case under a number or an id, merged or not; nothing for an unknown one."""
    which = or_(case_file.c.number == number_or_id, case_file.c.id == number_or_id)
    return connection.scalars(select(case_file.c.id).where(which)).all()


class CaseChange(Value, frozen=True, kw_only=True):
    """One step in the life of a case. ``case`` is the case as it stands now, not as it was at that step."""

    id: int
    case: Case
    kind: ChangeKind
    revision: int
    """Revision of the case after this step; a repetition adds none."""
    changed_fields: tuple[str, ...] = ()
    at: datetime


class Revision(Value, frozen=True, kw_only=True):
    """The case's report as it stood at one revision, and what brought it there."""

    revision: int
    kind: ChangeKind
    report: Report
    changed_fields: tuple[str, ...] = ()
    at: datetime


class Filter(Value, frozen=True, kw_only=True):
    """Which cases are asked for; what is left out does not matter."""

    stage: Stage | None = None
    from_state: str | None = None
    to_state: str | None = None
    source: str | None = None
    """Name of a source that tells it, or told it."""
    since: datetime | None = None
    """Changed since then."""


LIVE = (CaseStatus.NEW, CaseStatus.CONFIRMED)
"""Cases that may be told of."""


class Register:
    """The cases of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def candidates(self, report: Report, article: Article) -> list[Case]:
        """Find cases that the report might tell: the same route, a time in reach; and what this very text told already.

        By its text: the cases of the article itself, and of articles of other sources that look like it. A prefilter by
        index: its cost follows the cases of that route and month, not the size of the register; of these, what
        linking would pass over is left out. Cases that people hold back are found too, so that another article cannot bring
        them out again under a new number.
        """
        with self._database.read() as connection:
            told = standing(connection, _cases_of(connection, article.url))
            apart = kept_apart(connection, standing(connection, _cases_of(connection, article.url, ever=True)))
            alike = standing(connection, cases_of_alike(connection, article))
            found = _in_reach(connection, report, article.published)
            near = likely(connection, found, report, article.published)
            others = (one for one in (*alike, *near) if one not in apart)
            return list(load_cases(connection, tuple(dict.fromkeys((*told, *others)))).values())

    def get(self, number_or_id: str) -> Case | None:
        """Give the case under a number (``2026-0007``) or an id; for one that was merged, the case that stands for it."""
        with self._database.read() as connection:
            found = standing(connection, ids_under(connection, number_or_id))
            return next(iter(load_cases(connection, found).values()), None)

    def rows(
        self,
        *,
        status: Collection[CaseStatus] | None = None,
        limit: int | None = None,
        like: Filter | None = None,
    ) -> list[Case]:
        """Give cases, the most recently changed first; of every status unless some are named."""
        wanted = select(case_file.c.id).order_by(case_file.c.changed_at.desc(), case_file.c.number.desc()).limit(limit)
        if status is not None:
            wanted = wanted.where(case_file.c.status.in_([one.value for one in status]))
        if like is not None:
            wanted = wanted.where(*_like(like))
        with self._database.read() as connection:
            return list(load_cases(connection, connection.scalars(wanted).all()).values())

    def held_back(self) -> frozenset[str]:
        """Give the numbers of the cases that people withhold or embargo, and of those that are merged into one of these."""
        held = select(case_file.c.id).where(case_file.c.status.in_([CaseStatus.WITHHELD, CaseStatus.EMBARGOED]))
        with self._database.read() as connection:
            inner = members(connection, connection.scalars(held).all())
            return frozenset(connection.scalars(select(case_file.c.number).where(case_file.c.id.in_(inner.keys()))))

    def numbers(self, status: CaseStatus) -> frozenset[str]:
        """Give the numbers of the cases of a status; asked often, so no case is read for it."""
        with self._database.read() as connection:
            return frozenset(connection.scalars(select(case_file.c.number).where(case_file.c.status == status.value)))

    def numbers_of(self, ids: Collection[str]) -> dict[str, str]:
        """Give the number of each of these ids that is one of a case."""
        known = select(case_file.c.id, case_file.c.number)
        with self._database.read() as connection:
            return {
                row.id: row.number
                for some in in_batches(ids)
                for row in connection.execute(known.where(case_file.c.id.in_(some)))
            }

    def merged_into(self, case_id: str) -> list[str]:
        """Give the numbers of the cases that stand in a case."""
        with self._database.read() as connection:
            inner = members(connection, (case_id,)).keys() - {case_id}
            found = select(case_file.c.number).where(case_file.c.id.in_(inner)).order_by(case_file.c.number)
            return list(connection.scalars(found))

    def merged_ids(self, case_id: str) -> list[str]:
        """Give the ids of the cases that stand in a case."""
        with self._database.read() as connection:
            return sorted(members(connection, (case_id,)).keys() - {case_id})

    def revisions(self, case_id: str) -> list[Revision]:
        """Give every revision of a case, oldest first."""
        history = select(case_revision).where(case_revision.c.case_id == case_id).order_by(case_revision.c.revision)
        with self._database.read() as connection:
            return [
                Revision(
                    revision=row.revision,
                    kind=row.kind,
                    report=row.report,
                    changed_fields=row.changed_fields,
                    at=row.at,
                )
                for row in connection.execute(history)
            ]

    def suggestions(self, case_id: str) -> list[str]:
        """Give the ids of cases that this one may be the same as, for a person to decide."""
        mine = select(case_suggestion.c.other_id.label("id")).where(case_suggestion.c.case_id == case_id)
        theirs = select(case_suggestion.c.case_id.label("id")).where(case_suggestion.c.other_id == case_id)
        with self._database.read() as connection:
            alike = standing(connection, connection.scalars(mine.union(theirs)).all())
            return sorted(set(alike) - {case_id, *kept_apart(connection, (case_id,))})


def _like(like: Filter) -> Iterator[ColumnElement[bool]]:
    """Give the conditions of a filter; what it leaves open is none."""
    if like.from_state is not None:
        yield case_file.c.from_state == like.from_state
    if like.to_state is not None:
        yield case_file.c.to_state == like.to_state
    if like.since is not None:
        yield case_file.c.changed_at >= like.since
    if like.stage is not None:
        yield type_coerce(case_file.c.report, JSON)["stage"].as_string() == like.stage.value
    if like.source is not None:
        told = select(telling.c.case_id).join(article_table, article_table.c.id == telling.c.article_id)
        yield case_file.c.id.in_(told.where(article_table.c.source == like.source))


def _cases_of(connection: Connection, url: str, *, ever: bool = False) -> Sequence[str]:
    """Ids of the cases that an article tells now, or told in any version."""
    wanted = (
        select(telling.c.case_id)
        .join(article_table, article_table.c.id == telling.c.article_id)
        .where(article_table.c.url_key == url_key(canonical_url(url)))
        .order_by(telling.c.id)
    )
    return connection.scalars(wanted if ever else wanted.where(telling.c.current)).all()


def revise(
    connection: Connection,
    case: Case,
    kind: ChangeKind,
    changed_fields: tuple[str, ...],
    *,
    now: datetime,
    version_id: int | None = None,
) -> int:
    """Write a step in the life of a case; every kind but a repetition makes a revision. Returns the change's id."""
    revision = case.revision if kind == "repeated" else case.revision + 1
    new: dict[str, object] = {
        "report": case.report,
        "from_state": case.report.from_state,
        "to_state": case.report.to_state,
    }
    if kind != "repeated":
        new |= {"revision": revision, "changed_at": now} | ({"announce": True} if kind == "new" else {})
        step = {"kind": kind, "report": case.report, "changed_fields": changed_fields, "at": now}
        connection.execute(insert(case_revision).values(case_id=case.id, revision=revision, **step))
    connection.execute(update(case_file).where(case_file.c.id == case.id).values(new))
    change = {"kind": kind, "changed_fields": changed_fields, "at": now, "version_id": version_id}
    added = insert(case_change).values(case_id=case.id, revision=revision, **change).returning(case_change.c.id)
    return int(connection.execute(added).scalar_one())
