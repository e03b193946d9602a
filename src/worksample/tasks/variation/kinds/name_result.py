"""Give what a function returns a name first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from worksample.messages import message
from worksample.tasks.variation.kinds.statements import bare, last_statements, words_in
from worksample.tasks.variation.language import Place
from worksample.tasks.variation.syntax import Function, Module, Node

NAMES = ("result", "outcome", "reply")


def _only_value(function: Function, statement: Node) -> Node | None:
    values = statement.named_children()
    return values[0] if len(values) == 1 else None


@dataclass(frozen=True, slots=True)
class NameResult:
    """Give what a function returns at its end a name first. Place: function, name.

    plain: types of values that need no name, or take another one from it (functions).
    is_opaque: whether variables may be read by name (`eval`) somewhere in the module.
    declare: what a declaration begins with; `assign` stands before its value, and `end` ends a
        statement.
    value_of: the value of a `return` that may get a name; by default the only one.
    """

    plain: frozenset[str]
    is_opaque: Callable[[Module], bool]
    declare: str = ""
    end: str = ""
    assign: str = " = "
    value_of: Callable[[Function, Node], Node | None] = _only_value
    id: str = "name-result"

    def places(self, module: Module) -> Iterator[Place]:
        for function in module.functions:
            if self._returned(module, function):
                yield from ((function, name) for name in NAMES)

    def change(self, module: Module, place: Place) -> bytes | None:
        function, name = place
        value = self._returned(module, function)
        if value is None or words_in(module, function, name) or self.is_opaque(module):
            return None
        (last,) = last_statements(module, function, 1)
        indent = (module.indent(last) or b"").decode()
        return module.edited(
            (last.start, value.start, f"{self.declare}{name}{self.assign}".encode()),
            (last.end, last.end, ("\n" + indent + "return " + name + self.end).encode()),
        )

    def _returned(self, module: Module, function: str) -> Node | None:
        """Return the value that a function returns at its end, if it may get a name."""
        statements = last_statements(module, function, 1)
        if not statements or statements[0].type != "return_statement":
            return None
        last = statements[0]
        value = self.value_of(module.functions[function], last)
        if value is None or last.has({"comment"}) or not module.text(last).endswith(self.end):
            return None
        return None if bare(value).type in self.plain else value

    def what(self, place: Place) -> str:
        function, name = place
        return message(
            "name what `{function}` returns `{name}` first", function=function, name=name
        )
