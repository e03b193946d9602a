"""Import a challenge's own Python modules: its world and its checks."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from worksample.checks import Check, InvalidCheck, World, checks_in
from worksample.errors import BrokenChallenge, CatalogueError
from worksample.messages import message


def checks_of(folder: Path) -> list[Check]:
    """Return the checks of the challenge in `folder`, by module name and source order.

    Raises `CatalogueError` with all mistakes in their declarations.
    """
    checks, mistakes = declared_in(folder)
    if mistakes:
        raise CatalogueError("\n".join(str(mistake) for mistake in mistakes))
    return checks


def declared_in(folder: Path) -> tuple[list[Check], list[InvalidCheck]]:
    """Return the valid checks of the challenge in `folder`, and the mistakes in the others.

    Modules may lie in folders below `checks/`; they are sorted by their own names, since the
    engine begins the checks of a stage in this order.
    """
    package = _package(folder)
    root = folder / "checks"
    found: list[Check | InvalidCheck] = []
    for path in sorted(root.rglob("*.py"), key=lambda path: (path.stem, path)):
        if path.stem != "__init__":
            found += _declared(package, root, path)
    checks: dict[str, Check] = {}
    mistakes: list[InvalidCheck] = []
    for each in found:
        if isinstance(each, InvalidCheck):
            mistakes.append(each)
        elif each.id in checks:
            first = checks[each.id].source
            mistakes.append(
                InvalidCheck(each.source, f"{each.id}: two checks have this id; see {first}")
            )
        else:
            checks[each.id] = each
    return list(checks.values()), mistakes


def _declared(package: ModuleType, root: Path, path: Path) -> list[Check | InvalidCheck]:
    try:
        return checks_in(_module(package, root, path))
    except CatalogueError as error:
        return [InvalidCheck(f"{path}:1", error.message.removeprefix(f"{path} "))]


def world_of(folder: Path) -> type[World]:
    """Return the subclass of `World` that `checks/world.py` declares.

    Raises `CatalogueError` unless there is exactly one.
    """
    module = _module(_package(folder), folder / "checks", folder / "checks" / "world.py")
    own = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, World)
        and value.__module__ == module.__name__
    ]
    if len(own) != 1:
        raise CatalogueError(
            message(
                "{path} must declare exactly one subclass of World, but declares {count}",
                path=folder / "checks/world.py",
                count=len(own),
            )
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
        raise CatalogueError(
            message("{init} is missing: the checks of a challenge must be a package", init=init)
        )
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    try:
        spec.loader.exec_module(package)
    except BaseException:
        del sys.modules[name]
        raise
    return package


def _module(package: ModuleType, root: Path, path: Path) -> ModuleType:
    name = ".".join((package.__name__, *path.relative_to(root).with_suffix("").parts))
    try:
        return importlib.import_module(name)
    except CatalogueError:
        raise
    except Exception as error:
        raise BrokenChallenge(
            message(
                "{path} cannot be imported: {kind}: {error}",
                path=path,
                kind=type(error).__name__,
                error=error,
            )
        ) from error
