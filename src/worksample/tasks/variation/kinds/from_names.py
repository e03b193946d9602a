"""Change the order of two names in one import."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from worksample.messages import message
from worksample.tasks.variation.kinds.neighbours import swapped
from worksample.tasks.variation.language import Place
from worksample.tasks.variation.syntax import Module, Node


@dataclass(frozen=True, slots=True)
class OrderNames:
    """Let two neighbouring names of one import change places.

    Place: module that they are imported from, first name, second name.

    names_of: the module of an import and the nodes of its names; none where their order may matter.
    """

    names_of: Callable[[Module, Node], tuple[str, list[Node]]]
    id: str = "order-names"

    def places(self, module: Module) -> Iterator[Place]:
        for place, _, _ in self._pairs(module):
            yield place

    def change(self, module: Module, place: Place) -> bytes | None:
        found = [(one, other) for each, one, other in self._pairs(module) if each == place]
        if len(found) != 1:
            return None
        one, other = found[0]
        return module.edited(*swapped(module, (one, one), (other, other)))

    def what(self, place: Place) -> str:
        source, one, other = place
        return message(
            "import `{other}` before `{one}` from `{source}`", other=other, one=one, source=source
        )

    def _pairs(self, module: Module) -> Iterator[tuple[Place, Node, Node]]:
        for node in module.root.children:
            source, names = self.names_of(module, node)
            if not node.has({"comment"}):
                for one, other in itertools.pairwise(names):
                    yield (source, module.text(one), module.text(other)), one, other
