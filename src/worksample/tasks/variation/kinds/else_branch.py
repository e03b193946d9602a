"""Put the last statement of a function into an `else` branch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from worksample.messages import message
from worksample.tasks.variation.kinds.statements import BLOCKS, last_statements
from worksample.tasks.variation.language import Place
from worksample.tasks.variation.syntax import Module, Node

EXITS = frozenset({"return_statement", "raise_statement", "throw_statement"})


@dataclass(frozen=True, slots=True)
class ElseBranch:
    """Put the `return` at the end of a function into the `else` branch of the `if` before it.

    Only where the other branch returns or raises, too. Place: function.

    written: the branch, given whether the `if` has a block, the indent and the statement.
    """

    written: Callable[[bool, str, str], str]
    id: str = "else-branch"

    def places(self, module: Module) -> Iterator[Place]:
        return ((name,) for name in module.functions)

    def change(self, module: Module, place: Place) -> bytes | None:
        statements = last_statements(module, place[0], 2)
        if not statements or statements[0].type != "if_statement":
            return None
        condition, last = statements
        branch, text = condition.child("consequence"), module.text(last)
        if module.source[condition.end : last.start].count(b"\n") != 1:
            return None
        has_exit = branch is not None and _ends_with_exit(branch)
        # A variable of the `if` alone would be known in the branch, too.
        has_own = condition.child("initializer")
        has_else = has_own or condition.child("alternative") or condition.has({"comment"})
        if not has_exit or has_else or last.type not in EXITS or "\n" in text:
            return None
        indent = (module.indent(condition) or b"").decode()
        is_block = branch is not None and branch.type in BLOCKS
        new = self.written(is_block, indent, text)
        return module.edited((condition.end, last.end, new.encode()))

    def what(self, place: Place) -> str:
        return message("put the last statement of `{name}` into an else branch", name=place[0])


def _ends_with_exit(branch: Node) -> bool:
    last = branch.named_children()[-1:] if branch.type in BLOCKS else [branch]
    return any(each.type in EXITS for each in last)
