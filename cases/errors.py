"""Every error that Returnwatch raises on purpose.

A message says what failed, which one, and why; the cause is chained. A source's failure is an outcome that the crawl
records, not an exception that stops the others; errors of configuration and of plugins stop the start.

    WatchError                 base of all
    ├─ ConfigError             file, key, what was expected
    ├─ UsageError              a name or value given by a person that does not exist
    ├─ SourceError             source
    │  ├─ Unreachable          no answer, or one that refuses
    │  │  └─ ForbiddenAddress  the guard refuses the address (crawler.wire.guard)
    │  ├─ Unproven             a time-stamp that does not prove what it should (crawler.evidence.timestamps)
    │  └─ Unreadable           an answer that the reader cannot read
    │     └─ ReadingTimedOut   a page that took too long to read (crawler.pool)
    ├─ StoreError              the store cannot be opened, read or written
    │  └─ AlreadyRecorded      a digest of that name and period, or one that told the change, is there already
    ├─ InputError              a line or document given to be judged is not of the promised form
    ├─ DigestError
    │  ├─ RenderError          template
    │  └─ DeliveryError        channel, recipient; may be temporary or final
    ├─ PluginError             group, name
    ├─ Refused                 a request to the service that may not be made (scheduler.gate)
    └─ PoolClosed              nothing more can be read: the pool of reading processes is closed (crawler.pool)
"""

from datetime import timedelta


class WatchError(Exception):
    """Something that Returnwatch can explain: the message is fit to be shown to a person."""


class ConfigError(WatchError):
    """A configuration file is missing, broken, or says something that cannot be meant."""


class UsageError(WatchError):
    """A person named something that does not exist: a source, a digest, a case, a date."""


class SourceError(WatchError):
    """A source could not be visited as its file says."""


class Unreachable(SourceError):
    """No answer came, or the answer refused."""


class Unreadable(SourceError):
    """An answer came that the reader could not read."""


class StoreError(WatchError):
    """The store cannot be opened, read or written."""


class AlreadyRecorded(StoreError):
    """A digest of that name is recorded for the period, or has told one of the changes already."""


class InputError(WatchError):
    """Something given to be judged or read is not of the promised form."""


class DigestError(WatchError):
    """A digest could not be made or delivered."""


class RenderError(DigestError):
    """A template failed; nothing was sent."""


class DeliveryError(DigestError):
    """A channel could not hand a digest over; ``permanent`` tells whether another try can help.

    ``uncertain`` says that nobody saw the answer: it may have arrived, and another try might tell it twice.
    ``dead_address`` says that the recipient does not exist, so that nothing should be sent there again.
    ``retry_after`` is how long the other side asks to be left in peace; it is not tried again sooner.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        uncertain: bool = False,
        dead_address: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.uncertain = uncertain
        self.dead_address = dead_address
        self.retry_after = retry_after


class PluginError(WatchError):
    """A part registered under an entry-point group is missing or cannot be loaded."""
