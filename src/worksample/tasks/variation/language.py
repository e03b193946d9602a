"""The interface of a language and of its kinds of change, and the registry of languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Protocol

from worksample import discovery
from worksample.tasks.variation.syntax import Module

#: Where a change is made, in names: a function, a variable, two neighbours …
Place = tuple[str, ...]


class Kind(Protocol):
    """One kind of harmless change."""

    @property
    def id(self) -> str:
        """Return the stable id of the kind, such as "rename-local"."""

    def places(self, module: Module) -> Iterable[Place]:
        """Return where such a change may be possible; `change` decides."""

    def change(self, module: Module, place: Place) -> bytes | None:
        """Return the source after the change; None if the place is not there, or is not safe."""

    def what(self, place: Place) -> str:
        """Return the change in words, for a commit message."""


class Language(Protocol):
    """A language whose sources can be changed.

    Each module in `languages/` (or in `tasks/variation/languages/` of a plugin folder) that has a
    `LANGUAGE` of this shape is one.
    """

    suffixes: tuple[str, ...]
    kinds: Mapping[str, Kind]

    def parse(self, source: bytes) -> Module | None:
        """Return the module of `source`; None if it cannot be changed safely."""


@cache
def languages() -> dict[str, Language]:
    """Return the languages by the suffixes of their files. Raises `PluginError`."""
    package = "worksample.tasks.variation.languages"
    found = discovery.exported(package, "LANGUAGE", Language)
    return {suffix: each for each in found for suffix in each.suffixes}
