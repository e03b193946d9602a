"""Set off the result of a function by a blank line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worksample.messages import message
from worksample.tasks.variation.kinds.statements import last_statements
from worksample.tasks.variation.language import Place
from worksample.tasks.variation.syntax import Module

MIN_STATEMENTS = 3


@dataclass(frozen=True, slots=True)
class BlankLine:
    """Put a blank line before the `return` at the end of a function. Place: function."""

    id: str = "blank-line"

    def places(self, module: Module) -> Iterator[Place]:
        return ((name,) for name in module.functions)

    def change(self, module: Module, place: Place) -> bytes | None:
        statements = last_statements(module, place[0], MIN_STATEMENTS)
        if not statements or statements[-1].type != "return_statement":
            return None
        above, last = statements[-2:]
        if module.source[above.end : last.start].count(b"\n") != 1:
            return None
        return module.edited((above.end, above.end, b"\n"))

    def what(self, place: Place) -> str:
        return message("set off the result of `{name}` by a blank line", name=place[0])
