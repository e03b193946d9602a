"""The stack of a reference solution: the name of its folder, unless `solution.toml` states it.

    stack = "python-fastapi"

Two solutions may share a stack; each has its own folder of mutants.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from worksample.errors import BrokenChallenge
from worksample.messages import message

SETTINGS = "solution.toml"


def stack_of(folder: Path) -> str:
    """Return the id of the stack of the solution (or starter) in `folder`.

    Raises `BrokenChallenge` if its `solution.toml` cannot be read.
    """
    path = folder / SETTINGS
    if not path.is_file():
        return folder.name
    try:
        stack = tomllib.loads(path.read_text(encoding="utf-8"))["stack"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BrokenChallenge(message("{path}: {error}", path=path, error=error)) from None
    except KeyError:
        raise BrokenChallenge(message("{path}:1: the key `stack` is missing", path=path)) from None
    if not isinstance(stack, str) or not stack:
        raise BrokenChallenge(
            message(
                "{path}:1: `stack` must be the id of a stack, not {value}",
                path=path,
                value=repr(stack),
            )
        )
    return stack
