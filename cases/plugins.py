"""Parts that are found by their entry points: readers, classifiers and channels.

Returnwatch's own parts are declared in its ``pyproject.toml`` under the same groups as those of strangers, so that file
lists what the product can do. Two parts under one name in one group refuse to load: the choice would be silent.
"""

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from cases.errors import PluginError

READERS = "returnwatch.readers"
CLASSIFIERS = "returnwatch.classifiers"
CHANNELS = "returnwatch.channels"


def names(group: str) -> tuple[str, ...]:
    """Give the names of all parts that are installed under a group, sorted; nothing is imported."""
    return tuple(sorted({point.name for point in entry_points(group=group)}))


def load(group: str, name: str) -> Any:  # noqa: ANN401 - the caller knows the protocol of its group
    """Import one part and return it as registered (a class or a function); it is not called.

    Raises PluginError when nothing, or more than one thing, is registered under the name, or when its import fails.
    """
    points = _distinct(group, name)
    if not points:
        known = ", ".join(names(group)) or "none: is Returnwatch installed, or only unpacked?"
        raise PluginError(f"{group}: there is no part called {name!r}; installed are {known}")
    if len(points) > 1:
        rivals = " and ".join(sorted(point.value for point in points))
        raise PluginError(f"{group}: {name!r} is registered by {rivals}; uninstall one of them")
    try:
        return points[0].load()
    except Exception as cause:
        raise PluginError(f"{group}: {name!r} ({points[0].value}) cannot be loaded: {cause}") from cause


def _distinct(group: str, name: str) -> list[EntryPoint]:
    """Entry points of that name, once each: an editable install may list the same one twice."""
    return list({point.value: point for point in entry_points(group=group) if point.name == name}.values())
