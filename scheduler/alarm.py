"""what needs a person → a person: once when it begins, and once more when it is well again.

What was told stands in the outbox, with the notice that told it, so that a restart neither forgets nor repeats it. Notices go out like
digests: recorded first, over the channels of ``[operator]``, tried again when they fail. They hold names of sources and reasons, never
anything of a case. While the store cannot be written they stand in the log alone, and are recorded when it can.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from cases.errors import AlreadyRecorded, StoreError
from cases.store import DigestRecord, OutMessage, Store
from digests.channels import Channel
from digests.notice import OPERATOR, Paragraph, notice
from digests.rendering import Rendered
from scheduler.settings import OperatorTable
from scheduler.troubles import Trouble

log = logging.getLogger(__name__)


class Alarm:
    """Tells what began and what ended since it last told."""

    def __init__(self, store: Store, settings: OperatorTable, channels: Mapping[str, Channel]) -> None:
        self._store, self._settings, self._channels = store, settings, channels
        self._open: dict[str, str] | None = None
        self._logged: set[str] = set()

    @property
    def open_keys(self) -> frozenset[str]:
        """What was told and is not over."""
        return frozenset(self._told())

    def tell(self, troubles: Mapping[str, Trouble], now: datetime) -> tuple[list[str], list[str]]:
        """Tell the difference, if there is one; gives the keys of what began and of what ended."""
        told = self._told()
        began = [key for key in troubles if key not in told]
        ended = [key for key in told if key not in troubles]
        self._log(troubles, ended)
        if began or ended:
            still = {key: one.words for key, one in troubles.items()}
            rendered = _rendered([troubles[key] for key in began], {key: told[key] for key in ended}, still, now)
            if not self._record(rendered, now):
                return [], []
            self._open = still
        return began, ended

    def _told(self) -> dict[str, str]:
        if self._open is None:
            try:
                past = self._store.outbox.past(OPERATOR)
            except StoreError:
                return {}
            self._open = _open_after(past[0].document) if past else {}
        return self._open

    def _record(self, rendered: Rendered, now: datetime) -> bool:
        messages: list[OutMessage] = []
        for name in self._settings.channels:
            messages += self._channels[name].compose(rendered, list(self._settings.recipients))
        record = DigestRecord(
            name=OPERATOR, period=rendered.period, made_at=now, subject=rendered.subject, document=rendered.json
        )
        try:
            self._store.outbox.record(record, messages)
        except AlreadyRecorded:
            return True
        except StoreError:
            return False  # it stands in the log, and is told when the store can be written again
        return True

    def _log(self, troubles: Mapping[str, Trouble], ended: list[str]) -> None:
        """Write each into the log once, whether the store can be written or not."""
        for key, one in troubles.items():
            if key not in self._logged:
                log.error("needs a person: %s: %s (%s)", key, one.words, one.mend)
        for key in sorted({*ended, *self._logged} - troubles.keys()):
            log.warning("well again: %s", key)
        self._logged = set(troubles)


def _open_after(document: str) -> dict[str, str]:
    try:
        said: Any = msgspec.json.decode(document)
        return msgspec.convert(said["open"], dict[str, str])
    except (msgspec.MsgspecError, KeyError, TypeError):
        return {}


def _rendered(began: list[Trouble], ended: Mapping[str, str], still: Mapping[str, str], now: datetime) -> Rendered:
    paragraphs = [
        *(
            Paragraph(heading=f"Needs you: {one.key}", sentences=(one.words, f"What to do: {one.mend}"))
            for one in began
        ),
        *(Paragraph(heading=f"Well again: {key}", sentences=(f"It was: {words}",)) for key, words in ended.items()),
    ]
    older = [key for key in still if key not in {one.key for one in began}]
    if older:
        paragraphs.append(Paragraph(heading="Told before, and not over", sentences=(", ".join(older),)))
    return notice(
        name=OPERATOR,
        period=f"{now:%Y-%m-%dT%H%M%SZ}",
        made_at=now,
        subject=_subject([one.key for one in began], list(ended)),
        paragraphs=paragraphs,
        document=msgspec.json.encode(
            {"began": [one.key for one in began], "ended": list(ended), "open": still}
        ).decode(),
    )


def _subject(began: list[str], ended: list[str]) -> str:
    what = [f"needs you: {_named(began)}"] if began else []
    what += [f"well again: {_named(ended)}"] if ended else []
    return f"Returnwatch {'; '.join(what)}"


def _named(keys: list[str]) -> str:
    return keys[0] if len(keys) == 1 else f"{keys[0]} and {len(keys) - 1} more"
