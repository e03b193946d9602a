"""Tell local variables from what else has their name.

Of languages in which a variable is known from its declaration on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from worksample.tasks.variation.syntax import Module, Node

IDENTIFIER = "identifier"
#: The type that an identifier gets in a function that none of its variables explains: a parameter,
#: a field, something of the package or of another one.
UNRESOLVED = "unresolved"


def mark_unresolved(
    module: Module,
    functions: Collection[str],
    scopes: Collection[str],
    declaration_of: Callable[[Node], Node | None],
    knows: Callable[[Node, Node, Node], bool],
) -> None:
    """Give each identifier in `functions` that is no local variable the type `UNRESOLVED`.

    scopes: what a variable is known in. declaration_of: the declaration that makes the variable
    whose name a node is. knows: whether in a scope, behind a declaration in it, a node means what
    that declares.
    """
    for function in (each for each in module.nodes if each.type in functions):
        by_name: dict[str, list[Node]] = {}
        for each in function.walk():
            if each.type == IDENTIFIER:
                by_name.setdefault(module.text(each), []).append(each)
        for tokens in by_name.values():
            declared = filter(None, map(declaration_of, tokens))
            known = [(_scope(each, scopes), each) for each in declared]
            for each in tokens:
                if not declaration_of(each) and not any(knows(*one, each) for one in known):
                    each.type = UNRESOLVED


def _scope(node: Node, scopes: Collection[str]) -> Node:
    return next(each for each in node.ancestors() if each.type in scopes)
