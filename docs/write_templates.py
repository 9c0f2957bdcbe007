"""Writes the second half of docs/templates.md from the program itself: every template, and every value that one can use.

Run by ``make docs``; a test fails when the page is not what this would write.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

from digests import archive, phrases, view
from digests.sample import sample
from digests.speech import ENGLISH
from digests.templating import BUILT_IN, FILTERS

PAGE = Path(__file__).parent / "templates.md"
MARK = "<!-- what follows is written by `make docs` -->\n"
VALUES = (
    *(view.Digest, view.Section, view.CaseCard, view.Fact, view.SourceCard, view.Passage, view.Saying, view.Dispute),
    *(view.Coverage, view.SourceRow, view.Counted, archive.Shelf, archive.Issue),
)


def page() -> str:
    """Write the whole page: the words of people, kept, and behind the mark what the program says of itself."""
    said, _, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    return said + MARK + "\n".join(_reference())


def _reference() -> Iterator[str]:
    yield "\n## Templates\n"
    yield from (f"- `{name}`: {_first_words(name)}" for name in BUILT_IN.names)
    yield "\n## Filters and functions\n"
    yield from (f"- `{name}`: {_sentence(inspect.getdoc(does) or '')}" for name, does in sorted(FILTERS.items()))
    said = {"_": ENGLISH.gettext, **phrases.said_in("en")}
    yield from (f"- `{name}(…)`{_of(does)}" for name, does in said.items())
    yield "\n## Values\n"
    yield "A page, a mail and a text are given `digest`, `subject` (a line) and `summary` (lines that count the cases); a mail `lines` and `full`"
    yield "as well: how many headlines and whole cards fit. The index of the archive is given `shelves`, `total` and `language`.\n"
    for kind in VALUES:
        yield f"### `{kind.__name__}`\n"
        yield f"{_sentence(inspect.getdoc(kind) or '')}\n"
        yield "| name | is | what |\n|---|---|---|"
        yield from _fields(kind)
        yield ""


def _fields(kind: type) -> Iterator[str]:
    """Give a row for each field and each property, with the words that stand below it in the source."""
    body = next(one.body for one in ast.parse(inspect.getsource(kind)).body if isinstance(one, ast.ClassDef))
    hints = get_type_hints(kind)
    for one, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            told = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and str(after.value.value)
            yield _row(one.target.id, hints[one.target.id], told or "")
        elif isinstance(one, ast.FunctionDef) and isinstance(one.returns, ast.expr):
            yield _row(one.name, ast.unparse(one.returns), ast.get_docstring(one) or "")


def _row(name: str, kind: object, said: str) -> str:
    shown = kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)
    shown = re.sub(r"\b(?:digests|cases|datetime|typing)\.(?:\w+\.)*", "", shown).replace("|", "or")
    return f"| `{name}` | {shown} | {_sentence(said)} |"


def _of(does: object) -> str:
    said = _sentence(inspect.getdoc(does) or "") if inspect.ismethod(does) or inspect.isfunction(does) else ""
    return f": {said}" if said else ": a number in words, or values joined as the language joins them"


def _sentence(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].replace("``", "`").replace("|", "\\|").split())


def _first_words(name: str) -> str:
    """Give the comment with which a template begins."""
    found = re.search(r"\{#\s*(.*?)\s*#\}|/\*\s*(.*?)\s*\*/", _source(name)[:400], re.DOTALL)
    return (found.group(1) or found.group(2)) if found else "styles, which another template includes."


def _source(name: str) -> str:
    return (Path(view.__file__).parent / "templates" / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    sample()  # what is documented can be rendered
    PAGE.write_text(page(), encoding="utf-8")
