"""The gazetteer: linked by id, complete in its parents, and honest about its sources."""

import pytest

from cases.errors import ConfigError
from cases.gazetteer import NAME_COLUMNS, gazetteer, read_gazetteer

HEAD = "id,level,kind,parent,code,en,ko,zh_hans,zh_hant,ja,ru,ambiguous,lat,lon,coord_source,note\n"


def test_every_place_has_its_parents_up_to_a_country() -> None:
    places = gazetteer()
    for row in places:
        top = (row, *places.parents(row))[-1]
        assert top.level == "country" or row.id == "KP-PNM", row.id


def test_the_gazetteer_is_large_enough_for_the_corridor() -> None:
    assert len(gazetteer()) >= 250


def test_a_coordinate_always_names_its_source() -> None:
    for row in gazetteer():
        assert (row.position is None) == (row.coord_source is None), row.id
        if row.position is not None:
            latitude, longitude = row.position
            assert -90 <= latitude <= 90
            assert -180 <= longitude <= 180


def test_every_place_has_an_english_and_a_chinese_name() -> None:
    for row in gazetteer():
        assert row.forms["en"], row.id
        assert row.forms["zh_hans"], row.id
        assert row.forms["zh_hant"], row.id


def test_names_carry_no_remarks() -> None:
    for row in gazetteer():
        for column in NAME_COLUMNS:
            for form in row.forms[column]:
                assert form.text == form.text.strip()
                assert not set("()[];*") & set(form.text), (row.id, form.text)


def test_longtan_lies_in_jilin_city_in_jilin_in_china() -> None:
    places = gazetteer()
    assert [row.name for row in places.parents(places["CN-220203"])] == ["Jilin City", "Jilin", "China"]


def test_panmunjom_lies_in_no_single_country() -> None:
    places = gazetteer()
    assert places.country(places["KP-PNM"]) is None


def test_a_parent_without_a_row_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match=r"'AA-1'.*'AA'"):
        read_gazetteer(HEAD + "AA-1,town,town,AA,,Somewhere,,,,,,,,,,\n")


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(ConfigError, match="twice"):
        read_gazetteer(HEAD + 2 * "AA,country,country,,,Someland,,,,,,,,,,\n")


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ConfigError, match="hamlet"):
        read_gazetteer(HEAD + "AA,hamlet,town,,,Somewhere,,,,,,,,,,\n")


def test_an_id_that_has_gone_since_is_no_place() -> None:
    row = next(iter(gazetteer()))
    assert gazetteer().find(row.id) is row
    assert gazetteer().find("XX-0") is gazetteer().find(None) is None
