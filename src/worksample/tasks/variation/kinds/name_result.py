"""Give what a function returns a name first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from worksample.messages import message
from worksample.tasks.variation.kinds.statements import bare, last_statements, words_in
from worksample.tasks.variation.language import Place
from worksample.tasks.variation.syntax import Module, Node

NAMES = ("result", "outcome", "reply")


@dataclass(frozen=True, slots=True)
class NameResult:
    """Give what a function returns at its end a name first. Place: function, name.

    plain: types of values that need no name, or take another one from it (functions).
    is_opaque: whether variables may be read by name (`eval`) somewhere in the module.
    declare: what a declaration begins with; `end` ends a statement.
    """

    plain: frozenset[str]
    is_opaque: Callable[[Module], bool]
    declare: str = ""
    end: str = ""
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
        last = value.parent
        assert last is not None
        indent = (module.indent(last) or b"").decode()
        return module.edited(
            (last.start, value.start, f"{self.declare}{name} = ".encode()),
            (last.end, last.end, ("\n" + indent + "return " + name + self.end).encode()),
        )

    def _returned(self, module: Module, function: str) -> Node | None:
        """Return the value that a function returns at its end, if it may get a name."""
        statements = last_statements(module, function, 1)
        if not statements or statements[0].type != "return_statement":
            return None
        last, values = statements[0], statements[0].named_children()
        if len(values) != 1 or last.has({"comment"}) or not module.text(last).endswith(self.end):
            return None
        return None if bare(values[0]).type in self.plain else values[0]

    def what(self, place: Place) -> str:
        function, name = place
        return message(
            "name what `{function}` returns `{name}` first", function=function, name=name
        )
