"""the bytes of a mail → the same with a DKIM signature (RFC 6376), made once, before it is recorded.

dkimpy behind one door; it comes with the extra ``returnwatch[dkim]``. The list of headers is our own: dkimpy's leaves out
List-Unsubscribe-Post, which RFC 8058 wants signed. Each header that we write is named once more than it stands there, so that
nobody on the way can add another of the same name to a mail whose signature still holds. Keys are RSA: not every receiver knows another kind.
"""

from typing import Any

from cases.errors import ConfigError
from digests.credentials import from_private_file
from digests.mailserver import Dkim

SIGNED = (
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"),
    *("MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Language"),
    *("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "List-Archive", "Archived-At"),
    *("Auto-Submitted", "Cc", "Sender"),
)
"""Headers that are signed, whether the mail has them or not: what it has not, nobody may add."""

_KEY = "[channels.email.dkim] key_file"


class Signer:
    """Signs mail with one key, read when the channel is opened."""

    def __init__(self, settings: Dkim) -> None:
        """Read the key. Raises ConfigError when it cannot be used, or dkimpy is not installed."""
        self._dkim = _library()
        self._settings = settings
        self._key = from_private_file(settings.key_file, _KEY)
        self.signed(b"From: a@example.org\r\n\r\nx\r\n")  # a key that cannot sign stops the start, not the first digest

    def signed(self, message: bytes) -> bytes:
        """Give the message with its signature before it. Raises ConfigError."""
        present = [line.partition(b":")[0].lower() for line in message.partition(b"\r\n\r\n")[0].split(b"\r\n")]
        names = [name.encode() for name in SIGNED]
        headers = [*(name for name in names if name.lower() in present), *names]
        try:
            signature: bytes = self._dkim.sign(
                message,
                self._settings.selector.encode(),
                self._settings.domain.encode(),
                self._key.strip(),
                canonicalize=(b"relaxed", b"relaxed"),
                include_headers=headers,
            )
        except (self._dkim.DKIMException, ValueError, TypeError) as cause:
            raise ConfigError(f"{_KEY} {self._settings.key_file} cannot sign: {type(cause).__name__}") from None
        return signature + message

    def believed(self, record: str) -> bool:
        """Tell whether a mail that is signed with this key is believed by whoever finds this record in the DNS."""
        signed = self.signed(b"From: a@example.org\r\n\r\nx\r\n")
        return bool(self._dkim.verify(signed, dnsfunc=lambda *_, **__: record.encode(errors="replace")))


def _library() -> Any:  # noqa: ANN401 - no type information is shipped with it
    try:
        import dkim  # noqa: PLC0415 - an extra
    except ImportError as cause:
        raise ConfigError("[channels.email.dkim] needs an extra: pip install 'returnwatch[dkim]'") from cause
    return dkim
