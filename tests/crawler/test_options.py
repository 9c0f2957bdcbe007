import pytest
from pydantic import ValidationError

from cases.recognition import Profile, Thresholds
from crawler.options import Recognition


def test_an_empty_table_changes_nothing() -> None:
    assert Recognition().over(Profile()) == Profile()


def test_a_source_stands_above_the_configuration_key_by_key() -> None:
    house = Recognition.model_validate({"alert": 0.6, "languages": {"ja": {"alert": 0.7}}, "strict_verbs": True})
    source = Recognition.model_validate({"review": 0.4, "languages": {"ja": {"review": 0.2}, "ko": {"alert": 0.8}}})
    assert source.over(house.over(Profile())) == Profile(
        usual=Thresholds(alert=0.6, review=0.4),
        languages={"ja": Thresholds(alert=0.7, review=0.2), "ko": Thresholds(alert=0.8, review=0.4)},
        strict_verbs=True,
    )


def test_a_source_with_a_low_alert_threshold_takes_the_review_threshold_down_with_it() -> None:
    assert Recognition(alert=0.2).over(Profile()).usual == Thresholds(alert=0.2, review=0.2)


def test_a_review_threshold_above_its_alert_is_refused() -> None:
    with pytest.raises(ValidationError, match="stands above alert"):
        Recognition(alert=0.5, review=0.6)
