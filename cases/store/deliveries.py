"""outbox → deliveries: what became of each message, and what may be done with it next.

States: ``ready`` → ``sending`` → ``sent`` | ``failed`` | ``unknown`` | ``dropped``.

    failed   with a time: taken again when it has come; without one: refused for good
    unknown  nobody saw the answer, so it may have arrived. With a time: the other side is asked then; without one: held, and
             a person decides
    dropped  never sent, and never will be: its recipient wants no mail, or a person said so
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import ColumnElement, Connection, and_, select, update

from cases.errors import UsageError
from cases.model import Value
from cases.store.columns import storable
from cases.store.database import Database
from cases.store.schema import delivery as delivery_table
from cases.store.schema import digest as digest_table

DeliveryState = Literal["ready", "sending", "sent", "failed", "unknown", "dropped"]
STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)

_SETTLED = ("sent", "dropped")


class Delivery(Value, frozen=True, kw_only=True):
    """One message on its way, and what became of it."""

    id: int
    digest_id: int
    digest: str
    period: str
    channel: str
    recipient: str
    message_id: str
    payload: bytes
    state: DeliveryState
    tries: int
    """How often it was taken."""
    due_at: datetime | None
    """When it may be taken, or asked for if its fate is unknown; ``None`` when nothing happens by itself."""
    changed_at: datetime
    """When it came into its state."""
    receipt: str | None = None
    error: str | None = None
    token: str = ""
    """Random mark that names it to outsiders; empty for messages that need none."""
    urgent: bool = False
    """Better told twice than not at all."""


class Deliveries:
    """The messages of a store's digests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due_channels(self, now: datetime) -> tuple[str, ...]:
        """Name the channels over which something may be sent now."""
        wanted = (
            select(delivery_table.c.channel).where(_may_be_taken(now)).distinct().order_by(delivery_table.c.channel)
        )
        with self._database.read() as connection:
            return tuple(connection.scalars(wanted))

    def take(self, now: datetime, *, channel: str | None = None, limit: int | None = None) -> list[Delivery]:
        """Take what is due: ``ready``, and ``failed`` whose time has come, become ``sending``; what is urgent first.

        With ``channel`` only of that one. No two callers get the same delivery.
        """
        of_channel = [] if channel is None else [delivery_table.c.channel == channel]
        chosen = (
            select(delivery_table.c.id)
            .where(_may_be_taken(now), *of_channel)
            .order_by(delivery_table.c.urgent.desc(), delivery_table.c.due_at, delivery_table.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return self._move(
            delivery_table.c.id.in_(chosen.scalar_subquery()),
            state="sending",
            tries=delivery_table.c.tries + 1,
            due_at=None,
            changed_at=now,
        )

    def sent(self, delivery_id: int, receipt: str, now: datetime) -> None:
        """Record that the other side took it. Raises UsageError for an unknown id."""
        self._settle(delivery_id, state="sent", receipt=storable(receipt), error=None, due_at=None, changed_at=now)

    def failed(self, delivery_id: int, why: str, now: datetime, retry_at: datetime | None) -> None:
        """Record that it was refused: to be tried again at a time, or never. Raises UsageError for an unknown id."""
        self._settle(delivery_id, state="failed", error=storable(why), due_at=retry_at, changed_at=now)

    def unknown(self, delivery_id: int, why: str, now: datetime) -> None:
        """Record that nobody saw the answer: it may have arrived, and is to be asked for. Raises UsageError for an unknown id."""
        self._settle(delivery_id, state="unknown", error=storable(why), due_at=now, changed_at=now)

    def dropped(self, delivery_id: int, why: str, now: datetime) -> None:
        """Record that it will never be sent. Raises UsageError for an unknown id."""
        self._settle(delivery_id, state="dropped", error=storable(why), due_at=None, changed_at=now)

    def retry(self, delivery_id: int, now: datetime) -> None:
        """Make a ``failed``, ``unknown`` or ``dropped`` delivery ``ready`` again, because somebody decided so.

        Raises UsageError for one that is in any other state, or unknown.
        """
        self._decide(delivery_id, ("failed", "unknown", "dropped"), state="ready", due_at=now, changed_at=now)

    def drop(self, delivery_id: int, why: str, now: datetime) -> None:
        """Give a delivery up that has not arrived, because somebody decided so. Raises UsageError as ``retry`` does."""
        self._decide(
            delivery_id,
            ("ready", "failed", "unknown"),
            state="dropped",
            error=storable(why),
            due_at=None,
            changed_at=now,
        )

    def accept(self, delivery_id: int, receipt: str, now: datetime) -> None:
        """Take it as sent, because somebody saw that it arrived. Raises UsageError as ``retry`` does."""
        self._decide(
            delivery_id,
            ("failed", "unknown"),
            state="sent",
            receipt=storable(receipt),
            error=None,
            due_at=None,
            changed_at=now,
        )

    # -- of unknown fate ----------------------------------------------------------------------------------------------

    def recover(self, now: datetime, *, stale_s: float = 0) -> list[Delivery]:
        """Turn what was ``sending`` for at least ``stale_s`` seconds into ``unknown``, to be asked for now; gives those."""
        left = and_(
            delivery_table.c.state == "sending", delivery_table.c.changed_at <= now - timedelta(seconds=stale_s)
        )
        why = "the program ended while it was being sent; it may have arrived"
        return self._move(left, state="unknown", error=why, due_at=now, changed_at=now)

    def to_ask(self, now: datetime) -> list[Delivery]:
        """Give what is to be asked for now, oldest first."""
        return self._deliveries(delivery_table.c.state == "unknown", delivery_table.c.due_at <= now)

    def ask_again(self, delivery_id: int, at: datetime) -> None:
        """Put off the question; since when the fate is unknown stays as it is. Raises UsageError for an unknown id."""
        self._settle(delivery_id, due_at=at)

    def hold(self, delivery_id: int, why: str) -> None:
        """Leave an ``unknown`` delivery to a person. Raises UsageError for an unknown id."""
        self._settle(delivery_id, error=storable(why), due_at=None)

    # -- looking ------------------------------------------------------------------------------------------------------

    def of(self, digest_id: int) -> list[Delivery]:
        """Give the messages of one digest, in the order of recording."""
        return self._deliveries(delivery_table.c.digest_id == digest_id)

    def unsettled(self) -> list[Delivery]:
        """Give every delivery that has neither arrived nor been given up, oldest first: what the operator should know."""
        return self._deliveries(delivery_table.c.state.not_in(_SETTLED))

    def in_states(self, states: Sequence[DeliveryState], *, limit: int) -> list[Delivery]:
        """Give the latest deliveries in some states, oldest first."""
        latest = (
            select(delivery_table.c.id)
            .where(delivery_table.c.state.in_(states))
            .order_by(delivery_table.c.id.desc())
            .limit(limit)
        )
        return self._deliveries(delivery_table.c.id.in_(latest.scalar_subquery()))

    def find(self, delivery_id: int) -> Delivery | None:
        """Give one delivery by its id."""
        return next(iter(self._deliveries(delivery_table.c.id == delivery_id)), None)

    def with_token(self, token: str) -> Delivery | None:
        """Give the delivery that carries a token; none for an empty one."""
        return next(iter(self._deliveries(delivery_table.c.token == token)), None) if token else None

    def with_message_id(self, message_id: str) -> Delivery | None:
        """Give the delivery of a Message-ID; none for an empty one."""
        found = self._deliveries(delivery_table.c.message_id == message_id) if message_id else []
        return next(iter(found), None)

    # -- rows ---------------------------------------------------------------------------------------------------------

    def _decide(self, delivery_id: int, states: Sequence[DeliveryState], **values: object) -> None:
        may = and_(delivery_table.c.id == delivery_id, delivery_table.c.state.in_(states))
        if not self._move(may, **values):
            found = self.find(delivery_id)
            why = f"it is {found.state}" if found else "there is none of that number"
            raise UsageError(f"delivery {delivery_id}: nothing to decide, for {why} (returnwatch deliveries list)")

    def _settle(self, delivery_id: int, **values: object) -> None:
        if not self._move(delivery_table.c.id == delivery_id, **values):
            raise UsageError(f"delivery: there is no delivery {delivery_id}")

    def _move(self, which: ColumnElement[bool], **values: object) -> list[Delivery]:
        """Change deliveries, and give them as they are then."""
        with self._database.write() as connection:
            moved = update(delivery_table).where(which).values(values).returning(delivery_table.c.id)
            ids = connection.scalars(moved).all()
            return _read(connection, delivery_table.c.id.in_(ids)) if ids else []

    def _deliveries(self, *which: ColumnElement[bool]) -> list[Delivery]:
        with self._database.read() as connection:
            return _read(connection, *which)


def _may_be_taken(now: datetime) -> ColumnElement[bool]:
    return and_(delivery_table.c.state.in_(["ready", "failed"]), delivery_table.c.due_at <= now)


def _read(connection: Connection, *which: ColumnElement[bool]) -> list[Delivery]:
    rows = connection.execute(
        select(delivery_table, digest_table.c.name, digest_table.c.period)
        .join(digest_table, digest_table.c.id == delivery_table.c.digest_id)
        .where(*which)
        .order_by(delivery_table.c.id)
    )
    return [
        Delivery(
            id=row.id,
            digest_id=row.digest_id,
            digest=row.name,
            period=row.period,
            channel=row.channel,
            recipient=row.recipient,
            message_id=row.message_id,
            payload=row.payload,
            state=row.state,
            tries=row.tries,
            due_at=row.due_at,
            changed_at=row.changed_at,
            receipt=row.receipt,
            error=row.error,
            token=row.token or "",
            urgent=row.urgent,
        )
        for row in rows
    ]
