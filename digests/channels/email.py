"""message → mailbox, over SMTP: one connection and one recipient at a time.

A verified TLS connection unless the settings say otherwise. What the server answers is kept word for word; a connection that
ends after the message was handed over, but before the answer, leaves its fate unknown, and that is what is reported.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import ClassVar, NoReturn

from cases.errors import DeliveryError
from cases.store import Delivery, OutMessage
from digests.channels import Receipt
from digests.cleaning import clean_line
from digests.mailserver import EmailSettings
from digests.mime import mail, message_id, on_the_wire
from digests.rendering import Rendered

_OK = 250
_WILL_FORWARD = 251
_GO_ON = 354
_PERMANENT = range(500, 600)


class EmailChannel:
    """The channel ``email``."""

    Settings: ClassVar[type[EmailSettings]] = EmailSettings

    def __init__(
        self, settings: EmailSettings, *, trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    ) -> None:
        self._settings = settings
        self._trust = trust
        self._server = f"{settings.host}:{settings.port}"

    def compose(self, rendered: Rendered, recipients: Sequence[str]) -> list[OutMessage]:
        """Write one mail for each recipient; nobody sees who else receives it."""
        sender, reply_to = self._settings.sender, self._settings.reply_to
        return [
            OutMessage(
                channel="email",
                recipient=recipient,
                payload=mail(rendered, sender=sender, recipient=recipient, reply_to=reply_to),
                message_id=message_id(rendered.name, rendered.period, recipient, sender),
            )
            for recipient in recipients
        ]

    def deliver(self, delivery: Delivery) -> Receipt:
        """Hand one mail to the server. Raises DeliveryError."""
        with self._connected(delivery) as server:
            self._asked(server.mail(self._settings.sender), "the sender", delivery)
            self._asked(server.rcpt(delivery.recipient), "the recipient", delivery)
            code, said = server.docmd("DATA")
            if code != _GO_ON:
                self._refused(code, said, "the message", delivery)
            answer = self._handed_over(server, delivery)
        return Receipt(channel="email", recipient=delivery.recipient, said=clean_line(answer, 300))

    def probe(self) -> None:
        """Connect, encrypt and log in as for a mail, and send none. Raises DeliveryError, or ConfigError for the password."""
        what = f"email: {self._server}"
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
            if settings.username:
                server.login(settings.username, settings.password())
        except BaseException:
            server.close()
            raise
        return server

    def _handed_over(self, server: smtplib.SMTP, delivery: Delivery) -> str:
        """Send the bytes and wait for the answer; without one the outcome is uncertain."""
        try:
            server.send(on_the_wire(delivery.payload))
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
        raise self._error(
            delivery, f"the server refused {what}: {code} {_decoded(said)}", permanent=code in _PERMANENT
        ) from None

    def _error(
        self, delivery: Delivery, why: str, *, permanent: bool = False, uncertain: bool = False
    ) -> DeliveryError:
        """Say what, which and why; the address of a recipient is not a secret to the one who configured it."""
        what = f"email: {delivery.digest} of {delivery.period} to {delivery.recipient} over {self._server}"
        return DeliveryError(f"{what}: {clean_line(why, 400)}", permanent=permanent, uncertain=uncertain)


def _reply(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error
    return f"{error.smtp_code} {_decoded(said) if isinstance(said, bytes) else said}"


def _decoded(said: bytes) -> str:
    return clean_line(said.decode("utf-8", "replace"))


def _why(error: Exception) -> str:
    """Put an error of connection into words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate cannot be trusted: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    return str(error) or type(error).__name__
