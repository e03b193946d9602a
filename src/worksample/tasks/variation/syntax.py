"""Syntax trees of source files, made by tree-sitter, with what the kinds of change ask of them.

The tree is copied out of tree-sitter once for each file: asking a node of tree-sitter for its
parent or its field walks down from the root each time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from dataclasses import field as fields
from functools import cached_property

import tree_sitter

MAX_DEPTH = 200

#: Bytes to put in place of those from start to end.
Edit = tuple[int, int, bytes]


@dataclass(slots=True, eq=False)
class Node:
    """A node of the syntax tree; `field` is its role in its parent, "" if it has none.

    Unnamed nodes are tokens such as `(`; their type is their text.
    """

    type: str
    start: int
    end: int
    field: str
    named: bool
    parent: Node | None
    children: list[Node] = fields(default_factory=list)

    def child(self, role: str) -> Node | None:
        """Return the first child with the role `role`."""
        return next((each for each in self.children if each.field == role), None)

    def named_children(self) -> list[Node]:
        """Return the children that are not tokens."""
        return [each for each in self.children if each.named]

    def walk(self) -> Iterator[Node]:
        """Yield the node and everything in it, in the order of the source."""
        yield self
        for each in self.children:
            yield from each.walk()

    def ancestors(self) -> Iterator[Node]:
        """Yield the parent, its parent, and so on."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def has(self, types: Collection[str]) -> bool:
        """Return whether it, or anything in it, is of one of `types`."""
        return any(each.type in types for each in self.walk())

    def contains(self, other: Node) -> bool:
        """Return whether `other` is it or lies in it."""
        return self is other or any(each is self for each in other.ancestors())


@dataclass(frozen=True, slots=True)
class Function:
    """A function with a name; `name` is qualified by the functions and classes around it."""

    name: str
    node: Node
    body: Node


@dataclass(frozen=True, slots=True)
class Grammar:
    """What tells functions, classes and comments in the trees of a language.

    name_of: the name of a function or class, "" if it has none.
    words: types of the tokens that are names of anything.
    """

    language: tree_sitter.Language
    functions: frozenset[str]
    classes: frozenset[str]
    words: frozenset[str]
    name_of: Callable[[Module, Node], str]

    def parse(self, source: bytes) -> Module | None:
        """Return the module of `source`.

        Returns None if it has a syntax error, is not UTF-8, or is nested very deeply.
        """
        tree = tree_sitter.Parser(self.language).parse(source)
        root = None if tree.root_node.has_error or not _is_utf8(source) else _copied(tree)
        return Module(self, source, root) if root else None


class Module:
    """A source file with its syntax tree."""

    def __init__(self, grammar: Grammar, source: bytes, root: Node) -> None:
        self.grammar, self.source, self.root = grammar, source, root

    def text(self, node: Node) -> str:
        return self.source[node.start : node.end].decode()

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Everything in the file, in order."""
        return tuple(self.root.walk())

    @cached_property
    def words(self) -> dict[str, list[Node]]:
        """All tokens that are names of anything, by their text."""
        found: dict[str, list[Node]] = {}
        for each in self.nodes:
            if each.type in self.grammar.words and not each.children:
                found.setdefault(self.text(each), []).append(each)
        return found

    @cached_property
    def functions(self) -> dict[str, Function]:
        """The functions by their qualified names; not those that share it with another."""
        found: dict[str, Function | None] = {}
        for node in self.nodes:
            body = node.child("body") if node.type in self.grammar.functions else None
            if body and self.grammar.name_of(self, node):
                name = self.qualified(node)
                found[name] = None if name in found else Function(name, node, body)
        return {name: each for name, each in found.items() if each}

    def qualified(self, node: Node) -> str:
        """Return the name of what `node` lies in, itself included: "" is the module."""
        around = self.grammar.functions | self.grammar.classes
        scopes = [each for each in (node, *node.ancestors()) if each.type in around]
        return ".".join(filter(None, (self.grammar.name_of(self, each) for each in scopes[::-1])))

    def scope_of(self, node: Node) -> Node:
        """Return the innermost function that `node` lies in, named or not; else the root.

        The name of a function lies in what is around that function.
        """
        functions = self.grammar.functions
        around = [each for each in node.ancestors() if each.type in functions]
        own = around and node.field == "name" and around[0] is node.parent
        return [*around, self.root][1 if own else 0]

    def indent(self, node: Node) -> bytes | None:
        """Return the white space before `node`; None if something else stands in its line."""
        before = self.source[self.source.rfind(b"\n", 0, node.start) + 1 : node.start]
        return None if before.strip() else before

    def ends_line(self, node: Node) -> bool:
        """Return whether nothing follows `node` in its line."""
        return not self.source[node.end :].partition(b"\n")[0].strip()

    def line_at(self, position: int) -> str:
        """Return the line at `position`, without its end."""
        start = self.source.rfind(b"\n", 0, position) + 1
        return self.source[start:].partition(b"\n")[0].decode()

    def column(self, position: int) -> int:
        return position - self.source.rfind(b"\n", 0, position) - 1

    def edited(self, *edits: Edit) -> bytes:
        """Return the source after `edits`, which do not overlap."""
        parts, done = [], 0
        for start, end, text in sorted(edits):
            parts += [self.source[done:start], text]
            done = end
        return b"".join([*parts, self.source[done:]])


def _is_utf8(source: bytes) -> bool:
    try:
        source.decode()
    except UnicodeDecodeError:
        return False
    return True


def _copied(tree: tree_sitter.Tree) -> Node | None:
    """Return the root of a copy of the tree; None if that is deeper than `MAX_DEPTH`."""
    cursor = tree.walk()
    too_deep = False

    def copy(parent: Node | None) -> Node:
        nonlocal too_deep
        each = cursor.node
        assert each is not None
        role = cursor.field_name or ""
        node = Node(each.type, each.start_byte, each.end_byte, role, each.is_named, parent)
        too_deep = too_deep or cursor.depth > MAX_DEPTH
        if not too_deep and cursor.goto_first_child():
            node.children.append(copy(node))
            while cursor.goto_next_sibling():
                node.children.append(copy(node))
            cursor.goto_parent()
        return node

    root = copy(None)
    return None if too_deep else root
