"""Use the other quotes in a function."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worksample.messages import message
from worksample.tasks.variation.language import Place
from worksample.tasks.variation.syntax import Function, Module, Node

QUOTES = {"single": "'", "double": '"'}
TEXTS = frozenset({"string", "template_string"})


@dataclass(frozen=True, slots=True)
class Requote:
    """Put all plain texts of a function into the other quotes; what they say stays the same.

    Place: function, "single" or "double".
    """

    id: str = "quotes"

    def places(self, module: Module) -> Iterator[Place]:
        for name, function in module.functions.items():
            found = {each: list(_others(module, function, QUOTES[each])) for each in QUOTES}
            if any(found.values()):
                yield (name, max(QUOTES, key=lambda each: len(found[each])))

    def change(self, module: Module, place: Place) -> bytes | None:
        name, quotes = place
        function = module.functions.get(name)
        found = list(_others(module, function, QUOTES[quotes])) if function else []
        new = QUOTES[quotes]
        edits = [
            (each.start, each.end, f"{new}{module.text(each)[1:-1]}{new}".encode())
            for each in found
        ]
        return module.edited(*edits) if edits else None

    def what(self, place: Place) -> str:
        name, quotes = place
        return message("use {quotes} quotes in `{name}`", quotes=quotes, name=name)


def _others(module: Module, function: Function, quote: str) -> Iterator[Node]:
    """Yield the plain texts in a function that are in other quotes than `quote`."""
    for node in function.node.walk():
        if node.type == "string" and not _is_part_or_directive(node):
            text = module.text(node)
            inner = text[1:-1]
            is_plain = not set(inner) & set("'\"\\\n")
            if text[0] in "'\"" and text[0] != quote and len(text) > 2 and is_plain:
                yield node


def _is_part_or_directive(node: Node) -> bool:
    """Return whether a text is a statement of its own, or lies in another text."""
    is_statement = node.parent is not None and node.parent.type == "expression_statement"
    return is_statement or any(each.type in TEXTS for each in node.ancestors())
