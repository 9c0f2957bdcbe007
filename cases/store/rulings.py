"""what people decide of cases → the register: every decision one transaction, one line of the log, and nothing deleted.

A case that is held back, whether withheld, embargoed or rejected, leaves digests, lists that leave the house and exports at once, and
stays away: later reports of it join it where it is. A merge points one case at another and moves nothing, so that it can be undone.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from cases.corroboration import origins
from cases.custody import Act
from cases.errors import UsageError
from cases.grading import CONFIRMED
from cases.identity import canonical_url
from cases.merging import whole
from cases.register import Case, CaseStatus, ChangeKind, Correction, Credibility, Opened, SourceGrade, Telling
from cases.retelling import changed_fields
from cases.store.apart import kept_apart
from cases.store.custody import By, append
from cases.store.database import Database, upserting
from cases.store.effects import new_id, open_case
from cases.store.files import index_case, load_cases
from cases.store.merged import members
from cases.store.register import ids_under, revise
from cases.store.schema import article as article_table
from cases.store.schema import case_apart, case_correction, case_file, report_grade, telling, url_key

_HELD = (CaseStatus.REJECTED, CaseStatus.WITHHELD, CaseStatus.EMBARGOED)
_ACTS: dict[CaseStatus, Act] = {
    CaseStatus.REJECTED: "rejected",
    CaseStatus.WITHHELD: "withheld",
    CaseStatus.EMBARGOED: "embargoed",
}


class Rulings:
    """The decisions of people on a store's cases.

    Cases are named by number or id. Every method raises UsageError, and changes nothing, for a case that is not there or that
    was merged, and for what cannot be decided of it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def confirm(self, which: str, by: By) -> Case:
        """Note that a person has checked a case; it goes on as it was."""
        with self._database.write() as connection:
            case = _standing_case(connection, which)
            if case.status in _HELD:
                raise UsageError(f"{case.number} is {case.status.value}: release it first")
            _set(connection, case, status=CaseStatus.CONFIRMED.value)
            append(connection, "confirmed", case.id, by)
            return _again(connection, case)

    def hold(
        self, which: str, status: CaseStatus, by: By, *, until: datetime | None = None, label: str | None = None
    ) -> Case:
        """Reject, withhold or embargo a case: it leaves everything that leaves the store.

        ``until`` is when an embargo ends; without it, a person must end it. ``label`` is what the articles of a rejected case are
        instead, for the evaluation of the classifier.
        """
        if status not in _ACTS:
            raise UsageError(f"{status.value} is no way to hold a case back")
        with self._database.write() as connection:
            case = _standing_case(connection, which)
            if case.status not in _HELD:
                _set(connection, case, status_before=case.status.value)
            _set(connection, case, status=status.value, embargo_until=until)
            revise(connection, case, "withdrawn", ("status",), now=by.at)
            extra = {"until": until.isoformat() if until else None, "label": label}
            append(connection, _ACTS[status], case.id, by, **{name: said for name, said in extra.items() if said})
            return _again(connection, case)

    def release(self, which: str, by: By) -> Case:
        """Take back a rejection, a withholding or an embargo: the case stands where it stood before."""
        with self._database.write() as connection:
            case = _standing_case(connection, which)
            if case.status not in _HELD:
                raise UsageError(f"{case.number} is not held back: it is {case.status.value}")
            return _release(connection, case, by)

    def end_embargoes(self, now: datetime) -> list[Case]:
        """Release every case whose embargo has a day and has passed it."""
        with self._database.write() as connection:
            over = connection.scalars(
                select(case_file.c.id).where(
                    case_file.c.status == CaseStatus.EMBARGOED.value, case_file.c.embargo_until <= now
                )
            ).all()
            by = By(actor="returnwatch", at=now, reason="the embargo ended")
            return [_release(connection, case, by) for case in load_cases(connection, over).values()]

    def note(self, which: str, text: str, by: By) -> None:
        """Add a note to a case's log."""
        with self._database.write() as connection:
            append(connection, "noted", _standing_case(connection, which).id, by, text=text)

    def keep_apart(self, which: str, other: str, by: By) -> None:
        """Remember for good that two cases are not the same: no score brings them together again."""
        with self._database.write() as connection:
            one, two = _standing_case(connection, which), _standing_case(connection, other)
            if one.id == two.id:
                raise UsageError(f"{one.number} cannot be kept apart from itself")
            _part(connection, one.id, two.id, by)

    def merge(self, which: str, into: str, by: By, *, despite: bool = False) -> Case:
        """Let one case stand in another: its number leads there, and what it tells counts there.

        ``despite`` merges cases that somebody said are not the same. A case that is held back is merged into no other: what it
        tells would come out.
        """
        with self._database.write() as connection:
            one, two = _standing_case(connection, which), _standing_case(connection, into)
            if one.id == two.id:
                raise UsageError(f"{one.number} is {two.number} already")
            if one.status in _HELD:
                raise UsageError(f"{one.number} is {one.status.value}: release it first, or its facts would come out")
            if two.id in kept_apart(connection, (one.id,)) and not despite:
                raise UsageError(f"{one.number} and {two.number} were kept apart by a person; say so if it was wrong")
            _set(
                connection,
                one,
                status=CaseStatus.MERGED.value,
                status_before=one.status.value,
                merged_into=two.id,
            )
            revise(connection, one, "withdrawn", ("status",), now=by.at)
            append(connection, "merged", one.id, by, into=two.id)
            return _retold(connection, two, by)

    def unmerge(self, which: str, by: By) -> Case:
        """Take a merged case out again, under its own number, as it stood; the two are kept apart from then on."""
        with self._database.write() as connection:
            ids = ids_under(connection, which)
            case = load_cases(connection, ids).get(ids[0]) if ids else None
            if case is None or case.merged_into is None:
                raise UsageError(f"there is no merged case {which!r}")
            before = connection.scalar(select(case_file.c.status_before).where(case_file.c.id == case.id))
            status = before or CaseStatus.NEW.value
            _set(connection, case, status=status, status_before=None, merged_into=None)
            append(connection, "unmerged", case.id, by, out_of=case.merged_into)
            _part(connection, case.id, case.merged_into, by)
            _retold(connection, load_cases(connection, [case.merged_into])[case.merged_into], by)
            return _retold(connection, load_cases(connection, [case.id])[case.id], by)

    def split(self, which: str, urls: Collection[str], by: By) -> Case:
        """Open a case of its own for what some articles tell of this one; gives the new case.

        The two are kept apart from then on, however alike a later article makes them look.
        """
        with self._database.write() as connection:
            case = _standing_case(connection, which)
            asked = {canonical_url(url) for url in urls}
            moving = [one for one in case.tellings if canonical_url(one.url) in asked]
            if unknown := asked - {canonical_url(one.url) for one in case.tellings}:
                raise UsageError(f"{case.number} is not told by {', '.join(sorted(unknown))}")
            if len(moving) == len(case.tellings):
                raise UsageError(f"{case.number} is told by no other article: nothing would be left of it")
            report, made = whole(moving), new_id(by.at)
            open_case(connection, Opened(report=report, announce=case.announce), made, None, now=by.at)
            _move(connection, tuple(members(connection, (case.id,))), asked, made)
            index_case(connection, made, moving)
            append(connection, "split", case.id, by, new=made, articles=sorted(asked))
            _part(connection, case.id, made, by)
            _retold(connection, load_cases(connection, [case.id])[case.id], by)
            return load_cases(connection, [made])[made]

    def correct(self, which: str, correction: Correction, by: By) -> Case:
        """Set a value of a case by hand; it stands above what the articles say until it is lifted."""
        with self._database.write() as connection:
            case = _standing_case(connection, which)
            connection.execute(insert(case_correction).values(case_id=case.id, correction=correction, at=by.at))
            append(connection, "corrected", case.id, by, field=correction.field, value=correction.value)
            return _retold(connection, case, by)

    def lift_correction(self, which: str, field: str, by: By) -> Case:
        """Take a correction back: what the articles say counts again."""
        with self._database.write() as connection:
            case = _standing_case(connection, which)
            if field not in {one.field for one in case.corrections}:
                raise UsageError(f"{field} of {case.number} was not corrected")
            mine = (case_correction.c.case_id == case.id) & case_correction.c.lifted_at.is_(None)
            ids = [
                row.id
                for row in connection.execute(select(case_correction).where(mine))
                if row.correction.field == field
            ]
            lifted = update(case_correction).where(case_correction.c.id.in_(ids)).values(lifted_at=by.at)
            connection.execute(lifted)
            append(connection, "correction_lifted", case.id, by, field=field)
            return _retold(connection, case, by)

    def grade(
        self,
        which: str,
        by: By,
        *,
        source: SourceGrade | None = None,
        credibility: Credibility | None = None,
        url: str | None = None,
    ) -> Case:
        """Set how far the outlet, or what it tells of a case, is to be relied upon; of one article, or of all that tell it.

        What is left out stays as it was. That something is confirmed needs two independent origins.
        """
        with self._database.write() as connection:
            case = _standing_case(connection, which)
            graded = [one for one in case.tellings if url is None or canonical_url(one.url) == canonical_url(url)]
            if not graded:
                raise UsageError(f"{case.number} is not told by {url}")
            if credibility == CONFIRMED and origins(case.tellings) < 2:  # noqa: PLR2004 - one confirms the other
                raise UsageError(
                    f"{case.number} has one origin only: 1, confirmed, needs another that is independent of it"
                )
            said = {
                name: value for name, value in (("source", source), ("credibility", credibility)) if value is not None
            }
            if not said:
                raise UsageError("say a grade of the source (A to F), a credibility (1 to 6), or both")
            for one in graded:
                _grade(connection, one, said, by)
            append(connection, "graded", case.id, by, articles=sorted(one.url for one in graded), **said)
            return _again(connection, case)


