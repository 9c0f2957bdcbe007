"""What is freed is given back, so that a service that runs for weeks stays as small as what it holds."""

import ctypes
import os
import sys
from pathlib import Path

import pytest

from scheduler.memory import give_back

MUCH = 64 * 2**20
PIECE = 16 * 2**10


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="needs the C library of GNU"
)
def test_memory_between_pieces_that_are_still_in_use_is_given_back() -> None:
    pieces = [b"x" * PIECE for _ in range(MUCH // PIECE)]
    kept = pieces[::16]
    del pieces
    before = resident()
    assert give_back()
    assert before - resident() > MUCH // 2
    assert len(kept) == MUCH // PIECE // 16
