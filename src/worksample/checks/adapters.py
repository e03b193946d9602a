"""Whether an adapter has the members of the protocol that a suite needs."""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable
from typing import Any

from worksample.discovery import members_of


def missing_members(adapter: Callable[[Any], Any], protocol: type) -> list[str]:
    """Return the names of `protocol` that what `adapter` makes does not have, sorted.

    The class is `adapter` itself, or the return type of a function; a function that names no
    class as its return type is not examined.
    """
    made = _made_by(adapter)
    if made is None:
        return []
    return sorted(name for name in members_of(protocol) if not _has(made, name))


def name_of(adapter: Any) -> str:
    """Return the name of an adapter class or function; of a `partial`, that of its function."""
    if isinstance(adapter, functools.partial):
        return name_of(adapter.func)
    return str(getattr(adapter, "__name__", adapter))


def _made_by(adapter: Any) -> type | None:
    if isinstance(adapter, functools.partial):
        return _made_by(adapter.func)
    if isinstance(adapter, type):
        return adapter
    try:
        made = typing.get_type_hints(adapter).get("return")
    except (NameError, TypeError, AttributeError):
        return None
    return made if isinstance(made, type) else None


def _has(cls: type, name: str) -> bool:
    annotated = (vars(base).get("__annotations__", {}) for base in cls.__mro__)
    return hasattr(cls, name) or any(name in names for names in annotated)
