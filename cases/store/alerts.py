"""alerts → who was told, who is told next, and who has taken it on.

An alert is recorded as a digest under a name of its own (``alert_name``), so that it is told once, and the digest of its list
tells the case again at its turn. Whoever is told later gets one more message of the same record: nobody can get two.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from cases.model import Value
from cases.store.columns import storable
from cases.store.database import Database, in_batches, upserting
from cases.store.outbox import OutMessage, outgoing, read_changes
from cases.store.register import LIVE, CaseChange
from cases.store.schema import acknowledgement, case_change, case_file, delivery, digest, digest_change

_SUFFIX = ".alerts"


class Alert(Value, frozen=True, kw_only=True):
    """One alert that went out, and who has acknowledged it."""

    id: int
    digest: str
    """Name of the digest whose list it went to."""
    period: str
    made_at: datetime
    subject: str
    cases: tuple[str, ...]
    """Numbers of the cases that it tells."""
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None


class Told(Value, frozen=True, kw_only=True):
    """A message that told somebody of an alert."""

    alert_id: int
    channel: str
    recipient: str


def alert_name(digest_name: str) -> str:
    """Give the name under which the alerts of a digest are recorded; no digest can be called so."""
    return digest_name + _SUFFIX


class AlertBook:
    """The alerts of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def since(self, at: datetime, *, digest_name: str | None = None) -> list[Alert]:
        """Give the alerts that were made at or after a time, oldest first; of one digest if it is named."""
        of = digest.c.name.like(f"%{_SUFFIX}") if digest_name is None else digest.c.name == alert_name(digest_name)
        return self._alerts(of, digest.c.made_at >= at)

    def of_case(self, number: str) -> list[Alert]:
        """Give the alerts that told a case, oldest first."""
        ids = (
            select(digest_change.c.digest_id)
            .join(case_change, case_change.c.id == digest_change.c.change_id)
            .join(case_file, case_file.c.id == case_change.c.case_id)
            .where(case_file.c.number == number)
        )
        return self._alerts(digest.c.name.like(f"%{_SUFFIX}"), digest.c.id.in_(ids.scalar_subquery()))

    def find(self, digest_name: str, period: str) -> Alert | None:
        """Give one alert by its digest and period."""
        return next(iter(self._alerts(digest.c.name == alert_name(digest_name), digest.c.period == period)), None)

    def changes(self, alert_id: int) -> list[CaseChange]:
        """Give the steps that an alert told, with their cases as these stand now; without those that people hold back."""
        wanted = (
            select(case_change)
            .join(digest_change, digest_change.c.change_id == case_change.c.id)
            .join(case_file, case_file.c.id == case_change.c.case_id)
            .where(digest_change.c.digest_id == alert_id, case_file.c.status.in_([one.value for one in LIVE]))
            .order_by(case_change.c.id)
        )
        with self._database.read() as connection:
            return read_changes(connection, wanted)

    def told(self, alert_ids: Collection[int]) -> list[Told]:
        """Give who was told by some alerts, oldest first."""
        found: list[Told] = []
        with self._database.read() as connection:
            for some in in_batches(alert_ids):
                wanted = select(delivery).where(delivery.c.digest_id.in_(some)).order_by(delivery.c.id)
                found += [
                    Told(alert_id=row.digest_id, channel=row.channel, recipient=row.recipient)
                    for row in connection.execute(wanted)
                ]
        return found

    def tell_more(self, alert_id: int, messages: Sequence[OutMessage], now: datetime) -> list[OutMessage]:
        """Put more messages of an alert into the outbox, and give those; who has one already gets no other."""
        one_each = [delivery.c.digest_id, delivery.c.channel, delivery.c.recipient]
        with self._database.write() as connection:
            new = (
                upserting(connection, delivery).on_conflict_do_nothing(index_elements=one_each).returning(delivery.c.id)
            )
            return [
                message
                for message in messages
                if connection.scalar(new.values(outgoing(message, alert_id, now))) is not None
            ]

    def acknowledge(self, alert_id: int, actor: str, now: datetime) -> bool:
        """Note that somebody has taken an alert on; false when somebody had done so before, and that stands."""
        with self._database.write() as connection:
            noted = upserting(connection, acknowledgement).values(digest_id=alert_id, actor=storable(actor), at=now)
            first = noted.on_conflict_do_nothing().returning(acknowledgement.c.digest_id)
            return connection.scalar(first) is not None

    def _alerts(self, *which: ColumnElement[bool]) -> list[Alert]:
        """Read alerts; what was passed over without an alert has no subject."""
        told = (
            select(digest, acknowledgement.c.actor, acknowledgement.c.at)
            .outerjoin(acknowledgement, acknowledgement.c.digest_id == digest.c.id)
            .where(digest.c.subject != "", *which)
            .order_by(digest.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(told).all()
            numbers: dict[int, dict[str, None]] = {row.id: {} for row in rows}
            for some in in_batches(numbers):
                of_digest = (
                    select(digest_change.c.digest_id, case_file.c.number)
                    .join(case_change, case_change.c.id == digest_change.c.change_id)
                    .join(case_file, case_file.c.id == case_change.c.case_id)
                    .where(digest_change.c.digest_id.in_(some))
                    .order_by(case_change.c.id)
                )
                for one in connection.execute(of_digest):
                    numbers[one.digest_id][one.number] = None
        return [
            Alert(
                id=row.id,
                digest=row.name.removesuffix(_SUFFIX),
                period=row.period,
                made_at=row.made_at,
                subject=row.subject,
                cases=tuple(numbers[row.id]),
                acknowledged_by=row.actor,
                acknowledged_at=row.at,
            )
            for row in rows
        ]
