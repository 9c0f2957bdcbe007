"""Two saved pages as difficult as the ones the product exists for: every case, none invented, each value with its sentence."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"
EXPECTED: dict[str, Any] = json.loads((DATA / "replica_expected.json").read_text(encoding="utf-8"))
COMMAND = str(Path(sys.executable).with_name("returnwatch"))
PAGES = ["replica_testimony.txt", "replica_pregnant.txt"]


def is_told(event: dict[str, Any], found: dict[str, Any]) -> bool:
    """Compare all that is expected of an event; where a text allows several precisions, one of them must be found."""
    allowed = {event["precision"], *event.get("or_precision", ())}
    exact = {key: value for key, value in event.items() if key not in {"precision", "or_precision"}}
    return found["precision"] in allowed and found.items() >= exact.items()


@pytest.fixture(scope="module", params=PAGES)
def page(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a documenter takes from a page, and what ``returnwatch read --json`` says of it."""
    done = subprocess.run(
        [COMMAND, "read", str(DATA / request.param), "--json"], capture_output=True, text=True, check=True, timeout=60
    )
    return EXPECTED[request.param], json.loads(done.stdout)


def test_the_page_is_read_without_its_furniture(page: tuple[dict[str, Any], dict[str, Any]]) -> None:
    expected, read = page
    meta, article = expected["meta"], read["article"]
    assert article["title"] == meta["title"]
    assert (article["published"] or "")[:10] == meta["published"]
    assert article["byline_pseudonymous"] == meta["byline_pseudonymous"]
    assert article["tags"] == meta["tags"]
    assert read["lang"] == meta["lang"]
    for furniture in ("Tagged With", "Related articles", "Most Read", "Primary Sidebar", "profile picture"):
        assert furniture not in article["text"]


def test_every_case_is_found_and_none_is_invented(page: tuple[dict[str, Any], dict[str, Any]]) -> None:
    expected, read = page

    def outline(case: dict[str, Any]) -> tuple[object, ...]:
        persons = case["persons"]
        return (
            case["mention"],
            case["stage"],
            case["from"],
            case["to"],
            persons and (persons["min"], persons["max"], persons["qualifier"]),
        )

    assert list(map(outline, read["cases"])) == list(map(outline, expected["cases"]))


def test_victims_dates_places_and_what_became_of_them_are_as_told(page: tuple[dict[str, Any], dict[str, Any]]) -> None:
    expected, read = page
    for wanted, case in zip(expected["cases"], read["cases"], strict=True):
        for told, found in zip(wanted.get("victims", ()), case["victims"], strict=False):
            assert found.items() >= told.items()
        for event in wanted.get("events", ()):
            assert any(is_told(event, one) for one in case["events"]), (event, case["events"])
        for place in wanted.get("places", ()):
            assert place in [{key: one[key] for key in place} for one in case["places"]], case["places"]
        if outcome := wanted.get("outcome"):
            assert (case["outcome"] or {}).items() >= outcome.items()


def test_each_value_is_tied_to_a_sentence_of_the_article(page: tuple[dict[str, Any], dict[str, Any]]) -> None:
    _, read = page
    printed = {"text": read["article"]["text"], "title": read["article"]["title"]}
    for case in read["cases"]:
        fields = {one["field"] for one in case["evidence"]}
        assert {"stage", "to", "persons"} <= fields
        assert {f"events[{number}]" for number in range(len(case["events"]))} <= fields
        for one in case["evidence"]:
            assert printed[one.get("part", "text")][one["start"] : one["end"]] == one["text"]
