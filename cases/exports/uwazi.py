"""batch → ZIP for Uwazi's CSV import: ``import.csv`` with the cases, and a file for each of the other templates.

Uwazi reads every column by the type of its property, and each type has traps: ``|`` parts several values, ``::`` a group from its
member, ``:`` the ends of a range of dates; whitespace is squeezed, and a word such as ``N/A`` is dropped. What would be read so and is
not meant so is written with a sign that looks alike. Entities are tied by title, so titles are unique and stay the same.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from cases.disclosure import DisclosedAuthority, DisclosedCase, DisclosedEvent, DisclosedPlace, DisclosedSource
from cases.exports.archive import zipped
from cases.exports.batch import Batch
from cases.exports.cells import defused, plain
from cases.exports.geography import centre_of
from cases.exports.rows import act_of, scene_of, spelt, told

_DROPPED = frozenset({"null", "undefined", "n/a"})
Line = Mapping[str, str]

PROPERTIES: Mapping[str, Mapping[str, str]] = {
    "Case": {
        "Title": "title",
        "Case number": "text",
        "Revision": "numeric",
        "Status": "select",
        "Stage": "select",
        "Assertion": "select",
        "Sending State": "select",
        "Destination State": "select",
        "Risk State": "select",
        "Persons at least": "numeric",
        "Persons at most": "numeric",
        "Persons as told": "select",
        "Dates as told": "text",
        "Date of the act": "daterange",
        "Location_geolocation": "geolocation",
        "Places": "relationship",
        "Authorities": "relationship",
        "Persons": "relationship",
        "Sources": "relationship",
        "Legal bases": "multiselect",
        "Independent origins": "numeric",
        "Conflicts": "text",
        "First source": "link",
    },
    "Person": {
        "Title": "title",
        "Name": "text",
        "Sex": "select",
        "Age": "text",
        "Minor": "select",
        "Nationality": "select",
    },
    "Source article": {
        "Title": "title",
        "Headline": "text",
        "Outlet": "select",
        "Published": "date",
        "Language": "select",
        "Address": "link",
    },
    "Authority": {"Title": "title", "Type": "select", "Country": "select"},
    "Place": {
        "Title": "title",
        "Precision": "select",
        "Country": "select",
        "Location_geolocation": "geolocation",
    },
}
"""Templates with the labels and types of their properties, as the README of the ZIP lists them."""


def as_uwazi(batch: Batch) -> bytes:
    """Write the cases as a ZIP that Uwazi imports; ``README.txt`` says what was withheld and in which order to import."""
    every = batch.cases
    lines: dict[str, list[Line]] = {
        "Person": [_person(case, index) for case in every for index in range(len(case.victims))],
        "Source article": [_source(one) for case in every for one in case.sources],
        "Authority": [_authority(one) for case in every for one in case.authorities],
        "Place": [_place(one) for case in every for one in case.places],
    }
    files = {"import.csv": _table("Case", map(_case, every)), "README.txt": _readme(batch)}
    return zipped(files | {f"templates/{_file(name)}.csv": _table(name, found) for name, found in lines.items()})


# -- templates --------------------------------------------------------------------------------------------------------


def _case(case: DisclosedCase) -> Line:
    act, scene, count = act_of(case), scene_of(case), case.persons
    return {
        "Title": f"Case {case.number}",
        "Case number": case.number,
        "Revision": str(case.revision),
        "Status": choice(case.status),
        "Stage": choice(case.stage.value),
        "Assertion": choice(case.assertion),
        "Sending State": choice(case.from_state),
        "Destination State": choice(case.to_state),
        "Risk State": choice(case.risk_state),
        "Persons at least": str(count.min) if count else "",
        "Persons at most": str(count.max) if count and count.max is not None else "",
        "Persons as told": choice(count.qualifier if count else None),
        "Dates as told": text("; ".join(map(_dated, case.events))),
        "Date of the act": date_range(act) if act else "",
        "Location_geolocation": _point(scene) if scene else "",
        "Places": several(_place_title(one) for one in case.places),
        "Authorities": several(_authority_title(one) for one in case.authorities),
        "Persons": several(f"{case.number} {one.label}" for one in case.victims),
        "Sources": several(_source_title(one) for one in case.sources),
        "Legal bases": several(one.instrument for one in case.legal_bases),
        "Independent origins": str(case.origins),
        "Conflicts": text("; ".join(map(told, case.conflicts))),
        "First source": _address(case.sources[0]) if case.sources else "",
    }


def _person(case: DisclosedCase, index: int) -> Line:
    one = case.victims[index]
    age = f"{one.age.min}-{'' if one.age.max is None else one.age.max}" if one.age else ""
    minor = {None: "", True: "yes", False: "no"}[one.minor]
    return {
        "Title": label(f"{case.number} {one.label}"),
        "Name": text(one.name or ""),
        "Sex": choice(one.sex),
        "Age": age,
        "Minor": minor,
        "Nationality": choice(one.nationality),
    }


def _source(one: DisclosedSource) -> Line:
    return {
        "Title": _source_title(one),
        "Headline": text(one.title),
        "Outlet": choice(one.source_title),
        "Published": f"{one.published:%Y/%m/%d}" if one.published else "",
        "Language": choice(one.lang),
        "Address": _address(one),
    }


def _authority(one: DisclosedAuthority) -> Line:
    return {"Title": _authority_title(one), "Type": choice(one.type), "Country": choice(one.country)}


def _place(one: DisclosedPlace) -> Line:
    return {
        "Title": _place_title(one),
        "Precision": choice(one.level),
        "Country": choice(one.country),
        "Location_geolocation": _point(one),
    }


def _source_title(one: DisclosedSource) -> str:
    """Name an article by its address: the same in every case that it tells, unless the address was shortened."""
    identity = "\n".join((one.url, one.title, str(one.published))) if one.url_shortened else one.url
    return f"Article {sha256(identity.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _authority_title(one: DisclosedAuthority) -> str:
    return label(f"{one.name} ({one.country or 'State not told'})")


def _place_title(one: DisclosedPlace) -> str:
    return label(spelt(one))


# -- values, by the type of their property ----------------------------------------------------------------------------


def text(value: str) -> str:
    """Write a text: one line, and nothing that a spreadsheet would run."""
    squeezed = " ".join(defused(value).split())
    return f"“{squeezed}”" if squeezed.casefold() in _DROPPED else squeezed


def label(value: str) -> str:
    """Write one of several values, a title or a choice: without the signs that would part it."""
    return re.sub(r":{2,}", lambda colons: "∶" * len(colons[0]), text(value)).replace("|", "¦")


def choice(value: str | None) -> str:
    """Write the value of a thesaurus."""
    return label(value.replace("_", " ")) if value else ""


def several(values: Iterable[str]) -> str:
    """Write several values of one property, each once."""
    return "|".join(dict.fromkeys(filter(None, map(label, values))))


def date_range(event: DisclosedEvent) -> str:
    """Write a range of whole days; an open end stays empty. A date that is known in part only is no date to Uwazi."""
    ends = (f"{day:%Y/%m/%d}" if day else "" for day in (event.start, event.end))
    return ":".join(ends)


def link(name: str, address: str) -> str:
    """Write a link, or nothing where the address has no protocol."""
    safe = plain(address).replace("|", "%7C").replace(" ", "%20")
    return f"{label(name) or 'source'}|{safe}" if re.match(r"https?://[^/]", safe) else ""


def _address(one: DisclosedSource) -> str:
    return link(one.source_title, one.url)


def _point(place: DisclosedPlace) -> str:
    centre = centre_of(place)
    return f"{centre[0]}|{centre[1]}" if centre else ""


def _dated(event: DisclosedEvent) -> str:
    when = " to ".join(dict.fromkeys(f"{day:%Y-%m-%d}" for day in (event.start, event.end) if day))
    return f"{event.type.replace('_', ' ')}: {when or 'not told'} ({event.precision.replace('_', ' ')})"


# -- files ------------------------------------------------------------------------------------------------------------


def _table(template: str, lines: Iterable[Line]) -> bytes:
    """Write a file; of lines with one title the first stands, since they are one entity."""
    head: Sequence[str] = tuple(PROPERTIES[template])
    by_title = {line["Title"]: line for line in reversed(list(lines))}
    out = io.StringIO()
    table = csv.DictWriter(out, head, lineterminator="\n")
    table.writeheader()
    table.writerows(by_title[title] for title in sorted(by_title))
    return out.getvalue().encode()


def _file(template: str) -> str:
    return template.lower().replace(" ", "_")


def _readme(batch: Batch) -> bytes:
    said = [f"{sentence}." for sentence in batch.notice.sentences()]
    said += [
        "",
        "Make these templates in Uwazi first, with these properties. A relationship leads to the template of its name; Sources to",
        "Source article. The label of a property of type geolocation is its column without _geolocation.",
    ]
    for template, properties in PROPERTIES.items():
        said += ["", template, *(f"  {name}: {kind}" for name, kind in properties.items() if kind != "title")]
    order = ", ".join(f"templates/{_file(name)}.csv as {name}" for name in PROPERTIES if name != "Case")
    said += [
        "",
        f"Import {order}; last this ZIP as Case. Uwazi makes new entities at every import: import a case once.",
    ]
    return "\n".join([*said, ""]).encode()
