"""Read the dependencies of a Python project: lock files, pyproject.toml, requirements."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from worksample.errors import WorkspaceError
from worksample.messages import message

NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
INCLUDE = re.compile(r"(-r|--requirement|-c|--constraint)[\s=]*(\S+)$")
LOCAL_PATH = re.compile(r"(-e\s+|--editable[\s=]+)?((file:)?\.{0,2}/|\.(\[|\s|$))")
LOCK_FILES = ("uv.lock", "poetry.lock", "pdm.lock")
REQUIREMENTS_FILES = (
    "requirements.txt",
    "requirements.lock",
    "requirements/production.txt",
    "requirements/prod.txt",
    "requirements/base.txt",
    "requirements/requirements.txt",
)
MARKER_FILES = "pyproject.toml, requirements.txt, Pipfile, manage.py, main.py, app.py, server.py"


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What to install: requirement lines and constraints (pins of a lock file) in pip's format.

    `source` names the files they come from; `locked` states whether all versions are pinned;
    `requires_python` is the project's version requirement and `prefers_python` the version in a
    version manager's file (.python-version, runtime.txt, Pipfile); "" for none.
    """

    source: str
    requirements: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    locked: bool = False
    requires_python: str = ""
    prefers_python: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The normalized names of all requirements and constraints."""
        return frozenset(
            canonicalize_name(match[1])
            for line in (*self.requirements, *self.constraints)
            if (match := NAME.match(line))
        )


def find_dependencies(folder: Path, above: Sequence[Path] = ()) -> Dependencies | None:
    """Return the dependencies of the project in `folder`, or None if no file declares any.

    Where `folder` declares none, those of the folders `above` it count, the nearest first; so does
    a lock file there. Raises `WorkspaceError` that names the file if one cannot be read.
    """
    places = [folder, *above]
    for number, place in enumerate(places):
        if found := _declared_in(place, places[number:]):
            source = os.path.relpath(place, folder)
            return found if not number else replace(found, source=f"{source}/{found.source}")
    return None


def _declared_in(folder: Path, lock_places: Sequence[Path]) -> Dependencies | None:
    project = read_toml(folder / "pyproject.toml")
    found = (
        _from_pyproject(folder, project, lock_places)
        or _from_requirements(folder)
        or _from_pipfile(folder)
    )
    if found is None:
        if not (folder / "pyproject.toml").is_file():
            return None
        found = Dependencies("pyproject.toml")
    return replace(
        found,
        requires_python=found.requires_python or _requires_python(project),
        prefers_python=found.prefers_python or _prefers_python(folder),
    )


def _from_pyproject(
    folder: Path, project: Mapping[str, Any], lock_places: Sequence[Path]
) -> Dependencies | None:
    declared = _project_requirements(project)
    if not declared:
        return None
    locks = (place / each for place in lock_places for each in LOCK_FILES)
    lock = next((each for each in locks if each.is_file()), None)
    if lock is None:
        return Dependencies("pyproject.toml", declared)
    name = os.path.relpath(lock, folder)
    source = message("{lock} and pyproject.toml", lock=name)
    return Dependencies(source, declared, _pins(read_toml(lock)), True)


def _from_requirements(folder: Path) -> Dependencies | None:
    for name in REQUIREMENTS_FILES:
        if (folder / name).is_file():
            lines: list[str] = []
            constraint_lines: list[str] = []
            read_requirements(folder / name, lines, constraint_lines, set())
            loose = [each for each in lines if not each.startswith("-")]
            pinned = bool(constraint_lines) or all("==" in each or "@" in each for each in loose)
            return Dependencies(name, tuple(lines), tuple(constraint_lines), pinned)
    return None


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise WorkspaceError(
            message("{path} cannot be read: {error}", path=path, error=error)
        ) from error


def _requires_python(project: Mapping[str, Any]) -> str:
    declared = project.get("project", {}).get("requires-python", "")
    poetry = project.get("tool", {}).get("poetry", {}).get("dependencies", {}).get("python", "")
    return str(declared) if declared else _poetry_python(poetry if isinstance(poetry, str) else "")


def _poetry_python(text: str) -> str:
    """Convert Poetry's requirement of Python to PEP 440; `3.11` means every 3.11.x."""
    return re.sub(r"==(\d+(?:\.\d+)?)(?=,|$)", r"==\1.*", _poetry_version(text))


def _prefers_python(folder: Path) -> str:
    for name in (".python-version", "runtime.txt"):
        try:
            text = (folder / name).read_text(encoding="utf-8").strip().removeprefix("python-")
        except (OSError, ValueError):
            continue
        if match := re.match(r"\d+\.\d+", text):
            return f"=={match[0]}.*"
    return ""


