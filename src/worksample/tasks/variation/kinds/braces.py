"""Put braces around the single statement of an `if`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worksample.messages import message
from worksample.tasks.variation.kinds.statements import BLOCKS
from worksample.tasks.variation.language import Place
from worksample.tasks.variation.syntax import Module, Node

SIMPLE = frozenset({"return_statement", "throw_statement", "expression_statement"})


@dataclass(frozen=True, slots=True)
class Braces:
    """Put braces around the single statement of an `if`. Place: function, condition."""

    step: str
    id: str = "braces"

    def places(self, module: Module) -> Iterator[Place]:
        for place, _, _ in _found(module):
            yield place

    def change(self, module: Module, place: Place) -> bytes | None:
        found = [(node, branch) for each, node, branch in _found(module) if each == place]
        if len(found) != 1:
            return None
        node, branch = found[0]
        condition = node.child("condition")
        assert condition is not None
        indent, text = (module.indent(node) or b"").decode(), module.text(branch)
        new = f" {{\n{indent}{self.step}{text}\n{indent}}}"
        return module.edited((condition.end, branch.end, new.encode()))

    def what(self, place: Place) -> str:
        function, condition = place
        return message(
            "add braces to `if {condition}` in `{function}`", condition=condition, function=function
        )


def _found(module: Module) -> Iterator[tuple[Place, Node, Node]]:
    """Yield each `if` in a block that has one statement, in one line, and no `else`."""
    for node in module.nodes:
        if node.type != "if_statement" or not (node.parent and node.parent.type in BLOCKS):
            continue
        branch, condition = node.child("consequence"), node.child("condition")
        if branch is None or condition is None or node.child("alternative"):
            continue
        is_simple = branch.type in SIMPLE and "\n" not in module.text(branch)
        is_simple = is_simple and "\n" not in module.text(condition)
        alone = module.indent(node) is not None and module.ends_line(node)
        if is_simple and alone and not node.has({"comment"}):
            yield (module.qualified(node), module.text(condition)), node, branch
