"""Harmless changes of C# sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import tree_sitter
import tree_sitter_c_sharp

from worksample.tasks.variation.kinds.blank_line import BlankLine
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

METHOD, CONSTRUCTOR = "method_declaration", "constructor_declaration"
FUNCTIONS = frozenset(
    {METHOD, CONSTRUCTOR, "local_function_statement", "lambda_expression", "anonymous_method"}
)
CLASSES = frozenset(
    {
        *("class_declaration", "interface_declaration", "struct_declaration"),
        *("record_declaration", "enum_declaration"),
    }
)
BODY_OF_CLASS, IMPORT, LOOP = "declaration_list", "using_directive", "foreach_statement"
VARIABLES = frozenset({IDENTIFIER, UNRESOLVED})
#: Where an identifier is the name of something else, by its role there.
NO_VARIABLES = frozenset(
    {
        ("member_access_expression", "name"),
        ("member_binding_expression", "name"),
        ("argument", "name"),
        ("attribute", "name"),
        *((each, "name") for each in FUNCTIONS | CLASSES),
    }
)
#: In what a variable is known from its declaration on.
SCOPES = FUNCTIONS | {
    *("block", "switch_body", "for_statement", LOOP, "using_statement", "catch_clause"),
}
#: What is declared or written in these has its name for others (that of a tuple's or an object's
#: member), or is known in a part of an expression and behind it.
FIXED = frozenset(
    {
        *("parameter_list", "anonymous_object_creation_expression", "tuple_expression"),
        *("tuple_pattern", "declaration_expression", "declaration_pattern", "var_pattern"),
        *("parenthesized_variable_designation", "recursive_pattern", BODY_OF_CLASS),
    }
)
STEP = "    "


def _name_of(module: Module, node: Node) -> str:
    name = node.child("name")
    return module.text(name) if name else ""


GRAMMAR = Grammar(
    tree_sitter.Language(tree_sitter_c_sharp.language()),
    functions=FUNCTIONS,
    classes=CLASSES,
    words=VARIABLES | {"implicit_parameter"},
    name_of=_name_of,
)


def _is_variable(node: Node) -> bool:
    parent = node.parent
    if parent is None or (parent.type, node.field) in NO_VARIABLES:
        return False
    if parent.type == "with_initializer":
        return node is not parent.children[0]
    around = parent.parent
    is_member = around is not None and around.type == "initializer_expression"
    return not (parent.type == "assignment_expression" and node.field == "left" and is_member)


def _declaration(node: Node) -> Node | None:
    """Return the declaration that makes the variable whose name `node` is; None if none does.

    That of a loop is the name alone: what it runs through is not behind it.
    """
    parent = node.parent
    if parent is None:
        return None
    if (parent.type, node.field) == (LOOP, "left"):
        return node
    if node.field != "name" or parent.type not in ("variable_declarator", "catch_declaration"):
        return None
    owners = [each.type for each in parent.ancestors()][:2]
    return None if any("field" in each for each in owners) else parent


def _knows(scope: Node, declaration: Node, token: Node) -> bool:
    if token.start < declaration.end or not scope.contains(token):
        return False
    body = scope.child("body")
    return scope.type != LOOP or (body is not None and body.contains(token))


def _is_binding(node: Node) -> bool:
    return _declaration(node) is not None


def _is_fixed(node: Node, around: Sequence[Node]) -> bool:
    return node.type == UNRESOLVED or any(each.type in FIXED for each in around)


def _bodies_of_classes(module: Module) -> Iterator[Node]:
    return (each for each in module.nodes if each.type == BODY_OF_CLASS)


def _method(module: Module, node: Node) -> str:
    return _name_of(module, node) if node.type == METHOD else ""


def _import(module: Module, node: Node) -> str:
    if node.type != IMPORT or any(each.type in ("global", "=") for each in node.children):
        return ""
    return module.text(node).removeprefix("using").strip("; ")


def _adjoin(module: Module, one: Node, other: Node) -> bool:
    return module.source[one.end : other.start].count(b"\n") == 1


def _else_branch(is_block: bool, indent: str, statement: str) -> str:
    inner = [indent + "else", indent + "{", indent + STEP + statement, indent + "}"]
    return "\n" + "\n".join(inner if is_block else [indent + "else", indent + STEP + statement])


def _value_of(function: Function, statement: Node) -> Node | None:
    """Return a new object that a method returns: its type depends on nothing around it."""
    values = statement.named_children()
    is_new = len(values) == 1 and values[0].type == "object_creation_expression"
    return values[0] if is_new and function.node.type == METHOD else None


def _mark_named(module: Module) -> None:
    """Mark what stands in `nameof(…)`: its name is a text of the program."""
    for each in module.nodes:
        called = each.child("function") if each.type == "invocation_expression" else None
        if called and module.text(called) == "nameof":
            for inner in each.walk():
                inner.type = UNRESOLVED if inner.type == IDENTIFIER else inner.type


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
    LayOutParameters(STEP, without_comma=frozenset({"parameter"})),
    BlankLine(),
    ElseBranch(_else_branch),
    NameResult(
        plain=frozenset(),
        is_opaque=lambda module: False,
        declare="var ",
        end=";",
        value_of=_value_of,
    ),
)


class CSharp:
    """C#, without what a preprocessor leaves in or out."""

    suffixes: tuple[str, ...] = (".cs",)
    kinds: Mapping[str, Kind] = {each.id: each for each in KINDS}

    def parse(self, source: bytes) -> Module | None:
        module = None if b"\r" in source else GRAMMAR.parse(source)
        if module is None or any(each.type.startswith("preproc_if") for each in module.nodes):
            return None
        mark_unresolved(module, {METHOD, CONSTRUCTOR}, SCOPES, _declaration, _knows)
        _mark_named(module)
        return module


LANGUAGE = CSharp()
