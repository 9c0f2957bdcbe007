"""Words to systemd: ready, stopping, alive. Silent when no supervisor listens."""

import os
import socket


def notify(message: str) -> None:
    """Send one message of systemd's notify protocol (``READY=1``, ``STOPPING=1``, ``WATCHDOG=1``, ``STATUS=…``).

    Does nothing outside systemd. See sd_notify(3); an address that begins with ``@`` is in the abstract namespace.
    """
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
        line.connect("\0" + address[1:] if address.startswith("@") else address)
        line.sendall(message.encode())


def watchdog_interval() -> float | None:
    """Give half the time, in seconds, within which systemd wants a sign of life; None when it wants none."""
    limit = os.environ.get("WATCHDOG_USEC")
    return int(limit) / 2_000_000 if limit else None
