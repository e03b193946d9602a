"""Lay out the text that documents a function in another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from worksample.messages import message
from worksample.tasks.variation.language import Place
from worksample.tasks.variation.syntax import Function, Module, Node


@dataclass(frozen=True, slots=True)
class LayOutDocstring:
    """Put the marks around the text of a function into lines of their own, or back beside it.

    Place: function, "spread" or "joined".

    text_of: the docstring or comment of a function; None if it has none, or if it must stay.
    opening, closing: the marks around it; `prefix` begins each line between them.
    """

    text_of: Callable[[Module, Function], Node | None]
    opening: str
    closing: str
    prefix: str = ""
    id: str = "docstring"

    def places(self, module: Module) -> Iterator[Place]:
        for name, function in module.functions.items():
            if node := self.text_of(module, function):
                yield (name, "joined" if "\n" in module.text(node) else "spread")

    def change(self, module: Module, place: Place) -> bytes | None:
        name, layout = place
        function = module.functions.get(name)
        node = self.text_of(module, function) if function else None
        indent = module.indent(node) if node else None
        if node is None or indent is None or not module.ends_line(node):
            return None
        lines = self._lines(module, node)
        if len(lines) != 1 or layout == ("joined" if "\n" not in module.text(node) else "spread"):
            return None
        parts = [self.opening, f"{self.prefix}{lines[0]}", self._last]
        text = f"\n{indent.decode()}".join(parts)
        if layout == "joined":
            space = " " if self.prefix else ""
            text = f"{self.opening}{space}{lines[0]}{space}{self.closing}"
        return module.edited((node.start, node.end, text.encode()))

    def what(self, place: Place) -> str:
        name, layout = place
        if layout == "spread":
            return message("lay out the comment of `{name}` in several lines", name=name)
        return message("put the comment of `{name}` into one line", name=name)

    @property
    def _last(self) -> str:
        return f" {self.closing}" if self.prefix else self.closing

    def _lines(self, module: Module, node: Node) -> list[str]:
        """Return the lines of the text that say something; none if it has other marks."""
        text = module.text(node)
        if not (text.startswith(self.opening) and text.endswith(self.closing)):
            return []
        inner = text[len(self.opening) : -len(self.closing)]
        if self.opening[0] in inner[-1:] or "\\" in inner:
            return []
        mark = self.prefix.strip()
        lines = [each.strip().removeprefix(mark or "\0").strip() for each in inner.split("\n")]
        return [each for each in lines if each]


def comment_above(module: Module, node: Node) -> Node | None:
    """Return the comment directly above a declaration, in the line before it."""
    siblings = node.parent.children if node.parent else []
    place = next(index for index, each in enumerate(siblings) if each is node)
    above = siblings[place - 1] if place else None
    if above is None or above.type != "comment":
        return None
    between = module.source[above.end : node.start]
    return above if between.count(b"\n") == 1 and not between.strip() else None
