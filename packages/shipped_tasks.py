"""Build hook: the source distribution ships tasks, made from solutions and mutants that it lacks.

The wheel is built from the source distribution, so it has them, too.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: The task seeds that are shipped of each challenge, kind of work and stack.
SEEDS = range(1, 4)


class ShippedTasks(BuildHookInterface[Any]):
    """Puts tasks into `challenges/<id>/tasks/`, unless the sources have no solutions."""

    made = ""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the tasks in a temporary folder. Needs what Worksample needs: `make dist`."""
        if not any(Path(self.root).glob("challenges/*/solutions")):
            return
        from worksample.grading.task_starting import pack_tasks

        self.made = tempfile.mkdtemp()
        pack_tasks(Path(self.made), SEEDS)
        build_data["force_include"][self.made] = "challenges"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder."""
        if self.made:
            shutil.rmtree(self.made)
