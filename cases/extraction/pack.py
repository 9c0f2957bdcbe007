"""language → its data: the tables that each language's grammars are made of.

Tables are TOML files ``cases/packs/<language>/<name>.toml``. Both Chinese scripts share ``zh``: their patterns list both forms
of a sign.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "ko", "zh", "ja", "fr", "ru", "es", "it", "de")


def pack_of(lang: str | None) -> str | None:
    """Give the name of the pack that reads a BCP 47 language, or ``None`` when there is none."""
    primary = (lang or "").split("-")[0].lower()
    return primary if primary in LANGUAGES else None


@cache
def table(language: str, name: str) -> dict[str, Any]:
    """Read one table of a language; it ships with the program, so a missing one is a defect and raises."""
    resource = files("cases") / "packs" / language / f"{name}.toml"
    return tomllib.loads(resource.read_text(encoding="utf-8"))
