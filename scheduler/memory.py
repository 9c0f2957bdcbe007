"""memory that was freed → given back to the system.

The allocator of glibc keeps what is freed between pages that are still in use, and a service that reads page after page for weeks
grows by it: in an hour over 1,000 sites by about 5 MiB a minute, though it held no more than before. ``malloc_trim`` gives such pages
back; it takes some milliseconds. Other allocators do so themselves.
"""

import ctypes
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import cache

log = logging.getLogger(__name__)

GIVE_BACK_EVERY = timedelta(minutes=1)


def give_back() -> bool:
    """Give freed memory back to the system; tells whether there was any to give. Does nothing without glibc."""
    trim = _trim()
    return trim is not None and bool(trim(0))


@cache
def _trim() -> Callable[[int], int] | None:
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library, or none that can be asked
        log.debug("this C library gives freed memory back by itself, or not at all")
        return None
    trim.argtypes, trim.restype = [ctypes.c_size_t], ctypes.c_int
    asked: Callable[[int], int] = trim
    return asked
