"""Change the order of two names in one import."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from worksample.messages import message
from worksample.tasks.variation.kinds.neighbours import Span, Swap
from worksample.tasks.variation.language import Place
from worksample.tasks.variation.syntax import Module, Node


@dataclass(frozen=True, slots=True)
class OrderNames(Swap):
    """Let two neighbouring names of one import change places.

    Place: module that they are imported from, first name, second name.

    names_of: the module of an import and the nodes of its names; none where their order may matter.
    """

    names_of: Callable[[Module, Node], tuple[str, list[Node]]]
    id: str = "order-names"

    def what(self, place: Place) -> str:
        source, one, other = place
        return message(
            "import `{other}` before `{one}` from `{source}`", other=other, one=one, source=source
        )

    def pairs(self, module: Module) -> Iterator[tuple[Place, Span, Span]]:
        for node in module.root.children:
            source, names = self.names_of(module, node)
            if not node.has({"comment"}):
                for one, other in itertools.pairwise(names):
                    place = (source, module.text(one), module.text(other))
                    yield place, (one, one), (other, other)
