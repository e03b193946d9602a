"""There is one version number: the package's own."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import worksample as package
from tests.support.running import worksample


def test_the_command_and_the_distribution_have_the_version_of_the_package(tmp_path: Path) -> None:
    said = worksample("--version", cwd=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout == f"worksample, version {package.__version__}\n"
    assert importlib.metadata.version("worksample") == package.__version__
