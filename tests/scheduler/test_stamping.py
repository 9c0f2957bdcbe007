"""An authority that does not answer delays nothing, and is asked again."""

import asyncio
import dataclasses
import logging
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from cases.store import By
from crawler.options import Custody, TimestampAuthority
from scheduler.assembly import Watch, present
from scheduler.stamping import stamp_days


@pytest.mark.openssl
def test_an_authority_that_is_down_is_told_and_its_days_stay_to_be_stamped(
    watch: Watch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    roots = tmp_path / "roots.pem"
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(tmp_path / "key.pem"))
    subprocess.run(
        ["openssl", "req", "-x509", *key, "-subj", "/CN=root", "-out", str(roots)], check=True, capture_output=True
    )
    down = TimestampAuthority(url="http://127.0.0.1:1/", roots=roots)
    settings = watch.settings.model_copy(update={"custody": Custody(timestamps=(down, down))})
    now = present()
    for days in (3, 2):
        watch.store.custody.note("exported", None, By(actor="Mina", at=now - timedelta(days=days)))
    watch.store.custody.close_days(now)
    with caplog.at_level(logging.WARNING):
        assert asyncio.run(stamp_days(dataclasses.replace(watch, settings=settings))) == 0
    assert len(caplog.messages) == 2, "each authority is asked for one day and then left alone"
    assert all("asked for again later" in message for message in caplog.messages)
    assert len(watch.store.stamps.missing(down.url)) == 2


def test_without_authorities_nobody_is_asked(watch: Watch) -> None:
    assert asyncio.run(stamp_days(watch)) == 0
