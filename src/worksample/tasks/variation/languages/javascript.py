"""Harmless changes of JavaScript sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import tree_sitter
import tree_sitter_javascript

from worksample.tasks.variation.kinds.blank_line import BlankLine
from worksample.tasks.variation.kinds.braces import Braces
from worksample.tasks.variation.kinds.docstring import LayOutDocstring, comment_above
from worksample.tasks.variation.kinds.else_branch import ElseBranch
from worksample.tasks.variation.kinds.from_names import OrderNames
from worksample.tasks.variation.kinds.name_result import NameResult
from worksample.tasks.variation.kinds.neighbours import (
    SwapNeighbours,
    said_of_functions,
    said_of_imports,
)
from worksample.tasks.variation.kinds.parameters import LayOutParameters
from worksample.tasks.variation.kinds.quotes import Requote
from worksample.tasks.variation.kinds.rename_local import RenameLocal
from worksample.tasks.variation.kinds.statements import bare
from worksample.tasks.variation.language import Kind
from worksample.tasks.variation.syntax import Function, Grammar, Module, Node

DECLARATIONS = frozenset({"function_declaration", "generator_function_declaration"})
EXPRESSIONS = frozenset({"function_expression", "generator_function", "arrow_function"})
METHOD = "method_definition"
FUNCTIONS = DECLARATIONS | EXPRESSIONS | {METHOD}
CLASSES = frozenset({"class_declaration", "class"})
SHORTHAND = frozenset({"shorthand_property_identifier", "shorthand_property_identifier_pattern"})
VARIABLES = SHORTHAND | {"identifier"}
#: What may stand between a name and the declaration that takes it out of an object or a list.
PATTERNS = frozenset({"object_pattern", "array_pattern", "rest_pattern"})
VALUE_OF_PATTERN = {
    ("pair_pattern", "value"),
    ("assignment_pattern", "left"),
    ("object_assignment_pattern", "left"),
}
BINDINGS = {("variable_declarator", "name"), ("catch_clause", "parameter")}
FIXED = frozenset({"formal_parameters", "import_statement", "export_specifier"})
#: Values that take their name from the variable.
NAMED_VALUES = EXPRESSIONS | CLASSES
ASSIGNMENTS = frozenset(
    {
        "variable_declarator",
        "assignment_expression",
        "augmented_assignment_expression",
        "assignment_pattern",
        "object_assignment_pattern",
    }
)
#: A comment for a tool, or for a licence, stays as it is.
DIRECTIVE = re.compile(
    r"eslint|prettier|istanbul|\bc8\b|\bv8\b|@|global\b|jshint|webpack|licen[cs]e|!", re.IGNORECASE
)

#: Values that nobody gives a name just to return them, or that would take it for their own.
PLAIN = NAMED_VALUES | frozenset(
    {"identifier", "undefined", "null", "true", "false", "number", "string", "sequence_expression"}
)
STEP = "  "


def _name_of(module: Module, node: Node) -> str:
    name = node.child("name")
    if name is None and node.parent and node.parent.type == "variable_declarator":
        name = node.parent.child("name")
    if name is None or name.type not in ("identifier", "property_identifier"):
        return ""
    return module.text(name)


GRAMMAR = Grammar(
    tree_sitter.Language(tree_sitter_javascript.language()),
    functions=FUNCTIONS,
    classes=CLASSES,
    words=VARIABLES
    | {"property_identifier", "private_property_identifier", "statement_identifier"},
    name_of=_name_of,
)


def _out_of_patterns(node: Node) -> Node:
    """Return the outermost pattern that `node` is a name in; itself if it is in none."""
    while node.parent and (
        node.parent.type in PATTERNS or (node.parent.type, node.field) in VALUE_OF_PATTERN
    ):
        node = node.parent
    return node


def _is_binding(node: Node) -> bool:
    node = _out_of_patterns(node)
    parent = node.parent
    if parent and parent.type == "for_in_statement" and node.field == "left":
        return parent.child("kind") is not None
    return (parent.type if parent else "", node.field) in BINDINGS


def _is_fixed(node: Node, around: Sequence[Node]) -> bool:
    if any(each.type in FIXED for each in around):
        return True
    parent = around[0]
    if parent.type in FUNCTIONS | CLASSES and node.field in ("name", "parameter"):
        return True
    return parent.type in ASSIGNMENTS and any(
        each is not node and bare(each).type in NAMED_VALUES for each in parent.children
    )


def _is_opaque(module: Module) -> bool:
    return "eval" in module.words or module.root.has({"with_statement"})


def _written(node: Node, old: str, new: str) -> str:
    return f"{old}: {new}" if node.type in SHORTHAND else new


def _declared_function(module: Module, node: Node) -> str:
    """Return the name of a function that is declared, exported or not: such can stand anywhere."""
    declared = node.child("declaration") if node.type == "export_statement" else node
    is_function = declared is not None and declared.type in DECLARATIONS
    return _name_of(module, declared) if declared and is_function else ""


def _bodies(module: Module) -> Iterator[Node]:
    """Yield the module and the bodies of its functions."""
    yield module.root
    for node in module.nodes:
        body = node.child("body") if node.type in FUNCTIONS else None
        if body and body.type == "statement_block":
            yield body


def _bodies_of_classes(module: Module) -> Iterator[Node]:
    return (each for each in module.nodes if each.type == "class_body")


def _method(module: Module, node: Node) -> str:
    name = _name_of(module, node) if node.type == METHOD else ""
    return "" if name == "constructor" or node.has({"decorator"}) else name


def _source_of(module: Module, node: Node) -> str:
    source = node.child("source") if node.type == "import_statement" else None
    return module.text(source)[1:-1] if source else ""


def _independent(module: Module, one: Node, other: Node) -> bool:
    """Modules of Node itself do nothing when they are imported; others may."""
    apart = module.source[one.end : other.start]
    names = (_source_of(module, one), _source_of(module, other))
    return apart.count(b"\n") == 1 and any(each.startswith("node:") for each in names)


def _imported_names(module: Module, node: Node) -> tuple[str, list[Node]]:
    names = (each for each in node.walk() if each.type == "import_specifier")
    return _source_of(module, node), list(names)


def _comment_above(module: Module, function: Function) -> Node | None:
    """Return the comment directly above a declared function or a method."""
    node = function.node
    if node.parent and node.parent.type == "export_statement":
        node = node.parent
    above = None if node.type in EXPRESSIONS else comment_above(module, node)
    return above if above and not DIRECTIVE.search(module.text(above)) else None


def _else_branch(is_block: bool, indent: str, statement: str) -> str:
    if is_block:
        return " else {\n" + indent + STEP + statement + "\n" + indent + "}"
    return "\n" + indent + "else " + statement


KINDS: tuple[Kind, ...] = (
    RenameLocal(
        variables=VARIABLES,
        camel=True,
        is_variable=lambda node: True,
        is_binding=_is_binding,
        is_fixed=_is_fixed,
        is_opaque=_is_opaque,
        written=_written,
    ),
    SwapNeighbours(
        "order-functions",
        containers=_bodies,
        name_of=_declared_function,
        may_swap=lambda module, one, other: True,
        says=said_of_functions,
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
        name_of=_source_of,
        may_swap=_independent,
        says=said_of_imports,
    ),
    OrderNames(_imported_names),
    LayOutDocstring(_comment_above, opening="/**", closing="*/", prefix=" * "),
    LayOutParameters(STEP, without_comma=frozenset({"rest_pattern"})),
    BlankLine(),
    Braces(STEP),
    Requote(),
    ElseBranch(_else_branch),
    NameResult(plain=PLAIN, is_opaque=_is_opaque, declare="const ", end=";"),
)


class JavaScript:
    """JavaScript modules and scripts, without JSX."""

    suffixes: tuple[str, ...] = (".js", ".mjs", ".cjs")
    kinds: Mapping[str, Kind] = {each.id: each for each in KINDS}

    def parse(self, source: bytes) -> Module | None:
        module = None if b"\r" in source else GRAMMAR.parse(source)
        if module and any(each.type.startswith("jsx_") for each in module.nodes):
            return None
        return module


LANGUAGE = JavaScript()
