"""Provide a project's console scripts and package metadata without installing it.

Submissions with the same dependencies share one virtual environment, so the project itself is not
installed into it. PYTHONPATH makes its modules importable; scripts and metadata go into its copy.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

METADATA_FOLDER = ".worksample/python"
PROGRAM_FOLDER = ".worksample/bin"
ENTRY_POINT = re.compile(r"([\w.]+):([\w.]+)(\s*\[.*\])?")


def write_project_metadata(folder: Path, python: Path) -> Path:
    """Write the project's console scripts and metadata to its copy; return the script folder.

    `python` is the interpreter of the virtual environment. The data comes from [project] and
    [project.scripts] in pyproject.toml (PEP 621), or from the equivalent Poetry tables.
    """
    programs = folder / PROGRAM_FOLDER
    programs.mkdir(parents=True, exist_ok=True)
    table = _project(folder)
    scripts = project_scripts(folder)
    for name, target in scripts.items():
        if entry := ENTRY_POINT.fullmatch(target.strip()):
            _write_program(programs / name, python, entry[1], entry[2])
    if isinstance(table.get("name"), str):
        _write_metadata(folder / METADATA_FOLDER, table, scripts)
    return programs


def project_scripts(folder: Path) -> dict[str, str]:
    """Return the console scripts of a project: name -> `module:function`."""
    scripts = _project(folder).get("scripts")
    return {
        name: target
        for name, target in (scripts if isinstance(scripts, dict) else {}).items()
        if isinstance(target, str) and re.fullmatch(r"[\w.-]+", name)
    }


def _project(folder: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    poetry = data.get("tool", {}).get("poetry", {})
    return {**poetry, **data.get("project", {})}


def _write_program(path: Path, python: Path, module: str, name: str) -> None:
    first = name.split(".")[0]
    path.write_text(
        f"#!/bin/sh\n'''exec' '{python}' \"$0\" \"$@\"\n' '''\n"
        f"import sys\nfrom {module} import {first}\nsys.exit({name}())\n"
    )
    path.chmod(0o755)


def _write_metadata(folder: Path, table: Mapping[str, Any], scripts: Mapping[str, str]) -> None:
    name, version = str(table["name"]), str(table.get("version") or "0")
    info = folder / f"{re.sub(r'[^A-Za-z0-9.]+', '_', name)}-{version}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (info / "METADATA").write_text(about)
    lines = [f"{key} = {value}" for key, value in scripts.items()]
    (info / "entry_points.txt").write_text("\n".join(["[console_scripts]", *lines, ""]))
