"""What is written about the program agrees with the program."""

import importlib.util
import re
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
GROUPS = ("returnwatch.readers", "returnwatch.classifiers", "returnwatch.channels")


def module_at(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_tells_every_command_setting_and_extension_point_as_it_is() -> None:
    written = module_at(ROOT / "docs" / "write_reference.py").page()
    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == written, "run: make docs"


def test_the_page_about_templates_is_what_the_program_says_of_its_values() -> None:
    written = module_at(ROOT / "docs" / "write_templates.py").page()
    assert written == (ROOT / "docs" / "templates.md").read_text(encoding="utf-8"), "run make docs"


def test_the_page_of_sources_tells_the_catalogue_as_it_is() -> None:
    written = module_at(ROOT / "docs" / "write_sources.py").page()
    assert (ROOT / "docs" / "sources.md").read_text(encoding="utf-8") == written, "run: make docs"
    assert not [
        path.stem for path in (ROOT / "config" / "sources").glob("*.toml") if f"| `{path.stem}` |" not in written
    ]


def test_the_page_of_figures_tells_what_this_version_gives() -> None:
    written = module_at(ROOT / "docs" / "write_recognition.py").page()
    assert (ROOT / "docs" / "recognition.md").read_text(encoding="utf-8") == written, "run: make docs"


@pytest.mark.parametrize("group", GROUPS)
def test_each_extension_point_has_parts_of_our_own_that_load(group: str) -> None:
    ours = [point for point in entry_points(group=group) if point.dist and point.dist.name == "returnwatch"]
    assert ours
    for point in ours:
        assert callable(point.load())


def test_the_readme_opens_with_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first_block = readme.split("```sh\n", 1)[1].split("```", 1)[0]
    assert [line.split("#")[0].strip() for line in first_block.strip().splitlines()] == ["make demo", "make test"]


PAGES = sorted(path.relative_to(ROOT) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_page_links_to_a_file_that_is_not_there(page: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [
        *re.findall(r"\]\((?!https?:|#)([^)#]+)", text),
        *re.findall(r'(?:src|srcset)="(?!https?:)([^"]+)"', text),
    ]
    assert [target for target in targets if not (ROOT / page.parent / target).exists()] == []
