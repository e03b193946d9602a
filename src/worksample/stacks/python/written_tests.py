"""The tests in a Python file, of pytest and of unittest, found without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from worksample.stacks.leaving_out import Block, TestFile, Title

Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_file(path: Path, folder: Path) -> TestFile | None:
    """Return the file `path` of the project in `folder` with its tests; None if it has none.

    A file that is not Python has none.
    """
    data = path.read_bytes()
    try:
        module = ast.parse(data)
    except (SyntaxError, ValueError):
        return None
    blocks = _Module(data, path.relative_to(folder).as_posix(), module).blocks(module.body)
    return TestFile(path, data, blocks) if blocks else None


class _Module:
    """A module that is searched for tests; `name` is its path in the project."""

    def __init__(self, data: bytes, name: str, module: ast.Module) -> None:
        self.lines = data.splitlines(keepends=True)
        self.name = name
        self.module = module
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))

    def blocks(self, body: Sequence[ast.stmt], classes: tuple[str, ...] = ()) -> tuple[Block, ...]:
        """Return the blocks in the statements of a module, a class or an `if`."""
        found = (self.block(each, classes) for each in body)
        return tuple(each for each in found if each)

    def block(self, statement: ast.stmt, classes: tuple[str, ...]) -> Block | None:
        """Return the block that `statement` is, None if it neither is nor holds a test."""
        if isinstance(statement, Function):
            if not _is_test(statement):
                return None
            titles = self.titles(statement.name, classes)
            return Block(*self.place(statement), titles)
        if isinstance(statement, ast.ClassDef):
            return self.of_class(statement, classes)
        return self.of_branches(statement, classes)

    def of_class(self, statement: ast.ClassDef, classes: tuple[str, ...]) -> Block | None:
        """Return the block of a class; it stays without its tests if something else names it."""
        inside = self.blocks(statement.body, (*classes, statement.name))
        if not inside:
            return None
        own = {id(each) for each in ast.walk(statement)}
        if any(
            isinstance(each, ast.Name) and each.id == statement.name and id(each) not in own
            for each in ast.walk(self.module)
        ):
            inside, stays = (self.of_body(statement.body, (*classes, statement.name)),), True
        else:
            stays = False
        return Block(*self.place(statement), inside=inside, stays=stays)

    def of_branches(self, statement: ast.stmt, classes: tuple[str, ...]) -> Block | None:
        """Return the block of an `if`, `try`, `with` or loop around tests."""
        bodies = list(_bodies(statement))
        inside = tuple(self.of_body(each, classes) for each in bodies)
        if not any(each.inside for each in inside):
            return None
        return Block(*self.place(statement), inside=inside)

    def of_body(self, body: Sequence[ast.stmt], classes: tuple[str, ...]) -> Block:
        """Return the block of a body. It cannot be empty: if only tests are in it, it is filled."""
        inside = self.blocks(body, classes)
        start, end = self.place(body[0])[0], self.place(body[-1])[1]
        only_tests = len(inside) == len(body)
        return Block(start, end, (), inside, stays=not only_tests, filler=b"pass")

    def titles(self, function: str, classes: tuple[str, ...]) -> tuple[Title, ...]:
        """Return the names that pytest and unittest give to a method of `classes`."""
        module = self.name.removesuffix(".py").replace("/", ".")
        found: list[Title] = []
        for each in (classes, *self.heirs(function, classes)):
            node = "::".join((self.name, *each, function))
            found += (Title((node,)), Title((f"{node}[", "")))
            dotted = ".".join((module, *each, function))
            for name in {dotted, dotted.partition(".")[2] if "." in module else dotted}:
                found += (Title((name,)), Title((f"{name} (", "")), Title((f"{name}[", "")))
        return tuple(found)

    def heirs(self, function: str, classes: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """Yield the classes of the module that inherit `function` from the class `classes`."""
        for each in self.module.body if len(classes) == 1 else ():
            if not isinstance(each, ast.ClassDef) or each.name == classes[0]:
                continue
            bases = {base.id for base in each.bases if isinstance(base, ast.Name)}
            overridden = any(isinstance(it, Function) and it.name == function for it in each.body)
            if classes[0] in bases and not overridden:
                yield (each.name,)
                yield from self.heirs(function, (each.name,))

    def place(self, statement: ast.stmt) -> tuple[int, int]:
        """Return where a statement begins and ends, with its decorators and comments."""
        decorators = getattr(statement, "decorator_list", [])
        first = min(each.lineno for each in (*decorators, statement)) - 1
        last = statement.end_lineno or statement.lineno
        indent = self.lines[first][: _indent(self.lines[first])]
        while first and self.lines[first - 1].startswith(indent + b"#"):
            first -= 1
        start = self.starts[first] + len(indent)
        last = self.last_comment(last, len(indent))
        return start, self.starts[last - 1] + len(self.lines[last - 1].rstrip())

    def last_comment(self, last: int, indent: int) -> int:
        """Return the last line of a statement, with comments after it that are indented more."""
        for number, line in enumerate(self.lines[last:], last + 1):
            if line.strip() and not (line.lstrip().startswith(b"#") and _indent(line) > indent):
                break
            if line.strip():
                last = number
        return last


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" \t"))


def _is_test(function: Function) -> bool:
    """Whether it is called as a test is, and is no fixture."""
    named = (each.func if isinstance(each, ast.Call) else each for each in function.decorator_list)
    is_fixture = any(ast.unparse(each).endswith("fixture") for each in named)
    return function.name.startswith("test") and not is_fixture


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the lists of statements in a compound statement."""
    for name in ("body", "orelse", "finalbody"):
        if body := getattr(statement, name, []):
            yield body
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body
