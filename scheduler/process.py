"""process → its name in the store, and whether the process of such a name is still there."""

import os
import socket


def this_host() -> str:
    """Name this machine in the store: ``$RETURNWATCH_HOST``, else its host name. Two machines must not have the same."""
    return os.environ.get("RETURNWATCH_HOST") or socket.gethostname()


def this_process() -> str:
    """Name this process for the leases in the store."""
    return f"{this_host()}:{os.getpid()}"


def has_died(who: str) -> bool:
    """Tell that a named process is certainly gone; of another machine's processes nothing is certain."""
    host, _, number = who.rpartition(":")
    if host != this_host() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
