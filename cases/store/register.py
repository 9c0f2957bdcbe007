"""case ↔ register: permanent numbers, tellings, revisions; nothing is ever deleted."""

from collections.abc import Collection
from datetime import datetime

from cases.model import Article, Case, CaseStatus, ChangeKind, Report, Value
from cases.store.database import Database


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


class Register:
    """The cases of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def candidates(self, report: Report, article: Article) -> list[Case]:
        """Cases that the report might tell: the same route, a time in reach; and those this article tells already.

        A prefilter by index: its cost follows the cases of that route and month, not the size of the register.
        """
        raise NotImplementedError

    def get(self, number_or_id: str) -> Case | None:
        """The case under a number (``2026-0007``) or an id."""
        raise NotImplementedError

    def rows(self, *, status: Collection[CaseStatus] | None = None, limit: int | None = None) -> list[Case]:
        """Cases, the most recently changed first; all states unless some are named."""
        raise NotImplementedError

    def revisions(self, case_id: str) -> list[Revision]:
        """Every revision of a case, oldest first."""
        raise NotImplementedError

    def suggestions(self, case_id: str) -> list[str]:
        """Ids of the cases that this one may be the same as, for a person to decide."""
        raise NotImplementedError

    def set_status(self, case_id: str, status: CaseStatus, *, now: datetime) -> CaseChange:
        """A person confirms, rejects or withholds a case, or takes that back. Raises UsageError for an unknown id."""
        raise NotImplementedError