def _grade(connection: Connection, one: Telling, said: dict[str, Any], by: By) -> None:
    article_id = connection.scalar(
        select(article_table.c.id).where(article_table.c.url_key == url_key(canonical_url(one.url)))
    )
    graded = upserting(connection, report_grade).values(
        case_id=one.filed_under, article_id=article_id, at=by.at, **said
    )
    connection.execute(
        graded.on_conflict_do_update(index_elements=["case_id", "article_id"], set_={**said, "at": by.at})
    )


def _standing_case(connection: Connection, which: str) -> Case:
    ids = ids_under(connection, which)
    case = load_cases(connection, ids).get(ids[0]) if ids else None
    if case is None:
        raise UsageError(f"there is no case {which!r} in the register")
    if case.merged_into is not None:
        into = connection.scalar(select(case_file.c.number).where(case_file.c.id == case.merged_into))
        raise UsageError(f"{case.number} was merged into {into}")
    return case


def _set(connection: Connection, case: Case, **values: Any) -> None:  # noqa: ANN401 - columns of the case's row
    connection.execute(update(case_file).where(case_file.c.id == case.id).values(**values))


def _again(connection: Connection, case: Case) -> Case:
    return load_cases(connection, [case.id])[case.id]


def _release(connection: Connection, case: Case, by: By) -> Case:
    before = connection.scalar(select(case_file.c.status_before).where(case_file.c.id == case.id))
    _set(connection, case, status=before or CaseStatus.NEW.value, status_before=None, embargo_until=None)
    revise(connection, case, "corrected", ("status",), now=by.at)
    append(connection, "released", case.id, by)
    return _again(connection, case)


