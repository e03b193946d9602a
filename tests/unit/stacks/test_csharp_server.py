"""A server in C#, started and checked."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.dotnet import needs_dotnet
from worksample.sandbox import Exit
from worksample.stacks import detect
from worksample.targets import Target

APP = Path(__file__).parents[2] / "support" / "apps" / "csharp-counters"
CATALOGUE = Path(__file__).parents[2] / "scenarios" / "_catalogue"

pytestmark = [needs_dotnet, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A copy of the project that may be changed."""
    return Path(shutil.copytree(APP, tmp_path / "app"))


async def start_and_stop(folder: Path) -> tuple[dict[str, str], Exit | None]:
    """Return the environment of the server in `folder`, and how it ended when asked to stop."""
    async with detect(folder).build() as built, Target.start(built) as target:
        environment = target.environment()
        return environment, await target.stop()


@pytest.mark.parametrize("command", ["", "dotnet run --project src/Counters.Api"])
def test_server_starts_and_stops_cleanly(app: Path, command: str) -> None:
    if command:
        (app / "Procfile").write_text(f"web: {command}\n")
    environment, ended = asyncio.run(start_and_stop(app))
    assert ended == Exit(0, None)
    assert "NUGET_PACKAGES" not in environment


def test_server_is_checked(app: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "worksample", "check", "--json"],
        cwd=app,
        env={**os.environ, "WORKSAMPLE_CHALLENGES": str(CATALOGUE)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert found["stack"] == "csharp-aspnet"
    verdicts = {each["id"]: each["verdict"] for each in found["checks"]}
    # It answers every question but keeps its counters in memory.
    assert {name for name, verdict in verdicts.items() if verdict == "fail"} == {
        "counters-are-kept-in-the-database",
        "counters-outlive-the-server",
    }
    assert sum(verdict == "pass" for verdict in verdicts.values()) == 10
