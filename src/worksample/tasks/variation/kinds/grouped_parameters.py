"""Let parameters of one type share it, or give each its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from worksample.messages import message
from worksample.tasks.variation.language import Place
from worksample.tasks.variation.syntax import Edit, Function, Module, Node

TOGETHER, APART = "together", "apart"


@dataclass(frozen=True, slots=True)
class GroupParameters:
    """Write `a, b string` for `a string, b string`, or the other way round.

    Place: function, "together" or "apart".

    parts: the names and the type of each part of a list of parameters.
    """

    parts: Callable[[Node], Iterable[tuple[list[Node], Node]]]
    id: str = "group-parameters"

    def places(self, module: Module) -> Iterator[Place]:
        for name, function in module.functions.items():
            for how in (TOGETHER, APART):
                if self._edits(module, function, how):
                    yield (name, how)
                    break

    def change(self, module: Module, place: Place) -> bytes | None:
        name, how = place
        function = module.functions.get(name)
        edits = self._edits(module, function, how) if function else []
        return module.edited(*edits) if edits else None

    def what(self, place: Place) -> str:
        name, how = place
        if how == TOGETHER:
            return message("state the type of parameters of `{name}` once", name=name)
        return message("state the type of each parameter of `{name}`", name=name)

    def _edits(self, module: Module, function: Function, how: str) -> list[Edit]:
        parameters = function.node.child("parameters")
        if parameters is None or parameters.has({"comment"}):
            return []
        parts = [(names, kind) for names, kind in self.parts(parameters)]
        if how == APART:
            return [
                (each.end, each.end, f" {module.text(kind)}".encode())
                for names, kind in parts
                for each in names[:-1]
            ]
        return [
            (names[-1].end, kind.end, b"")
            for (names, kind), (others, other) in itertools.pairwise(parts)
            if names and others and module.text(kind) == module.text(other)
        ]
