"""Import a challenge's own Python modules: its world and its checks."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from worksample.checks import Check, World, checks_in
from worksample.errors import BrokenChallenge, CatalogueError


def checks_of(folder: Path) -> list[Check]:
    """Return the checks of the challenge in `folder`, by module name and source order.

    Raises `CatalogueError` if a module cannot be imported.
    """
    package = _package(folder)
    found: list[Check] = []
    for path in sorted((folder / "checks").glob("*.py")):
        if path.stem != "__init__":
            found += checks_in(_module(package, path))
    return found


def world_of(folder: Path) -> type[World]:
    """Return the subclass of `World` that `checks/world.py` declares.

    Raises `CatalogueError` unless there is exactly one.
    """
    module = _module(_package(folder), folder / "checks" / "world.py")
    own = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, World)
        and value.__module__ == module.__name__
    ]
    if len(own) != 1:
        raise CatalogueError(
            f"{folder / 'checks/world.py'} must declare exactly one subclass of World, "
            f"but declares {len(own)}"
        )
    return own[0]


def _package(folder: Path) -> ModuleType:
    name = f"worksample_challenge_{folder.name.replace('-', '_')}"
    if name in sys.modules:
        return sys.modules[name]
    init = folder / "checks" / "__init__.py"
    spec = importlib.util.spec_from_file_location(
        name, init, submodule_search_locations=[str(init.parent)]
    )
    if spec is None or spec.loader is None or not init.is_file():
        raise CatalogueError(f"{init} is missing: the checks of a challenge must be a package")
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    try:
        spec.loader.exec_module(package)
    except BaseException:
        del sys.modules[name]
        raise
    return package


def _module(package: ModuleType, path: Path) -> ModuleType:
    try:
        return importlib.import_module(f"{package.__name__}.{path.stem}")
    except CatalogueError:
        raise
    except Exception as error:
        raise BrokenChallenge(
            f"{path} cannot be imported: {type(error).__name__}: {error}"
        ) from error