def _project_requirements(project: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the requirements in pyproject.toml: PEP 621, else the Poetry table."""
    declared = project.get("project", {}).get("dependencies")
    if isinstance(declared, list) and declared:
        sources = project.get("tool", {}).get("uv", {}).get("sources", {})
        return tuple(_with_source(str(each), sources) for each in declared)
    poetry = project.get("tool", {}).get("poetry", {}).get("dependencies", {})
    return tuple(
        poetry_requirement(name, value)
        for name, value in poetry.items()
        if name != "python" and not (isinstance(value, dict) and value.get("optional"))
    )


def _with_source(requirement: str, sources: Mapping[str, Any]) -> str:
    match = NAME.match(requirement)
    source = sources.get(match[1]) if match else None
    if isinstance(source, dict) and "git" in source and match:
        revision = source.get("rev") or source.get("tag") or source.get("branch")
        return f"{match[1]} @ git+{source['git']}" + (f"@{revision}" if revision else "")
    return requirement


def poetry_requirement(name: str, value: Any) -> str:
    table = value if isinstance(value, dict) else {"version": value}
    extras = f"[{','.join(table['extras'])}]" if table.get("extras") else ""
    if "git" in table:
        revision = table.get("rev") or table.get("tag") or table.get("branch")
        return f"{name}{extras} @ git+{table['git']}" + (f"@{revision}" if revision else "")
    return f"{name}{extras}{_poetry_version(str(table.get('version', '*')))}"


def _poetry_version(text: str) -> str:
    """Convert Poetry's caret and tilde to PEP 440: `^1.2` -> `>=1.2,<2`."""
    return ",".join(filter(None, (_poetry_clause(each.strip()) for each in text.split(","))))


def _poetry_clause(text: str) -> str:
    if text in ("", "*"):
        return ""
    if text[0].isdigit():
        return f"=={text}"
    if text[0] not in "^~" or text.startswith("~="):
        return text
    numbers = [int(each) for each in re.findall(r"\d+", text)[:3]]
    fixed = next((at for at, each in enumerate(numbers) if each), len(numbers) - 1)
    if text[0] == "~":
        fixed = min(1, len(numbers) - 1)
    below = [*numbers[:fixed], numbers[fixed] + 1]
    return f">={text.lstrip('^~ ')},<{'.'.join(map(str, below))}"


def _pins(lock: Mapping[str, Any]) -> tuple[str, ...]:
    """Return `name==version` for each package of a lock file that has only one version."""
    packages = [each for each in lock.get("package", ()) if _from_index(each)]
    names = [canonicalize_name(str(each["name"])) for each in packages]
    return tuple(
        f"{each['name']}=={each['version']}"
        for each, name in zip(packages, names, strict=True)
        if names.count(name) == 1
    )


def _from_index(package: Mapping[str, Any]) -> bool:
    source = package.get("source", {})
    kind = source.get("type", "") if isinstance(source, dict) else ""
    elsewhere = {"git", "virtual", "editable", "directory", "path", "url"} & {*source, kind}
    return "version" in package and not elsewhere


def read_requirements(
    path: Path, lines: list[str], constraint_lines: list[str], seen: set[Path]
) -> None:
    """Read a requirements file and its includes into `lines` and (for -c) `constraint_lines`.

    Skips the project itself and its subfolders (`-e .`), which are imported in place.
    """
    if path.resolve() in seen:
        return
    seen.add(path.resolve())
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(
            message("{path} cannot be read: {error}", path=path, error=error)
        ) from error
    for raw in re.sub(r"\\\r?\n", " ", text).splitlines():
        line = re.sub(r"(^|\s)#.*$", "", raw).strip()
        if include := INCLUDE.match(line):
            target = constraint_lines if include[1] in ("-c", "--constraint") else lines
            read_requirements(path.parent / include[2], target, constraint_lines, seen)
        elif line and not LOCAL_PATH.match(line):
            lines.append(line)


def _from_pipfile(folder: Path) -> Dependencies | None:
    try:
        lock = json.loads((folder / "Pipfile.lock").read_text(encoding="utf-8"))
    except FileNotFoundError:
        lock = None
    except (OSError, ValueError) as error:
        raise WorkspaceError(
            message("{path} cannot be read: {error}", path=folder / "Pipfile.lock", error=error)
        ) from error
    file = read_toml(folder / "Pipfile")
    wanted = file.get("requires", {}).get("python_version", "")
    python = f"=={wanted}.*" if wanted else ""
    if lock:
        pinned = tuple(
            pipfile_requirement(name, value) for name, value in lock.get("default", {}).items()
        )
        return Dependencies("Pipfile.lock", pinned, (), True, prefers_python=python)
    if file:
        loose = tuple(
            pipfile_requirement(name, value) for name, value in file.get("packages", {}).items()
        )
        return Dependencies("Pipfile", loose, prefers_python=python)
    return None


def pipfile_requirement(name: str, value: Any) -> str:
    table = value if isinstance(value, dict) else {"version": value}
    extras = f"[{','.join(table['extras'])}]" if table.get("extras") else ""
    version = str(table.get("version", "*"))
    marker = f" ; {table['markers']}" if table.get("markers") else ""
    return f"{name}{extras}{'' if version == '*' else version}{marker}"
