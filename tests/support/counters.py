"""Workspaces with a server of a scenario, for the challenge `counter`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.scenarios._harness.workdir import HARNESS_FILES

SCENARIOS = Path(__file__).parents[1] / "scenarios"
CATALOGUE = SCENARIOS / "_catalogue"
ENVIRONMENT = {"WORKSAMPLE_CHALLENGES": str(CATALOGUE)}


def counter_workspace(scenario: str, to: Path, kind: str = "build") -> Path:
    """Copy the server of `scenario` to the new folder `to`, with a worksample.toml; return `to`."""
    shutil.copytree(SCENARIOS / scenario, to, ignore=shutil.ignore_patterns(*HARNESS_FILES))
    for each in (SCENARIOS / "_service").glob("*.py"):
        shutil.copyfile(each, to / each.name)
    (to / "worksample.toml").write_text(
        f'challenge = "counter"\nkind = "{kind}"\n\n[run]\n'
        f'command = ["{sys.executable}", "server.py"]\n'
    )
    return to
