"""What every starter brings beside its sources: an image, and a workflow that runs its tests.

$STAGES_SEED chooses the starter whose workflow is run; `STAGES_SEED=all` runs all.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.solutions import require_language
from worksample.catalogue import load, load_all
from worksample.catalogue.workspace import make_workspace
from worksample.sandbox.cache import cache_root
from worksample.services import Resource, services
from worksample.stacks import detect

STARTERS = [
    (challenge.id, stack, database)
    for challenge in load_all()
    for stack in challenge.starters
    for database in challenge.services.choices.get("database", ("postgres",))
    if database == "postgres" or stack in challenge.starter_changes(database)
]
SEED = os.environ.get("STAGES_SEED", "1")
CHOSEN = STARTERS if SEED == "all" else random.Random(SEED).sample(STARTERS, 1)
#: The image that a workflow has of each database.
IMAGES = {"postgres": "postgres", "mysql": "mariadb"}
#: How the address of each database begins, as a URL or as ADO.NET writes it.
ADDRESSES = {"postgres": ("postgres", "Host="), "mysql": ("mysql", "Server=")}
VARIABLES = ("DATABASE_URL", "SPRING_DATASOURCE_URL", "ConnectionStrings__Default")
COMMAND = re.compile(r"^CMD (\[.*\])$", re.MULTILINE)


def workspace(folder: Path, challenge: str, stack: str, database: str) -> Path:
    """Begin a workspace in `folder`, as a learner does."""
    loaded = load(challenge)
    chosen = database if database in loaded.services.choices.get("database", ()) else ""
    make_workspace(loaded, stack, folder / "mine", chosen)
    return folder / "mine"


def job_of(folder: Path) -> dict[str, Any]:
    """Return the one job of the workflow."""
    workflow = yaml.safe_load((folder / ".github" / "workflows" / "test.yml").read_text())
    (job,) = workflow["jobs"].values()
    return dict(job)


@pytest.mark.parametrize(("challenge", "stack", "database"), STARTERS)
def test_image_starts_what_the_procfile_says(
    tmp_path: Path, challenge: str, stack: str, database: str
) -> None:
    folder = workspace(tmp_path, challenge, stack, database)
    (command,) = COMMAND.findall((folder / "Dockerfile").read_text())
    if (file := folder / "Procfile").exists():
        procfile = dict(line.split(": ", 1) for line in file.read_text().splitlines())
        assert " ".join(json.loads(command)) == procfile["web"]
    assert ".git/" in (folder / ".dockerignore").read_text().splitlines()


@pytest.mark.parametrize(("challenge", "stack", "database"), STARTERS)
def test_workflow_has_the_database_of_the_starter(
    tmp_path: Path, challenge: str, stack: str, database: str
) -> None:
    job = job_of(workspace(tmp_path, challenge, stack, database))
    (service,) = job["services"].values()
    assert service["image"].startswith(f"{IMAGES[database]}:")
    (address,) = (job["env"][name] for name in VARIABLES if name in job["env"])
    assert address.removeprefix("jdbc:").startswith(ADDRESSES[database])


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("challenge", "stack", "database"), CHOSEN)
def test_steps_of_the_workflow_pass(
    tmp_path: Path, challenge: str, stack: str, database: str
) -> None:
    require_language(stack)
    folder = workspace(tmp_path, challenge, stack, database)
    asyncio.run(run_steps(folder, database, new_environment(tmp_path)))


def new_environment(folder: Path) -> Mapping[str, str]:
    """Return the variables with a virtual environment before the programs of this one.

    Maven keeps what it downloads where checks have it already, and .NET leaves no process behind.
    """
    venv.create(folder / "venv", with_pip=True, symlinks=True)
    programs = (folder / "venv" / "bin", Path(sys.executable).parent, os.environ["PATH"])
    path = os.pathsep.join(map(str, programs))
    maven = f"-Dmaven.repo.local={cache_root() / 'java' / 'repository'}"
    ends = {"MSBUILDDISABLENODEREUSE": "1", "UseSharedCompilation": "false"}
    return {**os.environ, "PATH": path, "MAVEN_OPTS": maven, **ends}


def of_the_stack(folder: Path, resource: Resource) -> dict[str, str]:
    """Return the variables by which servers of the stack learn of their database."""
    found = {}
    for name, value in detect(folder).detection.environment.items():
        for placeholder, stands_for in resource.placeholders.items():
            value = value.replace(f"{{{placeholder}}}", stands_for)
        found[name] = value
    return {name: value for name, value in found.items() if "{" not in value}


async def run_steps(folder: Path, database: str, variables: Mapping[str, str]) -> None:
    """Run the steps of the job that are commands, on a database of their own."""
    async with services()[database].start() as server:
        resource = await server.create_resource()
        await resource.allow_own_tests()
        given = {**resource.environment, **of_the_stack(folder, resource)}
        for step in job_of(folder)["steps"]:
            if command := step.get("run"):
                done = await asyncio.to_thread(
                    subprocess.run,
                    ["bash", "-e", "-c", command],
                    cwd=folder,
                    env={**variables, **given},
                    capture_output=True,
                    text=True,
                )
                assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
