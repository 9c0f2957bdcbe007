"""message → mailbox, over SMTP: one connection and one recipient at a time.

A verified TLS connection unless the settings say otherwise. What the server answers is kept word for word; a connection that
ends after the message was handed over, but before the answer, leaves its fate unknown, and that is what is reported. With a
journal, a copy of each mail goes there in the same transaction, and the journal is asked for what has no answer.
"""

import logging
import secrets
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import ClassVar, NoReturn

from pydantic import BaseModel

from cases.errors import ConfigError, DeliveryError
from cases.store import Delivery, OutMessage
from digests import pgp, smime
from digests.bounces import is_dead_address
from digests.channels import Receipt
from digests.cleaning import clean_line
from digests.links import Links
from digests.mailboxes import arrived
from digests.mailserver import TOKEN_LENGTH, EmailSettings
from digests.mime import mail, message_id, on_the_wire
from digests.rendering import Rendered
from digests.settling import GRACE
from digests.signing import Signer

log = logging.getLogger(__name__)

_OK = 250
_WILL_FORWARD = 251
_GO_ON = 354
_PERMANENT = range(500, 600)
_FAREWELL_S = 5.0


class EmailChannel:
    """The channel ``email``."""

    Settings: ClassVar[type[BaseModel]] = EmailSettings

    def __init__(
        self,
        settings: EmailSettings,
        *,
        trust: Callable[[], ssl.SSLContext] | None = None,
        links: Links | None = None,
    ) -> None:
        self._settings = settings
        self._trust = trust or (lambda: ssl.create_default_context(cafile=settings.ca_file))
        self._links = links
        self._signer = Signer(settings.dkim) if settings.dkim else None
        self._seals: dict[str, Callable[[bytes], bytes]] = {
            **{one.address.lower(): partial(pgp.sealed, key_file=one.key_file) for one in settings.pgp},
            **{
                one.address.lower(): partial(smime.sealed, certificate_file=one.certificate_file)
                for one in settings.smime
            },
        }
        self._server = f"{settings.host}:{settings.port}"

    def linked(self, links: Links) -> "EmailChannel":
        """Give the same channel, whose mail can be stopped by one click."""
        return EmailChannel(self._settings, trust=self._trust, links=links)

    @property
    def at_once(self) -> int:
        """How many mails are handed over at the same time."""
        return self._settings.connections

    def compose(self, rendered: Rendered, recipients: Sequence[str]) -> list[OutMessage]:
        """Write one mail for each recipient; nobody sees who else receives it."""
        return [self._composed(rendered, recipient, secrets.token_hex(TOKEN_LENGTH // 2)) for recipient in recipients]

    def _composed(self, rendered: Rendered, recipient: str, token: str) -> OutMessage:
        settings = self._settings
        payload = mail(
            rendered,
            sender=settings.sender,
            recipient=recipient,
            reply_to=settings.reply_to,
            unsubscribe=self._links.link("unsubscribe", token) if self._links else "",
        )
        payload = self._sealed(payload, recipient)
        return OutMessage(
            channel="email",
            recipient=recipient,
            payload=self._signer.signed(payload) if self._signer and payload else payload,
            message_id=message_id(rendered.name, rendered.period, recipient, settings.sender),
            token=token,
            urgent=rendered.urgent,
        )

    def _sealed(self, payload: bytes, recipient: str) -> bytes:
        """Encrypt a mail to a recipient who has a key; one that cannot be encrypted is left empty, and stops no other."""
        seal = self._seals.get(recipient.lower())
        if seal is None:
            return payload
        try:
            return seal(payload)
        except DeliveryError as failure:
            log.error("email: the mail to %s %s", recipient, failure)  # noqa: TRY400 - told in one sentence
            return b""

    def deliver(self, delivery: Delivery) -> Receipt:
        """Hand one mail to the server. Raises DeliveryError."""
        if not delivery.payload:
            raise self._error(
                delivery,
                "there is nothing to send: it could not be encrypted (see the log), or was purged",
                permanent=True,
            )
        with self._connected(delivery) as server:
            self._asked(server.mail(self._envelope_sender(delivery)), "the sender", delivery)
            self._asked(server.rcpt(delivery.recipient), "the recipient", delivery)
            self._copied(server, delivery)
            code, said = server.docmd("DATA")
            if code != _GO_ON:
                self._refused(code, said, "the message", delivery)
            answer = self._handed_over(server, delivery)
        return Receipt(channel="email", recipient=delivery.recipient, said=clean_line(answer, 300))

    @property
    def grace(self) -> timedelta:
        """How long a copy may take to come to the journal."""
        return self._settings.journal.grace if self._settings.journal else GRACE

    def arrived(self, deliveries: Sequence[Delivery]) -> frozenset[int]:
        """Ask the journal for mails; without one nothing is found. Raises DigestError when it cannot be asked."""
        if self._settings.journal is None:
            return frozenset()
        found = arrived(self._settings.journal, [delivery.message_id for delivery in deliveries])
        return frozenset(delivery.id for delivery in deliveries if delivery.message_id in found)

    def _envelope_sender(self, delivery: Delivery) -> str:
        """Give the address that a bounce of this mail goes to."""
        if self._settings.bounces is None or not delivery.token:
            return self._settings.sender
        local, _, domain = self._settings.bounces.address.rpartition("@")
        return f"{local}+{delivery.token}@{domain}"

    def _copied(self, server: smtplib.SMTP, delivery: Delivery) -> None:
        """Ask for a copy to the journal; a mail does not wait for it, for its recipient matters more than our books."""
        if self._settings.journal is None:
            return
        code, said = server.rcpt(self._settings.journal.address)
        if code not in {_OK, _WILL_FORWARD}:
            log.warning("email: the journal takes no copy of delivery %d: %d %s", delivery.id, code, _decoded(said))

    def probe(self) -> None:
        """Connect, encrypt and log in as for a mail, and send none; open the mailboxes that are read.

        Raises DeliveryError, DigestError for a mailbox, or ConfigError for a password.
        """
        what = f"email: {self._server}"
        for seal in self._seals.values():
            seal(b"From: a@example.org\r\n\r\nx\r\n")
        try:
            server = self._dial()
        except smtplib.SMTPAuthenticationError as cause:
            raise DeliveryError(f"{what} does not accept the login: {_reply(cause)}", permanent=True) from cause
        except smtplib.SMTPResponseException as cause:
            raise DeliveryError(f"{what}: {_reply(cause)}") from cause
        except (smtplib.SMTPException, OSError) as cause:
            raise DeliveryError(f"{what}: {_why(cause)}") from cause
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()
        for mailbox in filter(None, (self._settings.journal, self._settings.bounces)):
            arrived(mailbox, [])

    @property
    def settings(self) -> EmailSettings:
        """The table that the channel was made from."""
        return self._settings

    @contextmanager
    def _connected(self, delivery: Delivery) -> Iterator[smtplib.SMTP]:
        """Give a greeted, encrypted and authenticated connection; it is closed whatever happens."""
        server: smtplib.SMTP | None = None
        try:
            server = self._dial()
            yield server
        except smtplib.SMTPAuthenticationError as cause:
            raise self._error(delivery, f"the server does not accept the login: {_reply(cause)}") from cause
        except smtplib.SMTPResponseException as cause:
            raise self._error(delivery, _reply(cause)) from cause
        except (smtplib.SMTPException, OSError) as cause:
            raise self._error(delivery, _why(cause)) from cause
        finally:
            if server is not None:
                with suppress(smtplib.SMTPException, OSError):
                    if server.sock:
                        server.sock.settimeout(
                            _FAREWELL_S
                        )  # what became of the mail is known: nothing waits for a goodbye
                    server.quit()
                server.close()

    def _dial(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=settings.timeout_s, context=self._trust()
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_s)
        try:
            if settings.security == "starttls":
                server.starttls(context=self._trust())
            server.ehlo_or_helo_if_needed()
            self._log_in(server)
        except BaseException:
            server.close()
            raise
        return server

    def _log_in(self, server: smtplib.SMTP) -> None:
        settings = self._settings
        if not settings.username:
            return
        if settings.auth == "xoauth2":
            answer = settings.xoauth2()
            server.auth("XOAUTH2", lambda challenge=None: "" if challenge else answer)
            return
        try:
            server.login(settings.username, settings.password())
        except UnicodeEncodeError:
            raise ConfigError(
                "[channels.email] the password holds characters other than ASCII, which a login over SMTP cannot carry"
            ) from None

    def _handed_over(self, server: smtplib.SMTP, delivery: Delivery) -> str:
        """Send the bytes and wait for the answer; without one the outcome is uncertain."""
        try:
            server.send(on_the_wire(delivery.payload))
            if server.sock:
                server.sock.settimeout(self._settings.final_timeout_s)
            code, said = server.getreply()
        except (smtplib.SMTPException, OSError) as cause:
            raise self._error(
                delivery,
                f"the message was handed over, but no answer came, so it may have arrived: {_why(cause)}",
                uncertain=True,
            ) from cause
        if code != _OK:
            self._refused(code, said, "the message", delivery)
        return f"{code} {_decoded(said)}"

    def _asked(self, answer: tuple[int, bytes], what: str, delivery: Delivery) -> None:
        code, said = answer
        if code not in {_OK, _WILL_FORWARD}:
            self._refused(code, said, what, delivery)

    def _refused(self, code: int, said: bytes, what: str, delivery: Delivery) -> NoReturn:
        answer = _decoded(said)
        raise self._error(
            delivery,
            f"the server refused {what}: {code} {answer}",
            permanent=code in _PERMANENT,
            dead_address=what == "the recipient" and is_dead_address(code, answer),
        ) from None

    def _error(
        self,
        delivery: Delivery,
        why: str,
        *,
        permanent: bool = False,
        uncertain: bool = False,
        dead_address: bool = False,
    ) -> DeliveryError:
        """Say what, which and why; the address of a recipient is not a secret to the one who configured it."""
        what = f"email: {delivery.digest} of {delivery.period} to {delivery.recipient} over {self._server}"
        return DeliveryError(
            f"{what}: {clean_line(why, 400)}", permanent=permanent, uncertain=uncertain, dead_address=dead_address
        )


def _reply(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error
    return f"{error.smtp_code} {_decoded(said) if isinstance(said, bytes) else said}"


def _decoded(said: bytes) -> str:
    return clean_line(said.decode("utf-8", "replace"))


def _why(error: Exception) -> str:
    """Put an error of connection into words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate cannot be trusted: {error.verify_message}"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    return str(error) or type(error).__name__
