"""message → the terminal: the text of a digest on standard output."""

import sys
from collections.abc import Sequence
from typing import ClassVar

from cases.errors import DeliveryError
from cases.store import Delivery, OutMessage
from digests.channels import Receipt
from digests.rendering import Rendered
from digests.spec import StdoutSettings


class StdoutChannel:
    """The channel ``stdout``."""

    Settings: ClassVar[type[StdoutSettings]] = StdoutSettings

    def __init__(self, settings: StdoutSettings) -> None:
        self._settings = settings

    def compose(self, rendered: Rendered, recipients: Sequence[str]) -> list[OutMessage]:  # noqa: ARG002 - a terminal has none
        """Make the one message of a digest: its text."""
        return [OutMessage(channel="stdout", recipient="", payload=rendered.text.encode())]

    def deliver(self, delivery: Delivery) -> Receipt:
        """Print the text. Raises DeliveryError when nobody reads the other end."""
        encoding = sys.stdout.encoding or "utf-8"
        text = delivery.payload.decode().encode(encoding, "replace").decode(encoding)
        try:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
        except OSError as cause:
            raise DeliveryError(f"stdout: {delivery.digest} of {delivery.period} cannot be printed: {cause}") from cause
        return Receipt(channel="stdout", recipient="", said="printed")
