import io
import json
import logging
import sys

import pytest

from cases.errors import StoreError
from scheduler.logs import JsonLines, Lines, set_up

SECRET = "correct-horse-battery"


def record(words: str, *arguments: object, fault: BaseException | None = None, **fields: object) -> logging.LogRecord:
    exc_info = None if fault is None else (type(fault), fault, fault.__traceback__)
    made = logging.LogRecord("scheduler.x", logging.ERROR, "x.py", 1, words, arguments, exc_info)
    vars(made).update(fields)
    return made


def raised(cause: BaseException, error: BaseException) -> BaseException:
    try:
        try:
            raise cause
        except type(cause) as first:
            raise error from first
    except type(error) as caught:
        return caught


def test_json_has_one_object_a_line_with_its_fields() -> None:
    line = JsonLines().format(record("%s fails\nbadly", "courier", source="courier", pages=3))
    assert "\n" not in line
    said = json.loads(line)
    assert (said["level"], said["logger"], said["event"]) == ("error", "scheduler.x", "courier fails\nbadly")
    assert (said["source"], said["pages"]) == ("courier", 3)
    assert said["time"].endswith("Z")


def test_text_has_one_event_a_line_too_and_a_priority_for_the_journal() -> None:
    assert Lines().format(record("one\ntwo")).endswith("ERROR scheduler.x: one | two")
    assert Lines(for_journal=True).format(record("one")) == "<3>ERROR scheduler.x: one"


@pytest.mark.parametrize("style", [Lines, JsonLines])
def test_of_an_exception_its_way_is_told_but_not_what_it_happened_to_hold(style: type[Lines]) -> None:
    fault = raised(ValueError("Kim Invented was sent back"), StoreError("the disk is full"))
    line = style().format(record("crawl failed", fault=fault))
    assert "Kim Invented" not in line
    assert "StoreError: the disk is full at test_logs.py:" in line
    assert "ValueError at test_logs.py:" in line
    assert "\n" not in line


@pytest.mark.parametrize("style", [Lines, JsonLines])
def test_secrets_are_blotted_out_wherever_they_stand(style: type[Lines]) -> None:
    lines = style()
    lines.hide(["", SECRET])
    fault = StoreError(f"postgresql://watch:{SECRET}@db does not answer")
    line = lines.format(record("login with %s", SECRET, fault=fault, where=f"x{SECRET}"))
    assert SECRET not in line
    assert "login with ***" in line


def test_a_standard_error_that_was_closed_since_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = io.StringIO(), io.StringIO()
    root, before = logging.getLogger(), logging.getLogger().level
    monkeypatch.setattr(sys, "stderr", first)
    set_up("text", verbose=False)
    try:
        logging.getLogger("scheduler").warning("one")
        first.close()
        monkeypatch.setattr(sys, "stderr", second)
        logging.getLogger("scheduler").warning("two")
    finally:
        root.removeHandler(root.handlers[-1])
        root.setLevel(before)
    assert second.getvalue().endswith("WARNING scheduler: two\n")
