"""batch → GeoJSON (RFC 7946): a feature for each place of an act, at the centre of its prefecture or province.

No point is ever finer than that, whatever may leave in words. A case without a place that has coordinates is a feature without geometry.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from cases.disclosure import DisclosedCase, DisclosedPlace
from cases.exports.batch import Batch
from cases.exports.geography import centre_of
from cases.exports.rows import row


def as_geojson(batch: Batch) -> bytes:
    """Write the cases as one collection of features; ``withheld`` says what was withheld."""
    features = [feature for case in batch.cases for feature in _features(case)]
    document = {"type": "FeatureCollection", "withheld": batch.notice, "features": features}
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _features(case: DisclosedCase) -> Iterator[dict[str, Any]]:
    located = [(place, centre) for place in case.places if (centre := centre_of(place)) is not None]
    for place, (lat, lon) in located:
        yield _feature(case, place, {"type": "Point", "coordinates": [lon, lat]})
    if not located:
        yield _feature(case, None, None)


def _feature(case: DisclosedCase, place: DisclosedPlace | None, geometry: dict[str, Any] | None) -> dict[str, Any]:
    said = msgspec.to_builtins(row(case))
    said |= {
        "role": place.role if place else None,
        "place": place.name if place else said["place"],
        "geo_precision": place.level if place else said["geo_precision"],
    }
    name = f"{case.number}-{place.role}-{place.name}" if place else case.number
    return {"type": "Feature", "id": name, "geometry": geometry, "properties": said}
