"""What comes along for systemd and for containers is well formed, and says what the program understands."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from scheduler.cli import commands

ROOT = Path(__file__).parents[1]
UNITS = sorted((ROOT / "docs" / "deploy").glob("*.service"))
COMPOSE = [ROOT / "compose.yaml", ROOT / "compose.hosts.yaml"]


def understood(arguments: list[str]) -> None:
    """Parse a command line as the program does, and run nothing."""
    assert arguments[0] == "--config"
    context, found, rest = click.Context(commands), commands.commands, list(arguments[2:])
    command = found.get(rest.pop(0))
    while isinstance(command, click.Group):
        command = command.commands.get(rest.pop(0))
    assert command is not None, arguments
    command.make_parser(context).parse_args(rest)


@pytest.mark.systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_wrong_with_a_unit(unit: Path, tmp_path: Path) -> None:
    here = tmp_path / unit.name
    program = shutil.which("true")
    here.write_text(unit.read_text().replace("/opt/returnwatch/bin/returnwatch", str(program)))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", here], capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if unit.name in line]
    assert (done.returncode, said) == (0, []), done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_that_there_is(unit: Path) -> None:
    (line,) = [line for line in unit.read_text().splitlines() if line.startswith("ExecStart=")]
    understood(line.split()[1:])


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.name)
def test_a_compose_file_starts_commands_that_there_are(file: Path) -> None:
    document: dict[str, Any] = yaml.safe_load(file.read_text())
    services = document["services"]
    for name, service in services.items():
        for other in service.get("depends_on", {}):
            assert other in services, name
        if service.get("image") == "returnwatch":
            understood(service["command"])
            assert service["read_only"]
        probe = service.get("healthcheck", {}).get("test", [])
        if probe[1:2] == ["returnwatch"]:
            understood(probe[2:])
        for volume in service["volumes"]:
            source = volume.partition(":")[0]
            assert source.startswith("./") or source in document["volumes"], volume


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.name)
def test_a_stop_is_given_the_time_that_the_program_takes(file: Path) -> None:
    from scheduler.settings import ServiceTable

    services = yaml.safe_load(file.read_text())["services"].values()
    graces = {service["stop_grace_period"] for service in services if service.get("image") == "returnwatch"}
    assert graces == {"45s"}
    assert ServiceTable().stop_within_s < 45
