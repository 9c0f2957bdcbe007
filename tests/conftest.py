"""What every room's tests share: the markers of real parts, and the stores of both engines."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

POSTGRESQL_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))

REAL_PARTS: dict[str, tuple[str, Callable[[], object]]] = {
    "wordpress": (
        "wordpress php-cli php-mysql php-xml php-mbstring mariadb-server",
        lambda: Path("/usr/share/wordpress/wp-load.php").exists() and shutil.which("php") and shutil.which("mariadbd"),
    ),
    "postgresql": ("postgresql", lambda: POSTGRESQL_PROGRAMS and (POSTGRESQL_PROGRAMS[-1] / "initdb").exists()),
    "chromium": ("chromium", lambda: shutil.which("chromium")),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a part that this machine lacks, and say which; fail instead where everything was promised."""
    for marker, (packages, is_here) in REAL_PARTS.items():
        if item.get_closest_marker(marker) and not is_here():
            reason = f"needs {marker}: apt-get install {packages}"
            if os.environ.get("RETURNWATCH_TEST_EVERYTHING"):
                pytest.fail(reason)
            pytest.skip(reason)
