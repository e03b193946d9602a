"""Harmless changes of Go sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import tree_sitter
import tree_sitter_go

from worksample.tasks.variation.kinds.blank_line import BlankLine
from worksample.tasks.variation.kinds.else_branch import ElseBranch
from worksample.tasks.variation.kinds.grouped_parameters import GroupParameters
from worksample.tasks.variation.kinds.name_result import NameResult
from worksample.tasks.variation.kinds.neighbours import SwapNeighbours, said_of_functions
from worksample.tasks.variation.kinds.parameters import LayOutParameters
from worksample.tasks.variation.kinds.rename_local import RenameLocal
from worksample.tasks.variation.language import Kind
from worksample.tasks.variation.scoping import IDENTIFIER, UNRESOLVED, mark_unresolved
from worksample.tasks.variation.syntax import Function, Grammar, Module, Node

METHOD = "method_declaration"
DECLARED = frozenset({"function_declaration", METHOD})
FUNCTIONS = DECLARED | {"func_literal"}
VARIABLES = frozenset({IDENTIFIER, UNRESOLVED})
#: Where a variable is made, by the role in which its name, or the list of names, stands there.
BINDINGS = frozenset(
    {("short_var_declaration", "left"), ("range_clause", "left"), ("var_spec", "name")}
)
#: In what a variable is known from its declaration on.
SCOPES = FUNCTIONS | {
    *("block", "if_statement", "for_statement"),
    *("expression_switch_statement", "type_switch_statement", "select_statement"),
    *("expression_case", "default_case", "type_case", "communication_case"),
}
#: Values that have one type wherever they stand.
TYPED = frozenset({"call_expression", "composite_literal"})
STEP = "\t"


def _name_of(module: Module, node: Node) -> str:
    """Return the name of a function; that of a method with its type: `Store.Edit`."""
    name = node.child("name")
    if name is None:
        return ""
    receiver = node.child("receiver") if node.type == METHOD else None
    types = [each for each in receiver.walk() if each.type == "type_identifier"] if receiver else []
    return ".".join(module.text(each) for each in (*types[:1], name))


GRAMMAR = Grammar(
    tree_sitter.Language(tree_sitter_go.language()),
    functions=FUNCTIONS,
    classes=frozenset(),
    words=VARIABLES | {"field_identifier", "type_identifier", "package_identifier", "label_name"},
    name_of=_name_of,
)


def _binding(node: Node) -> Node | None:
    """Return the declaration that makes the variable whose name `node` is; None if none does."""
    if node.parent and node.parent.type == "expression_list":
        node = node.parent
    parent = node.parent
    is_binding = parent is not None and (parent.type, node.field) in BINDINGS
    is_new = is_binding and parent is not None and not _assigns(parent)
    return parent if is_new else None


def _assigns(node: Node) -> bool:
    """Return whether a loop gives values to variables that exist: `for i = range list`."""
    return any(each.type == "=" for each in node.children) and node.type == "range_clause"


def _knows(scope: Node, declaration: Node, token: Node) -> bool:
    is_key = token.parent is not None and token.parent.field == "key"
    return not is_key and token.start >= declaration.end and scope.contains(token)


def _flatten(node: Node) -> None:
    """Let the statements of a block be its children, without a list between."""
    children: list[Node] = []
    for each in node.children:
        _flatten(each)
        is_list = each.type == "statement_list"
        for inner in each.children if is_list else [each]:
            inner.parent = node
            children.append(inner)
    node.children = children


def _is_binding(node: Node) -> bool:
    return _binding(node) is not None


def _is_fixed(node: Node, around: Sequence[Node]) -> bool:
    return node.type == UNRESOLVED or any(each.type == "parameter_list" for each in around)


def _function(module: Module, node: Node) -> str:
    """Return the name of a function that can stand anywhere: several called init run in order."""
    name = _name_of(module, node) if node.type in DECLARED else ""
    return "" if name in ("init", "_") else name


def _else_branch(is_block: bool, indent: str, statement: str) -> str:
    return " else {\n" + indent + STEP + statement + "\n" + indent + "}"


def _value_of(function: Function, statement: Node) -> Node | None:
    """Return the only value of a `return`, if it has the type of the result wherever it stands."""
    result = function.node.child("result")
    if result is None or result.type == "parameter_list":
        return None
    values = [each for lists in statement.named_children() for each in lists.named_children()]
    return values[0] if len(values) == 1 and values[0].type in TYPED else None


def _names(parameters: Node) -> Iterator[tuple[list[Node], Node]]:
    """Yield the names and the type of each part of a list of parameters."""
    for each in parameters.named_children():
        names = [child for child in each.children if child.field == "name"]
        kind = each.child("type")
        yield names if each.type == "parameter_declaration" else [], kind or each


KINDS: tuple[Kind, ...] = (
    RenameLocal(
        variables=VARIABLES,
        camel=True,
        is_variable=lambda node: True,
        is_binding=_is_binding,
        is_fixed=_is_fixed,
        is_opaque=lambda module: False,
    ),
    SwapNeighbours(
        "order-functions",
        containers=lambda module: (module.root,),
        name_of=_function,
        may_swap=lambda module, one, other: True,
        says=said_of_functions,
    ),
    LayOutParameters(STEP),
    GroupParameters(_names),
    BlankLine(),
    ElseBranch(_else_branch),
    NameResult(
        plain=frozenset(), is_opaque=lambda module: False, assign=" := ", value_of=_value_of
    ),
)


class Go:
    """Go, without cgo."""

    suffixes: tuple[str, ...] = (".go",)
    kinds: Mapping[str, Kind] = {each.id: each for each in KINDS}

    def parse(self, source: bytes) -> Module | None:
        module = None if b"\r" in source or b'import "C"' in source else GRAMMAR.parse(source)
        if module is not None:
            _flatten(module.root)
            mark_unresolved(module, DECLARED, SCOPES, _binding, _knows)
        return module


LANGUAGE = Go()
