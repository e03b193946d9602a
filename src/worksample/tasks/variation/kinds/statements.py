"""What kinds of change ask about the statements of a function."""

from __future__ import annotations

import itertools

from worksample.tasks.variation.syntax import Module, Node

BLOCKS = frozenset({"block", "statement_block"})


def last_statements(module: Module, name: str, count: int) -> list[Node]:
    """Return the last `count` statements of a function: each in lines of its own.

    Returns none if there are fewer, or if a comment stands among or behind them.
    """
    function = module.functions.get(name)
    if function is None or function.body.type not in BLOCKS:
        return []
    found = function.body.named_children()[-count:]
    apart = all(
        not module.source[one.end : other.start].strip() for one, other in itertools.pairwise(found)
    )
    alone = all(
        each.type != "comment" and module.indent(each) is not None and module.ends_line(each)
        for each in found
    )
    return found if len(found) == count and apart and alone else []


def words_in(module: Module, name: str, word: str) -> int:
    """Return how often `word` is the name of anything in a function."""
    function = module.functions[name]
    return sum(function.node.contains(each) for each in module.words.get(word, ()))


def bare(node: Node) -> Node:
    """Return the expression without the brackets around it."""
    while node.type == "parenthesized_expression":
        node = node.named_children()[-1]
    return node
