"""Harmless changes of Python sources."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

import tree_sitter
import tree_sitter_python

from worksample.tasks.variation.kinds.blank_line import BlankLine
from worksample.tasks.variation.kinds.docstring import LayOutDocstring
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
from worksample.tasks.variation.language import Kind
from worksample.tasks.variation.syntax import Function, Grammar, Module, Node

FUNCTION, CLASS = "function_definition", "class_definition"
IMPORTS = frozenset({"import_statement", "import_from_statement", "future_import_statement"})
HEADER = frozenset({"parameters", "lambda_parameters"})
PATTERNS = frozenset({"pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern"})
#: What gives a variable its value: type of the parent, role in it.
BINDINGS = frozenset(
    {
        ("assignment", "left"),
        ("for_statement", "left"),
        ("for_in_clause", "left"),
        ("named_expression", "name"),
        ("as_pattern_target", ""),
    }
)
#: Where something else depends on a name.
FIXED = frozenset(
    {"global_statement", "nonlocal_statement", "case_pattern", CLASS, *IMPORTS, *HEADER}
)
#: With these a function can read, or a class body can shadow, variables by their names.
OPAQUE = frozenset(
    {"locals", "globals", "eval", "exec", "dir", "inspect", "_getframe", "currentframe", "__code__"}
)

#: Values that nobody gives a name just to return them.
PLAIN = frozenset(
    {"identifier", "none", "true", "false", "integer", "float", "string", "lambda", "yield"}
)
STEP = "    "


def _name_of(module: Module, node: Node) -> str:
    name = node.child("name")
    return module.text(name) if name else ""


GRAMMAR = Grammar(
    tree_sitter.Language(tree_sitter_python.language()),
    functions=frozenset({FUNCTION, "lambda"}),
    classes=frozenset({CLASS}),
    words=frozenset({"identifier"}),
    name_of=_name_of,
)


def _is_variable(node: Node) -> bool:
    role = (node.parent.type if node.parent else "", node.field)
    return role not in {("attribute", "attribute"), ("keyword_argument", "name")}


def _is_binding(node: Node) -> bool:
    while node.parent and node.parent.type in PATTERNS:
        node = node.parent
    return (node.parent.type if node.parent else "", node.field) in BINDINGS


def _is_fixed(node: Node, around: Sequence[Node]) -> bool:
    if node.field == "name" and around[0].type in (FUNCTION, CLASS):
        return True
    return any(each.type in FIXED or _shows_its_source(each) for each in around)


def _shows_its_source(node: Node) -> bool:
    """Return whether it is a part of an f-string like `{row=}`."""
    return node.type == "interpolation" and any(each.type == "=" for each in node.children)


def _is_opaque(module: Module) -> bool:
    if OPAQUE & module.words.keys() or module.root.has({"wildcard_import"}):
        return True
    return any(
        each.parent and each.parent.type == "call" and _has_no_arguments(each.parent)
        for each in module.words.get("vars", ())
    )


def _has_no_arguments(call: Node) -> bool:
    arguments = call.child("arguments")
    return arguments is None or not arguments.named_children()


def _plain_function(module: Module, node: Node) -> str:
    """Return the name of a function without decorators whose header calls nothing."""
    body = node.child("body")
    header = [each for each in node.children if each is not body]
    if node.type != FUNCTION or any(each.has({"call", "lambda", "await"}) for each in header):
        return ""
    return _name_of(module, node)


def _plain_method(module: Module, node: Node) -> str:
    name = _plain_function(module, node)
    return "" if name.startswith("__") else name


def _may_swap(module: Module, one: Node, other: Node) -> bool:
    """Neither header may need the other function: annotations and defaults are evaluated."""
    return not (_needs(module, one, other) or _needs(module, other, one))


def _needs(module: Module, function: Node, other: Node) -> bool:
    """Return whether the header of `function` mentions `other`, perhaps in a text."""
    name, body = _name_of(module, other), function.child("body")
    header = [each for each in function.children if each is not body and each.field != "name"]
    return any(name in module.text(each) for each in header)


def _bodies_of_classes(module: Module) -> Iterator[Node]:
    for node in module.nodes:
        bases = node.child("superclasses") if node.type == CLASS else None
        body = node.child("body") if node.type == CLASS else None
        if body and not (bases and bases.has({"keyword_argument"})):
            yield body


def _standard_module(module: Module, node: Node) -> str:
    """Return the module that a statement imports, if it is one of the standard library."""
    names = [each for each in node.children if each.field in ("name", "module_name")]
    if node.type not in IMPORTS or node.type.startswith("future") or not names:
        return ""
    source = names[0] if node.child("module_name") else (names[0] if len(names) == 1 else None)
    text = module.text(source) if source else ""
    return text if text.partition(".")[0] in sys.stdlib_module_names else ""


def _bound_by(module: Module, node: Node) -> set[str]:
    return {module.text(each) for each in node.walk() if each.type == "identifier"}


def _independent(module: Module, one: Node, other: Node) -> bool:
    apart = module.source[one.end : other.start]
    both = (one, other)
    return (
        apart.count(b"\n") == 1
        and not any(each.has({"wildcard_import"}) for each in both)
        and not _bound_by(module, one) & _bound_by(module, other)
    )


def _imported_names(module: Module, node: Node) -> tuple[str, list[Node]]:
    """Names of classes and constants, or of the standard library: they are no modules of ours."""
    source = node.child("module_name")
    if node.type != "import_from_statement" or source is None:
        return "", []
    names = [each for each in node.children if each.field == "name"]
    text = module.text(source)
    bound = [module.text(each.child("alias") or each) for each in names]
    if len(set(bound)) < len(bound):
        return "", []
    plain = text.partition(".")[0] in sys.stdlib_module_names or all(
        module.text(each)[0].isupper() for each in names
    )
    return text, names if plain else []


def _docstring(module: Module, function: Function) -> Node | None:
    """Return the docstring of a function without decorators (a framework may show it)."""
    parent, first = function.node.parent, function.body.named_children()[0]
    if (parent and parent.type == "decorated_definition") or "__doc__" in module.words:
        return None
    text = first.children[0] if first.type == "expression_statement" else first
    return text if text.type == "string" and len(first.children) == 1 else None


def _else_branch(is_block: bool, indent: str, statement: str) -> str:
    return "\n" + indent + "else:\n" + indent + STEP + statement


KINDS: tuple[Kind, ...] = (
    RenameLocal(
        variables=frozenset({"identifier"}),
        camel=False,
        is_variable=_is_variable,
        is_binding=_is_binding,
        is_fixed=_is_fixed,
        is_opaque=_is_opaque,
    ),
    SwapNeighbours(
        "order-functions",
        containers=lambda module: (module.root,),
        name_of=_plain_function,
        may_swap=_may_swap,
        says=said_of_functions,
    ),
    SwapNeighbours(
        "order-methods",
        containers=_bodies_of_classes,
        name_of=_plain_method,
        may_swap=_may_swap,
        says=said_of_functions,
    ),
    SwapNeighbours(
        "order-imports",
        containers=lambda module: (module.root,),
        name_of=_standard_module,
        may_swap=_independent,
        says=said_of_imports,
    ),
    OrderNames(_imported_names),
    LayOutDocstring(_docstring, opening='"""', closing='"""'),
    LayOutParameters(STEP),
    BlankLine(),
    Requote(),
    ElseBranch(_else_branch),
    NameResult(plain=PLAIN, is_opaque=_is_opaque),
)


class Python:
    """Python 3."""

    suffixes: tuple[str, ...] = (".py",)
    kinds: Mapping[str, Kind] = {each.id: each for each in KINDS}

    def parse(self, source: bytes) -> Module | None:
        return None if b"\r" in source else GRAMMAR.parse(source)


LANGUAGE = Python()
