"""What a Java source means, without what harmless changes alter: written apart from these."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_java
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_java.language()))
_NAMED_RESULTS = ("result", "outcome", "reply")
_MEMBERS = ("class_body", "interface_body", "enum_body_declarations")
_METHOD = "method_declaration"
_COMMENTS = ("line_comment", "block_comment")
Token = tuple[str, Node]


def public_names(source: bytes) -> list[str]:
    """Return what a source declares for others, sorted."""
    found, waiting = [], [_root(source)]
    while waiting:
        node = waiting.pop()
        waiting += node.named_children
        name = node.child_by_field_name("name")
        if name and node.type.endswith("_declaration"):
            found.append(f"{node.type} {_text(name)}")
    return sorted(found)


def meaning(source: bytes) -> str:
    """Return imports and methods in an order of their own, without layout and local names."""
    declarations = [each for each in _root(source).named_children if each.type not in _COMMENTS]
    imports = sorted(_text(each) for each in declarations if each.type == "import_declaration")
    others = [_joined(each) for each in declarations if each.type != "import_declaration"]
    return "\n".join((*imports, *others))


def _root(source: bytes) -> Node:
    root = _PARSER.parse(source).root_node
    assert not root.has_error, source
    return root


def _joined(node: Node) -> str:
    return " ".join(text for text, _ in _tokens(node))


def _members(node: Node) -> str:
    """Return the members of a class: the methods sorted, behind all others in their order."""
    found = [each for each in node.children if each.type not in _COMMENTS]
    methods = sorted(_method(each) for each in found if each.type == _METHOD)
    return "\n".join((*(_joined(each) for each in found if each.type != _METHOD), *methods))


def _method(node: Node) -> str:
    tokens = list(_tokens(node))
    bound = {text for text, each in tokens if _is_bound(each)}
    numbers: dict[str, str] = {}
    for text, each in tokens:
        if text in bound and _is_variable(each):
            numbers.setdefault(text, f"local{len(numbers)}")
    return " ".join(
        numbers[text] if text in bound and _is_variable(each) else text for text, each in tokens
    )


def _tokens(node: Node) -> Iterator[Token]:
    """Yield the tokens of a node in its plainest form; a class in one."""
    parent = node.parent
    if node.type in _COMMENTS:
        return
    if node.type in _MEMBERS:
        yield _members(node), node
    elif node.type == "block" and parent and parent.type in (_METHOD, "lambda_expression"):
        yield from _block(_statements(node), node)
    elif parent and parent.type == "if_statement" and _is_branch(node, parent):
        yield from _block(_statements(node) if node.type == "block" else [node], node)
    elif not node.children:
        if text := _text(node).strip():
            yield text, node
    else:
        for each in node.children:
            yield from _tokens(each)


def _is_branch(node: Node, of_if: Node) -> bool:
    return node.type != "if_statement" and node in (
        of_if.child_by_field_name("consequence"),
        of_if.child_by_field_name("alternative"),
    )


def _block(statements: list[Node], around: Node) -> Iterator[Token]:
    yield "{", around
    yield from _of_statements(statements)
    yield "}", around


def _of_statements(statements: list[Node]) -> Iterator[Token]:
    if not statements:
        return
    *others, last = statements
    alternative = last.child_by_field_name("alternative")
    if last.type == "if_statement" and alternative and alternative.type != "if_statement":
        branch = last.child_by_field_name("consequence")
        assert branch is not None
        inside = [
            _statements(each) if each.type == "block" else [each] for each in (branch, alternative)
        ]
        ends = [each[-1].type if each else "" for each in inside]
        if set(ends) <= {"return_statement", "throw_statement"}:
            for each in others:
                yield from _statement(each)
            for each in last.children[: last.children.index(alternative) - 1]:
                yield from _tokens(each)
            yield from _of_statements(inside[1])
            return
    named = _named_result(others[-1:], last)
    for each in others[:-1] if named else others:
        yield from _statement(each)
    if named:
        yield "return", last
        yield from _tokens(named)
        yield ";", last
    else:
        yield from _statement(last)


def _statement(node: Node) -> Iterator[Token]:
    if node.type == "block":
        yield from _block(_statements(node), node)
    elif node.children:
        for each in node.children:
            yield from _tokens(each)
    else:
        yield _text(node), node


def _named_result(before: list[Node], last: Node) -> Node | None:
    """Return the value that only gets a name to be returned."""
    for each in before:
        declarator = each.child_by_field_name("declarator")
        if each.type == "local_variable_declaration" and declarator:
            name, value = (declarator.child_by_field_name(role) for role in ("name", "value"))
            is_named = name is not None and _text(name) in _NAMED_RESULTS
            if is_named and name and _text(last) == f"return {_text(name)};":
                return value
    return None


def _statements(block: Node) -> list[Node]:
    return [each for each in block.named_children if each.type not in _COMMENTS]


def _is_variable(node: Node) -> bool:
    parent = node.parent
    if node.type != "identifier" or parent is None:
        return False
    if parent.type in ("method_invocation", _METHOD):
        return parent.child_by_field_name("name") != node
    return parent.type != "field_access" or parent.child_by_field_name("field") != node


def _is_bound(node: Node) -> bool:
    """Return whether a name is that of a local variable that is made here."""
    parent = node.parent
    if node.type != "identifier" or parent is None or parent.child_by_field_name("name") != node:
        return False
    if parent.type == "variable_declarator":
        return parent.parent is not None and parent.parent.type == "local_variable_declaration"
    return parent.type in ("enhanced_for_statement", "catch_formal_parameter", "resource")


def _text(node: Node) -> str:
    return (node.text or b"").decode()
