"""Templates → text: ours, and those of an operator's folder that stand in for them, one by one.

HTML is escaped, no name may be undefined, and nothing in a template can call what could change or open anything: the
environment is a sandbox, for ours as for theirs. What goes wrong is told with the template, the line and the variable.
"""

import traceback
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict

from cases.errors import RenderError
from cases.model import Value
from digests.plain import labelled, quoted
from digests.words import sentence
from digests.wrapping import wrapped

FILTERS: Mapping[str, Callable[..., str]] = {
    "wrapped": wrapped,
    "quoted": quoted,
    "labelled": labelled,
    "sentence": sentence,
}


class TemplateSettings(BaseModel):
    """``[templates]``: texts of one's own in place of ours (docs/templates.md)."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    folder: Path | None = None
    """Folder whose files stand in for the templates of the same name; every other template stays ours."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, which need not ask about the values of this project: they are frozen, and what they can do is pure.

    Asking made a digest of 300 cases three times as slow.
    """

    def getattr(self, obj: object, attribute: str) -> object:
        if isinstance(obj, Value) and not attribute.startswith("_") and hasattr(obj, attribute):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


class Templates:
    """The templates of one installation. Made once; each is compiled when it is first used, and then kept."""

    def __init__(self, folder: Path | None = None) -> None:
        """Take ours, and before them those in ``folder``. Raises RenderError when that is no folder, or holds what replaces nothing."""
        self.folder = folder
        self._ours = jinja2.PackageLoader("digests")
        if folder is not None:
            _refuse_strangers(folder, set(self._ours.list_templates()))

    def fill(self, name: str, /, **values: object) -> str:
        """Render one template. Raises RenderError naming the template, the line and what is wrong."""
        try:
            return self._environment.get_template(name).render(**values)
        except jinja2.TemplateSyntaxError as cause:
            raise RenderError(f"template {self._place(cause.name or name, cause.lineno)}: {cause.message}") from cause
        except jinja2.TemplateNotFound as cause:
            raise RenderError(f"template {name}: it asks for {cause.name}, which is not there") from cause
        except (jinja2.TemplateError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as cause:
            raise RenderError(f"template {self._where(cause, name)}: {cause}") from cause

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every template that is there, by its file's name."""
        return tuple(self._environment.list_templates())

    @cached_property
    def _environment(self) -> jinja2.Environment:
        theirs = [] if self.folder is None else [jinja2.FileSystemLoader(self.folder)]
        environment = _Sandbox(
            loader=jinja2.ChoiceLoader([*theirs, self._ours]),
            autoescape=jinja2.select_autoescape(
                enabled_extensions=("html.j2", "xml.j2"), disabled_extensions=("txt.j2",), default=True
            ),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.filters |= FILTERS
        return environment

    def _where(self, error: Exception, name: str) -> str:
        """Find the innermost line of a template on an error's way; Jinja2 puts the lines of templates into the traceback."""
        ours = Path(__file__).parent / "templates"
        folders = {str(folder) for folder in (ours, self.folder) if folder is not None}
        frames = [
            frame for frame in traceback.extract_tb(error.__traceback__) if str(Path(frame.filename).parent) in folders
        ]
        return self._place(Path(frames[-1].filename).name, frames[-1].lineno) if frames else name

    def _place(self, name: str, line: int | None) -> str:
        """Name a template by its path when it is the operator's, and its line."""
        own = self.folder / name if self.folder is not None else None
        shown = str(own) if own is not None and own.is_file() else name
        return f"{shown}, line {line}" if line else shown


BUILT_IN = Templates()
"""Ours alone."""


def _refuse_strangers(folder: Path, known: set[str]) -> None:
    """Refuse a file under a name that nothing asks for: it would have no effect, and its name is most likely misspelt."""
    if not folder.is_dir():
        raise RenderError(f"[templates] folder {folder}: there is no such folder")
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    strange = sorted(name for name in files - known if not name.startswith(".") and not name.endswith((".md", "~")))
    if strange:
        raise RenderError(
            f"template {folder / strange[0]}: it stands in for none of ours, which are {', '.join(sorted(known))}"
        )
