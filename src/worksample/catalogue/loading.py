"""Import a challenge's own Python modules: its world and its checks."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from worksample import discovery
from worksample.checks import Check, InvalidCheck, World, checks_in
from worksample.errors import BrokenChallenge, CatalogueError
from worksample.messages import message
from worksample.suites.large_data import LargeData

#: The rooms from which checks import what they need by name, from plugin folders too.
_IMPORTED_ROOMS = ("worksample.probes", "worksample.suites")


def checks_of(folder: Path) -> list[Check]:
    """Return the checks of the challenge in `folder`, by module name and source order.

    Raises `BrokenChallenge` if a module cannot be imported, or else with all mistakes in the
    declarations.
    """
    found = [each for path in _modules(folder) for each in _declared(folder, path)]
    checks, mistakes = _separated(found)
    if mistakes:
        raise BrokenChallenge("\n".join(str(mistake) for mistake in mistakes))
    return checks


def declared_in(folder: Path) -> tuple[list[Check], list[InvalidCheck]]:
    """Return the valid checks of the challenge in `folder`, and all mistakes in the others."""
    found: list[Check | InvalidCheck] = []
    for path in _modules(folder):
        try:
            found += _declared(folder, path)
        except CatalogueError as error:
            found.append(InvalidCheck(f"{path}:1", error.message.removeprefix(f"{path} ")))
    return _separated(found)


def _modules(folder: Path) -> list[Path]:
    """Return the modules of `checks/` and of the folders below it, sorted by their own names.

    The engine begins the checks of a stage in this order.
    """
    paths = (folder / "checks").rglob("*.py")
    return sorted(
        (path for path in paths if path.stem != "__init__"), key=lambda path: (path.stem, path)
    )


def _declared(folder: Path, path: Path) -> list[Check | InvalidCheck]:
    return checks_in(_module(_package(folder), folder / "checks", path))


def _separated(found: list[Check | InvalidCheck]) -> tuple[list[Check], list[InvalidCheck]]:
    """Return valid checks and mistakes; of two checks with one id, the second is a mistake."""
    checks: dict[str, Check] = {}
    mistakes: list[InvalidCheck] = []
    for each in found:
        if isinstance(each, InvalidCheck):
            mistakes.append(each)
        elif each.id in checks:
            template = "{check}: two checks have this id; see {source}"
            twice = message(template, check=each.id, source=checks[each.id].source)
            mistakes.append(InvalidCheck(each.source, twice))
        else:
            checks[each.id] = each
    return list(checks.values()), mistakes


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


def large_data_of(folder: Path) -> LargeData | None:
    """Return what `checks/large_data.py` declares as `LARGE_DATA`; None without that file.

    Raises `BrokenChallenge` if it cannot be imported, `CatalogueError` if it declares none.
    """
    path = folder / "checks" / "large_data.py"
    if not path.is_file():
        return None
    found = getattr(_module(_package(folder), folder / "checks", path), "LARGE_DATA", None)
    if isinstance(found, LargeData):
        return found
    raise CatalogueError(
        message(
            "{path} must declare LARGE_DATA, a LargeData (worksample.suites.large_data)", path=path
        )
    )


def _package(folder: Path) -> ModuleType:
    for room in _IMPORTED_ROOMS:
        discovery.add_plugins(room)
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
