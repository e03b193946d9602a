"""Let two neighbours change places: functions, methods, imports."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from worksample.messages import message
from worksample.tasks.variation.language import Place
from worksample.tasks.variation.syntax import Edit, Module, Node

#: The first and the last node of what is moved.
Span = tuple[Node, Node]


class Swap(Protocol):
    """A kind of change by which two neighbours change places."""

    def pairs(self, module: Module) -> Iterator[tuple[Place, Span, Span]]:
        """Yield the neighbours that may change places, and what names them."""

    def places(self, module: Module) -> Iterator[Place]:
        for place, _, _ in self.pairs(module):
            yield place

    def change(self, module: Module, place: Place) -> bytes | None:
        found = [(one, other) for each, one, other in self.pairs(module) if each == place]
        return module.edited(*_swapped(module, *found[0])) if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class SwapNeighbours(Swap):
    """Let two neighbouring statements change places, with the comments directly above them.

    Place: what they lie in, name of the first, name of the second.

    containers: the nodes whose statements may be moved.
    name_of: the name of a statement that may be moved, "" for another one.
    may_swap: whether two neighbours may change places.
    says: the change in words.
    """

    id: str
    containers: Callable[[Module], Iterable[Node]]
    name_of: Callable[[Module, Node], str]
    may_swap: Callable[[Module, Node, Node], bool]
    says: Callable[[Place], str]

    def what(self, place: Place) -> str:
        return self.says(place)

    def pairs(self, module: Module) -> Iterator[tuple[Place, Span, Span]]:
        for container in self.containers(module):
            where = module.qualified(container)
            for one, other in itertools.pairwise(_groups(module, container)):
                names = self.name_of(module, one[-1]), self.name_of(module, other[-1])
                if (
                    all(names)
                    and names[0] != names[1]
                    and _is_movable(module, one, other)
                    and self.may_swap(module, one[-1], other[-1])
                ):
                    yield (where, *names), (one[0], one[-1]), (other[0], other[-1])


def said_of_functions(place: Place) -> str:
    """Return in words that two functions or methods change places."""
    where, one, other = place
    if where:
        return message(
            "move `{other}` above `{one}` in `{where}`", other=other, one=one, where=where
        )
    return message("move `{other}` above `{one}`", other=other, one=one)


def said_of_imports(place: Place) -> str:
    """Return in words that two imports change places."""
    _, one, other = place
    return message("import `{other}` before `{one}`", other=other, one=one)


def _swapped(module: Module, one: Span, other: Span) -> tuple[Edit, Edit]:
    """Return the edits by which two spans, each from a node to another, change places."""
    (a, b), (c, d) = (((first.start, last.end)) for first, last in (one, other))
    return (a, b, module.source[c:d]), (c, d, module.source[a:b])


def _groups(module: Module, container: Node) -> list[list[Node]]:
    """Return the statements, each after the comments that directly precede it.

    A comment apart, and any token, is a group of its own.
    """
    groups: list[list[Node]] = []
    for node in container.children:
        above = groups[-1] if groups else []
        if above and above[-1].type == "comment" and _touch(module, above[-1], node):
            above.append(node)
        else:
            groups.append([node])
    return groups


def _touch(module: Module, one: Node, other: Node) -> bool:
    """Return whether `other` begins in the line below `one`, in the same column."""
    between = module.source[one.end : other.start]
    return (
        between.count(b"\n") == 1
        and not between.strip()
        and module.column(one.start) == module.column(other.start)
    )


def _is_movable(module: Module, one: list[Node], other: list[Node]) -> bool:
    """Return whether each stands in lines of its own, in the same column."""
    indents = {module.indent(each[0]) for each in (one, other)}
    return (
        len(indents) == 1
        and None not in indents
        and module.ends_line(one[-1])
        and module.ends_line(other[-1])
    )
