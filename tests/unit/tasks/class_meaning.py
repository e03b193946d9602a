"""What a source in Java or C# means, without what harmless changes alter.

It is written apart from these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tree_sitter import Node, Parser

_NAMED_RESULTS = ("result", "outcome", "reply")
_METHOD = "method_declaration"
Token = tuple[str, Node]


@dataclass(frozen=True)
class Meaning:
    """Reads sources of one language.

    comments, members, imports: types of comments, of the bodies of classes, of imports.
    is_bound: whether an identifier is the name of a local variable that is made there.
    is_other: whether an identifier, given its parent, is the name of no variable.
    """

    parser: Parser
    comments: tuple[str, ...]
    members: tuple[str, ...]
    imports: str
    is_bound: Callable[[Node, Node], bool]
    is_other: Callable[[Node, Node], bool]

    def public_names(self, source: bytes) -> list[str]:
        """Return what a source declares for others, sorted."""
        found, waiting = [], [self._root(source)]
        while waiting:
            node = waiting.pop()
            waiting += node.named_children
            name = node.child_by_field_name("name")
            if name and node.type.endswith("_declaration") and "catch" not in node.type:
                found.append(f"{node.type} {text(name)}")
        return sorted(found)

    def meaning(self, source: bytes) -> str:
        """Return imports and methods in an order of their own, without layout and local names."""
        declarations = self._statements(self._root(source))
        imports = sorted(text(each) for each in declarations if each.type == self.imports)
        others = [self._joined(each) for each in declarations if each.type != self.imports]
        return "\n".join((*imports, *others))

    def _root(self, source: bytes) -> Node:
        root = self.parser.parse(source).root_node
        assert not root.has_error, source
        return root

    def _joined(self, node: Node) -> str:
        return " ".join(text for text, _ in self._tokens(node))

    def _members(self, node: Node) -> str:
        """Return the members of a class: the methods sorted, behind all others in their order."""
        found = [each for each in node.children if each.type not in self.comments]
        methods = sorted(self._method(each) for each in found if each.type == _METHOD)
        others = [self._joined(each) for each in found if each.type != _METHOD]
        return "\n".join((*others, *methods))

    def _method(self, node: Node) -> str:
        tokens = list(self._tokens(node))
        bound = {text for text, each in tokens if self._is(self.is_bound, each)}
        numbers: dict[str, str] = {}
        found = []
        for text, each in tokens:
            is_local = text in bound and self._is(lambda *pair: not self.is_other(*pair), each)
            found.append(numbers.setdefault(text, f"local{len(numbers)}") if is_local else text)
        return " ".join(found)

    def _is(self, told: Callable[[Node, Node], bool], node: Node) -> bool:
        parent = node.parent
        return node.type == "identifier" and parent is not None and told(node, parent)

    def _tokens(self, node: Node) -> Iterator[Token]:
        """Yield the tokens of a node in its plainest form; the body of a class in one."""
        parent = node.parent
        if node.type in self.comments:
            return
        if node.type in self.members:
            yield self._members(node), node
        elif node.type == "block" and parent and parent.type in (_METHOD, "lambda_expression"):
            yield from self._block(self._statements(node), node)
        elif parent and parent.type == "if_statement" and _is_branch(node, parent):
            yield from self._block(self._inside(node), node)
        elif not node.children:
            if found := text(node).strip():
                yield found, node
        else:
            for each in node.children:
                yield from self._tokens(each)

    def _block(self, statements: list[Node], around: Node) -> Iterator[Token]:
        yield "{", around
        yield from self._of_statements(statements)
        yield "}", around

    def _of_statements(self, statements: list[Node]) -> Iterator[Token]:
        if not statements:
            return
        *others, last = statements
        alternative = last.child_by_field_name("alternative")
        if last.type == "if_statement" and alternative and alternative.type != "if_statement":
            branch = last.child_by_field_name("consequence")
            assert branch is not None
            inside = [self._inside(each) for each in (branch, alternative)]
            ends = {each[-1].type if each else "" for each in inside}
            if ends <= {"return_statement", "throw_statement"}:
                for each in others:
                    yield from self._statement(each)
                for each in last.children[: last.children.index(alternative) - 1]:
                    yield from self._tokens(each)
                yield from self._of_statements(inside[1])
                return
        named = _named_result(others[-1:], last)
        for each in others[:-1] if named else others:
            yield from self._statement(each)
        if named:
            yield "return", last
            yield from self._tokens(named)
            yield ";", last
        else:
            yield from self._statement(last)

    def _statement(self, node: Node) -> Iterator[Token]:
        if node.type == "block":
            yield from self._block(self._statements(node), node)
            return
        for each in node.children:
            yield from self._tokens(each)

    def _inside(self, branch: Node) -> list[Node]:
        return self._statements(branch) if branch.type == "block" else [branch]

    def _statements(self, block: Node) -> list[Node]:
        return [each for each in block.named_children if each.type not in self.comments]


def _is_branch(node: Node, of_if: Node) -> bool:
    return node.type != "if_statement" and node in (
        of_if.child_by_field_name("consequence"),
        of_if.child_by_field_name("alternative"),
    )


def _named_result(before: list[Node], last: Node) -> Node | None:
    """Return the value that only gets a name to be returned."""
    for each in before:
        waiting = [each] if each.type.startswith("local_") else []
        while waiting:
            node = waiting.pop()
            if node.type != "variable_declarator":
                waiting += node.named_children
                continue
            name, value = node.named_children[0], node.named_children[-1]
            if text(name) in _NAMED_RESULTS and text(last) == f"return {text(name)};":
                return value
    return None


def text(node: Node) -> str:
    """Return the source of a node."""
    return (node.text or b"").decode()
