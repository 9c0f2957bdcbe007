import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.contract import judge_lines, parse_line
from cases.errors import InputError
from cases.model import Article, Verdict
from cases.recognition import Profile, RuleClassifier

STORY = (
    "Chinese police arrested Ri Yong-sil, a North Korean defector, in Tumen on March 4, 2024. "
    "The next day she was deported to North Korea in a locked van."
)
CASE_KEYS = {
    "mention", "stage", "from", "to", "persons", "victims", "events", "places", "authorities", "legal_bases", "outcome",
    "evidence",
}  # fmt: skip


def answer(**row: object) -> dict[str, Any]:
    (line,) = judge_lines([json.dumps(row)])
    answered: dict[str, Any] = json.loads(line)
    return answered


def test_a_story_is_answered_with_every_key_of_the_contract() -> None:
    given_ = answer(id="a", text=STORY, published="2024-04-01")
    assert {"id", "lang", "label", "report", "score", "evidence", "cases"} <= given_.keys()
    assert (given_["id"], given_["lang"], given_["label"], given_["report"]) == ("a", "en", "case_report", True)
    (case,) = given_["cases"]
    assert case.keys() >= CASE_KEYS
    assert (case["stage"], case["from"], case["to"]) == ("completed", "CN", "KP")
    assert case["persons"] == {"min": 1, "max": 1, "qualifier": "exact", "raw": None}


def test_every_piece_of_evidence_stands_in_the_text_as_given() -> None:
    given_ = answer(id=1, text="\n\n  " + STORY + "  ", published="2024-04-01")
    pieces = [*given_["evidence"], *given_["cases"][0]["evidence"]]
    assert len(pieces) > 3
    assert all(("\n\n  " + STORY + "  ")[piece["start"] : piece["end"]] == piece["text"] for piece in pieces)


def test_lines_come_back_in_their_order_and_a_bad_one_stops_nothing() -> None:
    lines = ['{"id": 1, "text": "Nothing."}', "{", '{"id": 3, "text": 4}', "", '{"id": "z", "text": ""}']
    answers = [json.loads(line) for line in judge_lines(lines)]
    assert [row["id"] for row in answers] == [1, None, 3, "z"]
    assert ["error" in row for row in answers] == [False, True, True, False]


class Brittle:
    """A classifier of somebody else's, which a text breaks."""

    def classify(self, article: Article, profile: Profile) -> Verdict:
        if "break" in article.text:
            raise ZeroDivisionError("by this text")
        return RuleClassifier().classify(article, profile)


def test_a_text_that_breaks_its_reading_is_answered_with_an_error_and_stops_nothing() -> None:
    lines = ['{"id": 1, "text": "break"}', '{"id": 2, "text": "Nothing."}']
    broken, judged = (json.loads(line) for line in judge_lines(lines, classifier=Brittle()))
    assert broken["id"] == 1
    assert "ZeroDivisionError" in broken["error"]
    assert (judged["id"], judged["report"]) == (2, False)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[]", "a list"),
        ('{"text": 1}', "text"),
        ('{"id": [], "text": "a"}', "id"),
        ('{"text": "a", "lang": "english please"}', "lang"),
        ('{"text": "a", "published": "soon"}', "published"),
        ('{"text": "a", "published": "0001-01-01T00:00:00+14:00"}', "published"),
        ('{"text": "a", "published": "9999-12-31T23:59:59-14:00"}', "published"),
        ('{"text": "a", "tags": "one"}', "tags"),
        ("[" * 100_000, "JSON"),
        (b"\xff\xfe", "JSON"),
    ],
)
def test_an_error_says_which_key_is_wrong(line: str | bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        parse_line(line)


def test_a_day_of_publication_is_read_as_utc() -> None:
    published = parse_line('{"text": "a", "published": "2018-09-09"}').article.published
    assert published is not None
    assert published.isoformat() == "2018-09-09T00:00:00+00:00"


def test_a_lone_surrogate_comes_back_as_valid_json_with_its_text_unchanged() -> None:
    text = "\ud83d " + STORY
    (line,) = judge_lines([json.dumps({"id": 1, "text": text})])
    piece = json.loads(line.encode().decode())["evidence"][0]
    assert text[piece["start"] : piece["end"]] == piece["text"]


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["id", "text", "lang", "published", "tags", "url"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.text(max_size=60),
            st.lists(st.text(max_size=5), max_size=2),
        ),
    )
)
def test_whatever_an_object_holds_there_is_one_answer(row: dict[str, object]) -> None:
    (line,) = judge_lines([json.dumps(row)])
    assert isinstance(json.loads(line), dict)
