"""GeoJSON: centres of prefectures and provinces, never a finer point."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from cases.disclosure import Policy
from cases.exports import Batch, as_geojson
from cases.gazetteer import Row, gazetteer
from cases.model import Place, Report
from cases.register import Case

MakeCase = Callable[..., Case]
MakeBatch = Callable[..., Batch]
WIDE = {row.position for row in gazetteer() if row.position and row.level in {"prefecture", "province"}}


def features(content: bytes) -> list[dict[str, Any]]:
    document = json.loads(content)
    assert document["type"] == "FeatureCollection"
    found: list[dict[str, Any]] = document["features"]
    return found


def at(place_id: str, role: str = "held") -> Place:
    row = gazetteer()[place_id]
    parents = tuple(one.name for one in gazetteer().parents(row) if one.level != "country")
    country = gazetteer().country(row)
    return Place(role=role, name=row.name, parents=parents, country=country, level=row.level, gazetteer_id=row.id)  # type: ignore[arg-type] # a role of the model


@pytest.mark.parametrize("policy", [Policy(), Policy(exact_places=True), Policy(names=True, exact_places=True)])
@pytest.mark.parametrize(
    "row", [row for row in gazetteer() if row.position and row.level == "county"], ids=lambda row: row.id
)
def test_no_county_is_ever_a_point(
    row: Row, policy: Policy, report: Report, case_of: MakeCase, batch_of: MakeBatch
) -> None:
    told = msgspec.structs.replace(report, places=(at(row.id),))
    for feature in features(as_geojson(batch_of(case_of(told=told), policy=policy))):
        if feature["geometry"] is not None:
            lon, lat = feature["geometry"]["coordinates"]
            assert (lat, lon) in WIDE


def test_a_place_stands_at_the_centre_of_its_prefecture(report: Report, case_of: MakeCase, batch_of: MakeBatch) -> None:
    told = msgspec.structs.replace(report, places=(at("CN-2202"),))
    (feature,) = features(as_geojson(batch_of(case_of(told=told))))
    assert feature["geometry"] == {"type": "Point", "coordinates": [126.54, 43.83]}
    assert (feature["properties"]["case_no"], feature["properties"]["role"]) == ("2026-0007", "held")


def test_a_case_without_a_known_place_has_no_geometry(report: Report, case_of: MakeCase, batch_of: MakeBatch) -> None:
    told = msgspec.structs.replace(report, places=())
    (feature,) = features(as_geojson(batch_of(case_of(told=told))))
    assert (feature["geometry"], feature["id"]) == (None, "2026-0007")


def test_the_collection_says_what_was_withheld(case_of: MakeCase, batch_of: MakeBatch) -> None:
    assert json.loads(as_geojson(batch_of(case_of())))["withheld"]["coarsened"]
