"""What a Python source means, apart from all that a harmless change may change.

Made with the `ast` of Python, on another way than the changes: it renames by its own scopes.
"""

from __future__ import annotations

import ast
import inspect

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
EXITS = (ast.Return, ast.Raise)


def meaning(source: bytes) -> str:
    """Return a text that is equal for two sources if they differ in harmless things only."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            node.body = _flat(node.body)
            _trim_docstring(node)
        if isinstance(node, ast.ImportFrom):
            node.names.sort(key=lambda each: each.name)
    tree.body = _sorted(tree.body, imports=True)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            node.body = _sorted(node.body, imports=False)
    return ast.dump(_Renamed().visit(tree), indent=1)


def public_names(source: bytes) -> set[str]:
    """Return what a module and its classes define, and the parameters of all functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            found.add(node.name)
        if isinstance(node, FUNCTIONS):
            found |= {f"{node.name}({name})" for name in _arguments(node)}
    return found | {
        each.id
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }


def _arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    return [each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)]


def _flat(body: list[ast.stmt]) -> list[ast.stmt]:
    """Take a final `else` after an exit, and a name that is only returned, away."""
    last = body[-1]
    if isinstance(last, ast.If) and last.orelse and isinstance(last.body[-1], EXITS):
        body = [*body[:-1], last, *last.orelse]
        last.orelse = []
    if len(body) > 1 and isinstance(body[-1], ast.Return) and isinstance(body[-2], ast.Assign):
        target, returned = body[-2].targets[0], body[-1].value
        is_same = isinstance(target, ast.Name) and isinstance(returned, ast.Name)
        if is_same and ast.unparse(target) == ast.unparse(returned or target):
            uses = [each for node in body for each in ast.walk(node) if isinstance(each, ast.Name)]
            if sum(each.id == ast.unparse(target) for each in uses) == 2:
                return [*body[:-2], ast.Return(body[-2].value)]
    return body


def _trim_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        first.value.value = inspect.cleandoc(str(first.value.value)).strip()


def _sorted(body: list[ast.stmt], *, imports: bool) -> list[ast.stmt]:
    """Put imports first and functions without decorators last, each sorted."""

    def rank(node: ast.stmt) -> tuple[int, str]:
        if imports and isinstance(node, ast.Import | ast.ImportFrom):
            return 0, ast.unparse(node)
        if isinstance(node, FUNCTIONS) and not node.decorator_list:
            return 2, node.name
        return 1, ""

    return sorted(body, key=rank)


class _Renamed(ast.NodeTransformer):
    """Numbers the local variables of each function in the order in which they appear."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, str]] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        if node.name:
            node.name = self._renamed(node.name)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._renamed(node.id)
        return node

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        arguments = {each: each for each in _arguments(node)}
        bound = dict.fromkeys(each for part in node.body for each in _bound_in(part))
        level = len(self.scopes)
        own = [each for each in bound if each not in arguments]
        self.scopes.append(
            {**{name: f"local-{level}-{index}" for index, name in enumerate(own)}, **arguments}
        )
        node.body = [self.visit(each) for each in node.body]
        self.scopes.pop()
        return node

    def _renamed(self, name: str) -> str:
        return next((each[name] for each in reversed(self.scopes) if name in each), name)


def _bound_in(node: ast.AST) -> list[str]:
    """Return the variables that `node` binds, without those of functions within it."""
    if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
        return []
    found = []
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        found.append(node.id)
    if isinstance(node, ast.ExceptHandler) and node.name:
        found.append(node.name)
    return found + [name for each in ast.iter_child_nodes(node) for name in _bound_in(each)]
