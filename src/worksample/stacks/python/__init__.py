"""Python: Django, FastAPI, Flask and similar frameworks, with pip or uv."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from worksample.stacks.base import Detection, Stack, Tool
from worksample.stacks.building import BuildContext
from worksample.stacks.leaving_out import TestFile
from worksample.stacks.python.causes import BUILD_CAUSES, START_CAUSES
from worksample.stacks.python.dependencies import MARKER_FILES, Dependencies, find_dependencies
from worksample.stacks.python.detection import detect
from worksample.stacks.python.environment import virtual_environment
from worksample.stacks.python.machine import machine_tools
from worksample.stacks.python.own_tests import (
    REVERSING_VARIABLES,
    TEST_VARIABLES,
    test_files,
    test_plan,
    with_tests,
)
from worksample.stacks.python.project import write_project_metadata
from worksample.stacks.python.tracebacks import error_places
from worksample.stacks.settings import CommandLine, Settings, folders_above
from worksample.stacks.testing import TestPlan


class PythonStack(Stack):
    """The Python stack."""

    name = "python"
    marker_files = MARKER_FILES
    plan_skills: Mapping[str, tuple[str, ...]] = {
        "python-fastapi": ("python", "fastapi", "sql"),
        "python-django": ("python", "django", "orm", "sql"),
    }
    build_causes = BUILD_CAUSES
    start_causes = START_CAUSES
    build_variables = ("PIP_*", "UV_*", "PG_CONFIG")
    server_variables: Mapping[str, str] = {"PYTHONUNBUFFERED": "1"}
    test_variables = TEST_VARIABLES
    reversing_variables = REVERSING_VARIABLES
    generated_names = frozenset(
        (".venv", "__pycache__", ".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache")
    )
    library_folders = ("site-packages",)
    chooses_version = True

    def detect(self, folder: Path, settings: Settings, start: CommandLine) -> Detection | None:
        """See `worksample.stacks.base.Stack`."""
        return detect(folder, start, folders_above(folder, settings))

    async def prepare(self, context: BuildContext) -> dict[str, str]:
        """See `worksample.stacks.base.Stack`."""
        above = folders_above(context.folder, context.settings)
        dependencies = find_dependencies(context.folder, above) or Dependencies("")
        if context.tests:
            dependencies = with_tests(context.folder, dependencies)
        venv = await virtual_environment(dependencies, context)
        path = context.environment.get("PATH", "/usr/bin:/bin")
        programs = write_project_metadata(context.folder, venv / "bin" / "python")
        return {
            "PATH": f"{programs}:{venv / 'bin'}:{path}",
            "VIRTUAL_ENV": str(venv),
            "PYTHONUNBUFFERED": "1",
        }

    def error_places(self, log: str) -> list[str]:
        """See `worksample.stacks.base.Stack`."""
        return error_places(log)

    def is_generated(self, folder: Path) -> bool:
        """See `worksample.stacks.base.Stack`: a virtual environment may have any name."""
        return (folder / "pyvenv.cfg").exists()

    def tests(self, folder: Path) -> TestPlan | None:
        """See `worksample.stacks.base.Stack`."""
        return test_plan(folder)

    def test_files(self, folder: Path) -> Sequence[TestFile]:
        """See `worksample.stacks.base.Stack`."""
        return test_files(folder)

    def tools(self) -> Iterable[Tool]:
        """See `worksample.stacks.base.Stack`."""
        return machine_tools()


STACK = PythonStack()
