"""What a Go source means, without what harmless changes alter: written apart from these."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_go
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_go.language()))
_NAMED_RESULTS = ("result", "outcome", "reply")
Token = tuple[str, Node]


def public_names(source: bytes) -> list[str]:
    """Return what a source declares for others, sorted."""
    return sorted(_head(each) for each in _declarations(source))


def meaning(source: bytes) -> str:
    """Return the declarations in an order of their own, without layout and local names."""
    return "\n".join(sorted(_canonical(each) for each in _declarations(source)))


def _declarations(source: bytes) -> list[Node]:
    root = _PARSER.parse(source).root_node
    assert not root.has_error, source
    return [each for each in root.named_children if each.type != "comment"]


def _head(node: Node) -> str:
    name, receiver = node.child_by_field_name("name"), node.child_by_field_name("receiver")
    return " ".join(_text(each) for each in (receiver, name) if each) or node.type


def _canonical(declaration: Node) -> str:
    tokens = list(_tokens(declaration, declaration.child_by_field_name("body")))
    bound = {text for text, node in tokens if _is_bound(node)}
    numbers: dict[str, str] = {}
    for text, node in tokens:
        if text in bound and _is_variable(node):
            numbers.setdefault(text, f"local{len(numbers)}")
    texts = [
        numbers[text] if text in bound and _is_variable(node) else text for text, node in tokens
    ]
    return " ".join(texts).replace(", )", ")")


def _tokens(node: Node, body: Node | None) -> Iterator[Token]:
    """Yield the tokens of a declaration whose `body` ends in its plainest form."""
    if node.type == "comment":
        return
    if node == body:
        yield "{", node
        yield from _of_statements(_statements(node), body)
        yield "}", node
    elif node.type == "parameter_declaration":
        names, kind = node.children_by_field_name("name"), node.child_by_field_name("type")
        assert kind is not None
        for number, name in enumerate(names or [kind]):
            if number:
                yield ",", node
            if names:
                yield _text(name), name
            yield from _tokens(kind, None)
    elif not node.children:
        if text := _text(node).strip():
            yield text, node
    else:
        for each in node.children:
            yield from _tokens(each, body)


def _of_statements(statements: list[Node], body: Node) -> Iterator[Token]:
    *others, last = statements or [body]
    if not statements:
        return
    alternative = last.child_by_field_name("alternative")
    if last.type == "if_statement" and alternative and alternative.type == "block":
        branch = last.child_by_field_name("consequence")
        assert branch is not None
        ends = [(_statements(each) or [each])[-1].type for each in (branch, alternative)]
        if ends == ["return_statement"] * 2 and not last.child_by_field_name("initializer"):
            for each in others:
                yield from _tokens(each, None)
            for each in last.children[: last.children.index(alternative) - 1]:
                yield from _tokens(each, None)
            yield from _of_statements(_statements(alternative), alternative)
            return
    named = _named_result(others[-1:], last)
    for each in others[:-1] if named else others:
        yield from _tokens(each, None)
    if named:
        yield "return", last
    yield from _tokens(named or last, None)


def _named_result(before: list[Node], last: Node) -> Node | None:
    """Return the value that only gets a name to be returned."""
    for each in before:
        left, right = (each.child_by_field_name(side) for side in ("left", "right"))
        for name in _NAMED_RESULTS:
            is_named = left is not None and _text(left) == name
            if (
                each.type == "short_var_declaration"
                and is_named
                and _text(last) == f"return {name}"
            ):
                return right
    return None


def _statements(block: Node) -> list[Node]:
    lists = [each for each in block.named_children if each.type == "statement_list"]
    inside = lists[0].named_children if lists else []
    return [each for each in inside if each.type != "comment"]


def _is_variable(node: Node) -> bool:
    parent = node.parent
    is_key = parent is not None and parent.type == "literal_element" and _is_key(parent)
    return node.type == "identifier" and not is_key


def _is_key(element: Node) -> bool:
    around = element.parent
    return around is not None and around.child_by_field_name("key") == element


def _is_bound(node: Node) -> bool:
    """Return whether a name is that of a variable that is made here."""
    parent = node.parent
    if node.type != "identifier" or parent is None:
        return False
    if parent.type == "var_spec":
        return node in parent.children_by_field_name("name")
    around = parent.parent
    makes = around is not None and around.type in ("short_var_declaration", "range_clause")
    return makes and around is not None and around.child_by_field_name("left") == parent


def _text(node: Node) -> str:
    return (node.text or b"").decode()
