"""surnames_ko.csv, surnames_zh.csv → surnames as each script writes them.

The tables say that a word can be a surname, never that two people are one: several surnames share a spelling.
"""

import csv
from functools import cache
from importlib.resources import files

_SCRIPTS = {
    "korean_latin": ("surnames_ko.csv", "romanisations"),
    "korean_hangul": ("surnames_ko.csv", "hangul"),
    "korean_hanja": ("surnames_ko.csv", "hanja"),
    "chinese_latin": ("surnames_zh.csv", "pinyin"),
    "chinese_hans": ("surnames_zh.csv", "hans"),
    "chinese_hant": ("surnames_zh.csv", "hant"),
}


@cache
def surnames(script: str) -> tuple[str, ...]:
    """Give the surnames of one script, such as ``korean_latin`` (Kim, Gim, …) or ``chinese_hant``."""
    name, column = _SCRIPTS[script]
    text = (files("cases") / name).read_text(encoding="utf-8")
    cells = (record[column] for record in csv.DictReader(text.splitlines()))
    forms = (form.strip() for cell in cells for form in cell.replace(",", " ").replace("/", " ").split())
    return tuple(dict.fromkeys(form for form in forms if form))
