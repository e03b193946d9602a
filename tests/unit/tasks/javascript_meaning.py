"""What a JavaScript source means, apart from all that a harmless change may change.

Made with the parser that Node has for itself, and with scopes of its own: nothing of what the
changes are made with.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from worksample.stacks.node.tools import find_node

Tree = dict[str, Any]
FUNCTIONS = {"FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"}
CLASSES = {"ClassDeclaration", "ClassExpression"}
EXITS = {"ReturnStatement", "ThrowStatement"}
#: Names that are not variables: type of the node, role of the name.
NOT_VARIABLES = {
    ("MemberExpression", "property"),
    ("Property", "key"),
    ("MethodDefinition", "key"),
    ("PropertyDefinition", "key"),
    ("LabeledStatement", "label"),
}


def parsed(sources: list[bytes]) -> list[Tree]:
    """Return the trees of modules; what is none is a tree with an `error`."""
    node, program = find_node("*"), Path(__file__).with_name("parse.cjs")
    done = subprocess.run(
        [node.program, "--expose-internals", program],
        input=orjson.dumps([each.decode() for each in sources]),
        capture_output=True,
        check=True,
    )
    trees: list[Tree] = orjson.loads(done.stdout)
    return trees


def meaning(tree: Tree) -> bytes:
    """Return what is equal for two trees if they differ in harmless things only."""
    return orjson.dumps(_renamed(_plain(tree), []), option=orjson.OPT_INDENT_2)


def public_names(tree: Tree) -> set[str]:
    """Return what a module declares, with the members of its classes and all parameters."""
    found: set[str] = set()
    for each in tree["body"]:
        declared = each.get("declaration") or each
        if declared["type"] in FUNCTIONS | CLASSES:
            found.add(declared["id"]["name"])
        if declared["type"] == "VariableDeclaration":
            found |= {name for one in declared["declarations"] for name in _names(one["id"])}
    for each in _walk(tree):
        if each["type"] == "MethodDefinition":
            found.add("." + each["key"]["name"])
        if each["type"] == "FunctionDeclaration":
            names = [name for one in each["params"] for name in _names(one)]
            found |= {f"{each['id']['name']}({name})" for name in names}
    return found


def _walk(value: Any) -> Iterator[Tree]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            if "type" in each:
                yield each
            for inner in each.values():
                yield from _walk(inner)


def _plain(value: Any) -> Any:
    """Return the tree without positions, layout, order and braces that mean nothing."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    node = {key: _plain(each) for key, each in value.items() if key not in ("start", "end", "raw")}
    kind = node.get("type")
    if kind in ("Program", "BlockStatement", "ClassBody"):
        node["body"] = sorted(node["body"], key=_rank)
    if kind == "ImportDeclaration":
        node["specifiers"].sort(key=lambda each: each["local"]["name"])
    if kind == "Property":
        node["shorthand"] = False
    if kind == "IfStatement" and len(_statements(node["consequent"])) == 1:
        node["consequent"] = _statements(node["consequent"])[0]
    if kind in FUNCTIONS and node["body"]["type"] == "BlockStatement":
        node["body"]["body"] = _flat(node["body"]["body"])
    return node


def _rank(node: Tree) -> tuple[int, str]:
    declared = node.get("declaration") or node
    if node["type"] == "ImportDeclaration":
        return 0, node["source"]["value"]
    if declared["type"] == "FunctionDeclaration":
        return 2, declared["id"]["name"]
    if node["type"] == "MethodDefinition":
        return 2, node["key"]["name"]
    return 1, ""


def _statements(node: Tree) -> list[Tree]:
    found: list[Tree] = node["body"] if node["type"] == "BlockStatement" else [node]
    return found


def _flat(body: list[Tree]) -> list[Tree]:
    """Take a final `else` after an exit, and a name that is only returned, away.

    Functions, which `_plain` has put to the end, stay there.
    """
    functions = [each for each in body if each["type"] == "FunctionDeclaration"]
    body = [each for each in body if each["type"] != "FunctionDeclaration"]
    last: Tree = body[-1] if body else {"type": ""}
    has_else = last["type"] == "IfStatement" and last["alternate"]
    if has_else and _statements(last["consequent"])[-1]["type"] in EXITS:
        body += _statements(last["alternate"])
        last["alternate"] = None
    if len(body) > 1 and body[-1]["type"] == "ReturnStatement":
        name, value = _declared(body[-2]), body[-1]["argument"] or {}
        uses = [each for each in _walk(body + functions) if each.get("name") == name]
        if name and value.get("name") == name and len(uses) == 2:
            body[-2:] = [{**body[-1], "argument": body[-2]["declarations"][0]["init"]}]
    return body + functions


def _declared(node: Tree) -> str:
    """Return the one variable that a statement declares."""
    declarations = node.get("declarations", [])
    return declarations[0]["id"].get("name", "") if len(declarations) == 1 else ""


def _renamed(value: Any, scopes: list[dict[str, str]], role: tuple[str, str] = ("", "")) -> Any:
    """Number the local variables of each function in the order in which they appear."""
    if isinstance(value, list):
        return [_renamed(each, scopes, role) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") in FUNCTIONS:
        scopes = [*scopes, _scope(value, len(scopes))]
    computed = value.get("computed")
    node = {
        key: _renamed(each, scopes, ("", "") if computed else (value.get("type", ""), key))
        for key, each in value.items()
    }
    if node.get("type") == "Identifier" and role not in NOT_VARIABLES:
        known = (each[node["name"]] for each in reversed(scopes) if node["name"] in each)
        node["name"] = next(known, node["name"])
    return node


def _scope(function: Tree, level: int) -> dict[str, str]:
    fixed = [name for each in function["params"] for name in _names(each)]
    fixed += [each["id"]["name"] for each in _own(function["body"]) if each["type"] in FUNCTIONS]
    bound = dict.fromkeys(_bound(function["body"]))
    own = {name: f"local-{level}-{index}" for index, name in enumerate(bound)}
    return {**own, **{name: name for name in fixed}}


def _own(body: Tree) -> list[Tree]:
    return [each for each in _statements(body) if each["type"] == "FunctionDeclaration"]


def _bound(value: Any) -> Iterator[str]:
    """Yield the variables that are declared in `value`, not in functions within it."""
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict) or each.get("type") in FUNCTIONS | CLASSES:
            continue
        if each.get("type") == "VariableDeclarator":
            yield from _names(each["id"])
        if each.get("type") == "CatchClause" and each["param"]:
            yield from _names(each["param"])
        for inner in each.values():
            yield from _bound(inner)


def _names(pattern: Tree | None) -> Iterator[str]:
    """Yield the variables in a pattern."""
    if pattern is None:
        return
    if pattern["type"] == "Identifier":
        yield pattern["name"]
    for inner in (*pattern.get("elements", ()), *pattern.get("properties", ())):
        yield from _names(inner)
    for role in ("value", "argument", "left"):
        if isinstance(pattern.get(role), dict):
            yield from _names(pattern[role])
