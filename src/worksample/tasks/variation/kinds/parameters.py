"""Lay out the parameters of a function in another way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worksample.messages import message
from worksample.tasks.variation.language import Place
from worksample.tasks.variation.syntax import Module, Node

WIDTH = 100
BRACKETS = frozenset({"(", ",", ")"})


@dataclass(frozen=True, slots=True)
class LayOutParameters:
    """Put each parameter of a function into a line of its own, or all into one line.

    Place: function, "spread" or "joined".

    step: by what a line within brackets is indented.
    without_comma: types of parameters after which no comma may stand.
    """

    step: str
    without_comma: frozenset[str] = frozenset()
    id: str = "parameters"

    def places(self, module: Module) -> Iterator[Place]:
        for name, function in module.functions.items():
            if node := function.node.child("parameters"):
                yield (name, "joined" if "\n" in module.text(node) else "spread")

    def change(self, module: Module, place: Place) -> bytes | None:
        name, layout = place
        function = module.functions.get(name)
        node = function.node.child("parameters") if function else None
        if node is None or node.has({"comment"}) or _has_other_tokens(node):
            return None
        parts = [module.text(each) for each in node.named_children()]
        is_spread = "\n" in module.text(node)
        if len(parts) < 2 or is_spread == (layout == "spread") or any("\n" in p for p in parts):
            return None
        text = self._spread(module, node, parts) if layout == "spread" else _joined(parts)
        changed = module.edited((node.start, node.end, text.encode()))
        return changed if layout == "spread" or _fits(changed, node.start) else None

    def what(self, place: Place) -> str:
        name, layout = place
        if layout == "spread":
            return message("give each parameter of `{name}` a line of its own", name=name)
        return message("put the parameters of `{name}` into one line", name=name)

    def _spread(self, module: Module, node: Node, parts: list[str]) -> str:
        line = module.line_at(node.start)
        indent = line[: len(line) - len(line.lstrip())]
        last = node.named_children()[-1]
        end = "" if last.type in self.without_comma else ","
        inner = f",\n{indent}{self.step}".join(parts)
        return f"(\n{indent}{self.step}{inner}{end}\n{indent})"


def _joined(parts: list[str]) -> str:
    return f"({', '.join(parts)})"


def _fits(source: bytes, position: int) -> bool:
    start, end = source.rfind(b"\n", 0, position) + 1, source.find(b"\n", position)
    return len(source[start:end].decode()) <= WIDTH


def _has_other_tokens(node: Node) -> bool:
    """Return whether a list has more than its parts: `params int[] rest` of C# is none."""
    return any(not each.named and each.type not in BRACKETS for each in node.children)
