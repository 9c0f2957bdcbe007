"""a folder of a mailbox → what lies there, over IMAP: which mails arrived, and what came back unread.

The standard library's imaplib behind one door. Every failure leaves as DigestError with the name of the server.
"""

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from cases.errors import DigestError
from digests.bounces import LARGEST
from digests.cleaning import clean_line
from digests.mailserver import Mailbox

AT_MOST = 200
"""Mails that are read in one go; the rest is read in the next."""


def arrived(mailbox: Mailbox, message_ids: Sequence[str]) -> frozenset[str]:
    """Say which of some Message-IDs lie in the folder. Raises DigestError when it cannot be asked."""
    with _opened(mailbox, readonly=True) as imap:
        return frozenset(one for one in message_ids if _search(imap, "HEADER", "Message-ID", _quoted(one)))


class Unread:
    """The unread mails of a folder, while it is open."""

    def __init__(self, imap: imaplib.IMAP4) -> None:
        self._imap = imap

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        """Yield each with its number, oldest first; of a huge one the beginning. Reading marks nothing."""
        for number in _search(self._imap, "UNSEEN")[:AT_MOST]:
            _, parts = self._imap.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)")
            for part in parts:
                if isinstance(part, tuple):
                    yield number, part[1]

    def done(self, number: str, *, understood: bool) -> None:
        """Mark a mail as read; one that was not understood is flagged, for a person to look at."""
        self._imap.uid("STORE", number, "+FLAGS", "(\\Seen)" if understood else "(\\Seen \\Flagged)")


@contextmanager
def unread(mailbox: Mailbox) -> Iterator[Unread]:
    """Open a folder to read what is new in it. Raises DigestError."""
    with _opened(mailbox, readonly=False) as imap:
        yield Unread(imap)


@contextmanager
def _opened(mailbox: Mailbox, *, readonly: bool) -> Iterator[imaplib.IMAP4]:
    where = f"mailbox {mailbox.username or 'without a name'} at {mailbox.host}:{mailbox.port}"
    imap: imaplib.IMAP4 | None = None
    try:
        imap = _dial(mailbox)
        _log_in(imap, mailbox)
        said, answer = imap.select(f'"{mailbox.folder}"', readonly=readonly)
        if said != "OK":
            raise DigestError(f"{where}: folder {mailbox.folder!r} cannot be opened: {_told(answer)}")
        yield imap
    except UnicodeEncodeError:
        raise DigestError(f"{where}: name or password holds characters other than ASCII") from None
    except (imaplib.IMAP4.error, OSError) as cause:
        raise DigestError(f"{where}: {clean_line(str(cause), 300) or type(cause).__name__}") from cause
    finally:
        if imap is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                imap.logout()


def _dial(mailbox: Mailbox) -> imaplib.IMAP4:
    if mailbox.security == "tls":
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=_trust(mailbox), timeout=mailbox.timeout_s)
    imap = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=mailbox.timeout_s)
    if mailbox.security == "starttls":
        try:
            imap.starttls(_trust(mailbox))
        except BaseException:
            imap.shutdown()
            raise
    return imap


def _trust(mailbox: Mailbox) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=mailbox.ca_file)


def _log_in(imap: imaplib.IMAP4, mailbox: Mailbox) -> None:
    if not mailbox.username:
        return
    if mailbox.auth == "xoauth2":
        imap.authenticate("XOAUTH2", lambda _: mailbox.xoauth2().encode())
    else:
        imap.login(mailbox.username, mailbox.password())


def _search(imap: imaplib.IMAP4, *criteria: str) -> list[str]:
    said, found = imap.uid("SEARCH", *criteria)
    if said != "OK":
        raise imaplib.IMAP4.error(f"SEARCH: {_told(found)}")
    return (found[0] or b"").decode().split()


def _quoted(text: str) -> str:
    """Write a text as IMAP does; one that would end its quotes matches nothing, and is refused."""
    if not text.isascii() or not text.isprintable() or '"' in text or "\\" in text:
        raise imaplib.IMAP4.error(f"{text!r} cannot be searched for")
    return f'"{text}"'


def _told(answer: Sequence[object]) -> str:
    return clean_line(" ".join(one.decode("utf-8", "replace") for one in answer if isinstance(one, bytes)), 300)
