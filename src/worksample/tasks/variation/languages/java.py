"""Harmless changes of Java sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import tree_sitter
import tree_sitter_java

from worksample.tasks.variation.kinds.blank_line import BlankLine
from worksample.tasks.variation.kinds.braces import Braces
from worksample.tasks.variation.kinds.docstring import LayOutDocstring, comment_above
from worksample.tasks.variation.kinds.else_branch import ElseBranch
from worksample.tasks.variation.kinds.name_result import NameResult
from worksample.tasks.variation.kinds.neighbours import (
    SwapNeighbours,
    said_of_functions,
    said_of_imports,
)
from worksample.tasks.variation.kinds.parameters import LayOutParameters
from worksample.tasks.variation.kinds.rename_local import RenameLocal
from worksample.tasks.variation.language import Kind
from worksample.tasks.variation.scoping import IDENTIFIER, UNRESOLVED, mark_unresolved
from worksample.tasks.variation.syntax import Function, Grammar, Module, Node

METHOD = "method_declaration"
CONSTRUCTORS = frozenset({"constructor_declaration", "compact_constructor_declaration"})
FUNCTIONS = CONSTRUCTORS | {METHOD, "lambda_expression"}
CLASSES = frozenset(
    {"class_declaration", "interface_declaration", "record_declaration", "enum_declaration"}
)
BODIES_OF_CLASSES = frozenset({"class_body", "interface_body", "enum_body_declarations"})
COMMENTS = frozenset({"line_comment", "block_comment"})
VARIABLES = frozenset({IDENTIFIER, UNRESOLVED})
#: Where an identifier is the name of something else, by its role there.
NO_VARIABLES = frozenset(
    {
        ("method_invocation", "name"),
        ("field_access", "field"),
        ("annotation", "name"),
        ("marker_annotation", "name"),
        ("element_value_pair", "key"),
        *((each, "name") for each in FUNCTIONS | CLASSES),
    }
)
LOOP, TRY = "enhanced_for_statement", "try_with_resources_statement"
BINDINGS = frozenset({(LOOP, "name"), ("catch_formal_parameter", "name"), ("resource", "name")})
#: In what a variable is known from its declaration on.
SCOPES = FUNCTIONS | {
    *("block", "constructor_body", "switch_block", "for_statement", LOOP, TRY, "catch_clause"),
}
#: What is declared in these has its name for others, or is known in a part of an expression.
FIXED = BODIES_OF_CLASSES | {
    *("formal_parameters", "inferred_parameters", "type_pattern", "record_pattern"),
}
STEP = "    "


def _name_of(module: Module, node: Node) -> str:
    name = node.child("name")
    return module.text(name) if name else ""


GRAMMAR = Grammar(
    tree_sitter.Language(tree_sitter_java.language()),
    functions=FUNCTIONS,
    classes=CLASSES,
    words=VARIABLES | {"type_identifier"},
    name_of=_name_of,
)


def _is_variable(node: Node) -> bool:
    parent = node.parent
    if parent is None or (parent.type, node.field) in NO_VARIABLES:
        return False
    return parent.type != "method_reference" or node is parent.children[0]


def _declaration(node: Node) -> Node | None:
    """Return the declaration that makes the variable whose name `node` is; None if none does.

    That of a loop is the name alone: what it runs through is not behind it.
    """
    parent = node.parent
    if parent is None or node.field != "name":
        return None
    if parent.type == "variable_declarator":
        is_local = parent.parent and parent.parent.type == "local_variable_declaration"
        return parent if is_local else None
    if (parent.type, node.field) not in BINDINGS:
        return None
    return node if parent.type == LOOP else parent


def _knows(scope: Node, declaration: Node, token: Node) -> bool:
    if token.start < declaration.end or not scope.contains(token):
        return False
    if scope.type == LOOP:
        body = scope.child("body")
        return body is not None and body.contains(token)
    ends = ("catch_clause", "finally_clause") if scope.type == TRY else ()
    return not any(each.type in ends and each.contains(token) for each in scope.children)


def _is_binding(node: Node) -> bool:
    return _declaration(node) is not None


def _is_fixed(node: Node, around: Sequence[Node]) -> bool:
    parent = node.parent
    is_of_expression = parent is not None and (
        (parent.type == "lambda_expression" and node.field == "parameters")
        or (parent.type == "instanceof_expression" and node.field == "name")
    )
    is_other = node.type == UNRESOLVED or is_of_expression
    return is_other or any(each.type in FIXED for each in around)


def _bodies_of_classes(module: Module) -> Iterator[Node]:
    return (each for each in module.nodes if each.type in BODIES_OF_CLASSES)


def _method(module: Module, node: Node) -> str:
    return _name_of(module, node) if node.type == METHOD else ""


def _import(module: Module, node: Node) -> str:
    if node.type != "import_declaration":
        return ""
    return module.text(node).removeprefix("import").strip("; ")


def _adjoin(module: Module, one: Node, other: Node) -> bool:
    return module.source[one.end : other.start].count(b"\n") == 1


def _comment_of(module: Module, function: Function) -> Node | None:
    return comment_above(module, function.node) if function.node.type == METHOD else None


def _else_branch(is_block: bool, indent: str, statement: str) -> str:
    if is_block:
        return " else {\n" + indent + STEP + statement + "\n" + indent + "}"
    return "\n" + indent + "else " + statement


def _value_of(function: Function, statement: Node) -> Node | None:
    """Return a new object that a method returns: its type depends on nothing around it."""
    values = statement.named_children()
    is_new = len(values) == 1 and values[0].type == "object_creation_expression"
    is_generic = is_new and values[0].has({"type_arguments"})
    return values[0] if is_new and not is_generic and function.node.type == METHOD else None


KINDS: tuple[Kind, ...] = (
    RenameLocal(
        variables=VARIABLES,
        camel=True,
        is_variable=_is_variable,
        is_binding=_is_binding,
        is_fixed=_is_fixed,
        is_opaque=lambda module: False,
    ),
    SwapNeighbours(
        "order-methods",
        containers=_bodies_of_classes,
        name_of=_method,
        may_swap=lambda module, one, other: True,
        says=said_of_functions,
    ),
    SwapNeighbours(
        "order-imports",
        containers=lambda module: (module.root,),
        name_of=_import,
        may_swap=_adjoin,
        says=said_of_imports,
    ),
    LayOutDocstring(_comment_of, opening="/**", closing="*/", prefix=" * "),
    LayOutParameters(STEP, without_comma=frozenset({"formal_parameter", "spread_parameter"})),
    BlankLine(),
    Braces(STEP),
    ElseBranch(_else_branch),
    NameResult(
        plain=frozenset(),
        is_opaque=lambda module: False,
        declare="var ",
        end=";",
        value_of=_value_of,
    ),
)


class Java:
    """Java, from version 10 on."""

    suffixes: tuple[str, ...] = (".java",)
    kinds: Mapping[str, Kind] = {each.id: each for each in KINDS}

    def parse(self, source: bytes) -> Module | None:
        module = None if b"\r" in source else GRAMMAR.parse(source)
        if module is not None:
            for each in module.nodes:
                if each.type in COMMENTS:
                    each.type = "comment"
            mark_unresolved(module, CONSTRUCTORS | {METHOD}, SCOPES, _declaration, _knows)
        return module


LANGUAGE = Java()
