"""A virtual environment with distributions, used far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path


class Installation:
    """A new virtual environment in `folder`."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False)
        self.programs = folder / "bin"
        (self.packages,) = folder.glob("lib/python3*/site-packages")

    def install(self, *what: Path) -> None:
        """Install distributions, with what they need."""
        pip = (sys.executable, "-m", "pip", "--python", str(self.programs / "python"))
        done = subprocess.run(
            [*pip, "install", "--quiet", *map(str, what)], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def run(
        self, *arguments: str, cwd: Path, plugins: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run `worksample` as installed here, far from the checkout."""
        program = (str(self.programs / "python"), "-m", "worksample")
        return subprocess.run(
            [*program, *arguments],
            cwd=cwd,
            env={**environment(), "WORKSAMPLE_PLUGINS": plugins},
            capture_output=True,
            text=True,
        )


def environment() -> Mapping[str, str]:
    """Return the environment without what makes this checkout visible."""
    hidden = ("PYTHONPATH", "WORKSAMPLE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