def _part(connection: Connection, one: str, other: str, by: By) -> None:
    low, high = sorted((one, other))
    apart = upserting(connection, case_apart).values(case_id=low, other_id=high, at=by.at)
    connection.execute(apart.on_conflict_do_nothing())
    append(connection, "kept_apart", one, by, other=other)


def _move(connection: Connection, group: Sequence[str], urls: Collection[str], case_id: str) -> None:
    """Let every version of these articles tell another case."""
    keys = [url_key(url) for url in urls]
    articles = select(article_table.c.id).where(article_table.c.url_key.in_(keys))
    mine = telling.c.case_id.in_(group) & telling.c.article_id.in_(articles)
    connection.execute(update(telling).where(mine).values(case_id=case_id))
    theirs = report_grade.c.case_id.in_(group) & report_grade.c.article_id.in_(articles)
    connection.execute(update(report_grade).where(theirs).values(case_id=case_id))


def _retold(connection: Connection, before: Case, by: By) -> Case:
    """Put a case together again after what tells it, or what a person says of it, has changed."""
    after = load_cases(connection, [before.id])[before.id]
    case = msgspec.structs.replace(after, report=whole(after.tellings, after.corrections))
    index_case(connection, case.id, case.tellings)
    kind: ChangeKind = "corrected"
    fields = (*changed_fields(before.report, case.report), *(() if before.tellings == case.tellings else ("reports",)))
    revise(connection, case, kind, fields, now=by.at)
    return _again(connection, case)
