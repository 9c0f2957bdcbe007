import os
import socket
import subprocess
import sys

from scheduler.process import has_died, this_process


def ended_process() -> str:
    """Name a process of this machine that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return f"{socket.gethostname()}:{child.pid}"


def test_a_process_that_runs_has_not_died() -> None:
    assert not has_died(this_process())
    assert not has_died(f"{socket.gethostname()}:{os.getppid()}")


def test_one_that_has_ended_has_died() -> None:
    assert has_died(ended_process())


def test_of_another_machines_processes_and_of_strange_names_nothing_is_certain() -> None:
    number = ended_process().rpartition(":")[2]
    assert not has_died(f"elsewhere.example:{number}")
    assert not has_died("service")
    assert not has_died(f"{socket.gethostname()}:{10**30}")
