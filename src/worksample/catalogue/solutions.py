"""The stack of a reference solution: the name of its folder, unless `solution.toml` states it.

    stack = "python-fastapi"

Two solutions may share a stack; each has its own folder of mutants. One may lie over another, of
which its folder holds only what differs, such as the same server on another database:

    stack = "node-express"
    base = "node-express"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from worksample.errors import BrokenChallenge
from worksample.messages import message

SETTINGS = "solution.toml"
STACK, BASE = "stack", "base"


def stack_of(folder: Path) -> str:
    """Return the id of the stack of the solution (or starter) in `folder`.

    Raises `BrokenChallenge` if its `solution.toml` cannot be read.
    """
    settings = _settings_in(folder)
    if settings is None:
        return folder.name
    if STACK not in settings:
        raise BrokenChallenge(
            message("{path}:1: the key `stack` is missing", path=folder / SETTINGS)
        )
    return settings[STACK]


def base_of(folder: Path) -> Path | None:
    """Return the folder of the solution over which the one in `folder` lies; None if it is whole.

    Raises `BrokenChallenge` if its `solution.toml` cannot be read, or names no solution beside it
    that is whole.
    """
    name = (_settings_in(folder) or {}).get(BASE)
    if name is None:
        return None
    base = folder.parent / name
    if base == folder or not base.is_dir() or BASE in (_settings_in(base) or {}):
        raise BrokenChallenge(
            message(
                "{path}: `base` must be a solution beside it that has no base, not {value}",
                path=folder / SETTINGS,
                value=repr(name),
            )
        )
    return base


def _settings_in(folder: Path) -> Mapping[str, str] | None:
    """Return what the `solution.toml` of a solution says; None if it has none."""
    path = folder / SETTINGS
    if not path.is_file():
        return None
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BrokenChallenge(message("{path}: {error}", path=path, error=error)) from None
    for key, value in settings.items():
        if not isinstance(value, str) or not value:
            raise BrokenChallenge(
                message(
                    "{path}:1: `{key}` must be the id of a {key}, not {value}",
                    path=path,
                    key=key,
                    value=repr(value),
                )
            )
    return settings
