"""Find the modules of a room, in the package and in folders of your own (`WORKSAMPLE_PLUGINS`).

A room such as `worksample.stacks` has one module (or package) for each thing that it offers. A
plugin folder has the same layout: its `stacks/perl.py` becomes `worksample.stacks.perl`, and is
found like every other language. Nothing is registered, and no file of Worksample changes. Probes
and suites are not looked for: the checks of a challenge import them by name.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from worksample.errors import PluginError
from worksample.messages import message

PLUGINS = "WORKSAMPLE_PLUGINS"


def modules(package: str) -> list[pkgutil.ModuleInfo]:
    """Return the modules and packages in `package` (`worksample.stacks`), sorted by name.

    If a plugin has the name of a module of Worksample, only the latter is returned. Raises
    `PluginError` if a folder in WORKSAMPLE_PLUGINS does not exist.
    """
    return sorted(pkgutil.iter_modules(add_plugins(package)), key=lambda each: each.name)


def load(package: str, name: str) -> ModuleType:
    """Import the module `name` of `package`; raises `PluginError` if it is a broken plugin."""
    own, *_ = add_plugins(package)
    try:
        return importlib.import_module(f"{package}.{name}")
    except Exception as error:
        if (Path(own) / name).is_dir() or (Path(own) / f"{name}.py").is_file():
            raise
        raise PluginError(
            message(
                "the plugin {package}.{name} cannot be imported: {kind}: {error}",
                package=package,
                name=name,
                kind=type(error).__name__,
                error=error,
            ),
            hint=message("correct it, or remove its folder from {variable}", variable=PLUGINS),
        ) from error


def exported(package: str, attribute: str, interface: type[Any]) -> Iterator[Any]:
    """Import every module of `package`; return what those that have `attribute` export as it.

    Raises `PluginError` if a module cannot be imported, or if what it exports lacks a member of the
    protocol `interface`.
    """
    for each in modules(package):
        module = load(package, each.name)
        if hasattr(module, attribute):
            what = f"{module.__name__}.{attribute}"
            yield completed(getattr(module, attribute), interface, what)


def completed(thing: Any, interface: type[Any], what: str) -> Any:
    """Return `thing`, called `what`; raise `PluginError` if it lacks a member of `interface`."""
    if missing := sorted({each for each in members_of(interface) if not hasattr(thing, each)}):
        raise PluginError(
            message("{what} lacks {missing}", what=what, missing=", ".join(missing)),
            hint=message(
                "{interface} says what it must have",
                interface=f"{interface.__module__}.{interface.__qualname__}",
            ),
        )
    return thing


def members_of(protocol: type[Any]) -> Iterator[str]:
    """Yield the names of the public members of `protocol`, inherited ones included."""
    for base in protocol.__mro__:
        if base not in (object, typing.Protocol, typing.Generic):
            for name in (*vars(base), *vars(base).get("__annotations__", {})):
                if not name.startswith("_"):
                    yield name


def add_plugins(package: str) -> list[str]:
    """Let modules of `package` be imported from the plugin folders too.

    Returns the folders of the package, its own first. Raises `PluginError`.
    """
    found = importlib.import_module(package)
    own = next(iter(found.__path__))
    room = Path(*package.split(".")[1:])
    path = [own, *(str(each / room) for each in _plugin_folders())]
    if list(found.__path__) != path:
        found.__path__ = path
        sys.path_importer_cache.clear()
    return path


def _plugin_folders() -> Iterator[Path]:
    for text in filter(None, os.environ.get(PLUGINS, "").split(os.pathsep)):
        folder = Path(text).absolute()
        if not folder.is_dir():
            raise PluginError(
                message(
                    "{variable} names {text}, which is not a folder", variable=PLUGINS, text=text
                ),
                hint=message(
                    "{variable} takes folders, separated by {separator}",
                    variable=PLUGINS,
                    separator=repr(os.pathsep),
                ),
            )
        yield folder
