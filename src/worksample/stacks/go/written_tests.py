"""The tests in the files of a Go project, found by its grammar."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from pathlib import Path

import tree_sitter_go
from tree_sitter import Language, Node, Parser

from worksample.stacks.go.modules import Module, Project
from worksample.stacks.go.own_tests import files_with_tests
from worksample.stacks.leaving_out import Block, TestFile, Title
from worksample.stacks.syntax_trees import start_with_comments, text_of

#: What `go test` runs: a name like these whose next letter is not small.
_RUN = re.compile(r"(?:Test|Fuzz|Example)(?![a-z])\w*")
_MAIN = "*testing.M"
#: A file has these whatever its tests are.
_OF_EVERY_FILE = frozenset(("package_clause", "import_declaration", "comment"))
_VERSION = re.compile(r"v\d+")
_parser = Parser(Language(tree_sitter_go.language()))


def test_files(folder: Path) -> Sequence[TestFile]:
    """See `worksample.stacks.base.Stack.test_files`."""
    project = Project.around(folder, [])
    modules = project.modules if project else ()
    found = (_test_file(path, each) for each in modules for path in files_with_tests(each.folder))
    return [each for each in found if each]


def _test_file(path: Path, module: Module) -> TestFile | None:
    """Return the file `path` of a module with its tests; None if it has none."""
    data = path.read_bytes()
    inside = path.parent.relative_to(module.folder).as_posix()
    package = module.path if inside == "." else f"{module.path}/{inside}"
    root = _parser.parse(data).root_node
    tests = [each for each in root.named_children if _is_test(each)]
    blocks = tuple(
        Block(start_with_comments(each), each.end_byte, _titles(package, each)) for each in tests
    )
    others = [each for each in root.named_children if each.type not in _OF_EVERY_FILE]
    if not blocks:
        return None
    mended = partial(_without_unused_imports, _used_names(root))
    return TestFile(path, data, blocks, shares=len(others) > len(blocks), mended=mended)


def _is_test(node: Node) -> bool:
    parameters = node.child_by_field_name("parameters")
    return (
        node.type == "function_declaration"
        and _RUN.fullmatch(text_of(node.child_by_field_name("name"))) is not None
        and _MAIN not in text_of(parameters)
    )


def _titles(package: str, test: Node) -> tuple[Title, ...]:
    """Return the names of a test: its own, and those of its subtests, which only a run tells."""
    name = f"{package}.{text_of(test.child_by_field_name('name'))}"
    return Title((name,)), Title((f"{name}/", ""))


def _without_unused_imports(used: Collection[str], data: bytes) -> bytes:
    """Return a source without its unused imports, with which Go would not compile it.

    An import that is not one of the names `used` before stays: its name is not known.
    """
    root = _parser.parse(data).root_node
    gone = set(used) - _used_names(root)
    declarations = [each for each in root.named_children if each.type == "import_declaration"]
    for declaration in reversed(declarations):
        specs = list(_specs(declaration))
        unused = [each for each in specs if _name_of(each) in gone]
        for each in [declaration] if len(unused) == len(specs) else reversed(unused):
            data = _without_lines(data, each)
    return data


def _specs(declaration: Node) -> Iterator[Node]:
    for each in declaration.named_children:
        if each.type == "import_spec_list":
            yield from (spec for spec in each.named_children if spec.type == "import_spec")
        elif each.type == "import_spec":
            yield each


def _name_of(spec: Node) -> str:
    """Return the name by which a file uses an import: stated, or the end of its path."""
    if stated := spec.child_by_field_name("name"):
        return text_of(stated)
    *before, last = text_of(spec.child_by_field_name("path")).strip('"`').split("/")
    return before[-1] if before and _VERSION.fullmatch(last) else last


def _used_names(root: Node) -> set[str]:
    """Return the names before a dot: `http` of `http.Get` and of the type `http.Header`."""
    found: set[str] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += node.named_children
        if node.type == "selector_expression":
            operand = node.child_by_field_name("operand")
            found.add(text_of(operand))
        elif node.type == "qualified_type":
            found.add(text_of(node.child_by_field_name("package")))
    return found


def _without_lines(data: bytes, node: Node) -> bytes:
    """Return `data` without the lines of `node`, and without a blank line that is left over."""
    start = data.rfind(b"\n", 0, node.start_byte) + 1
    end = data.find(b"\n", node.end_byte) + 1
    before, after = data[:start], data[end:]
    if before.endswith((b"\n\n", b"(\n")) and after.startswith(b"\n"):
        after = after[1:]
    if before.endswith(b"\n\n") and after.lstrip(b"\t ").startswith(b")"):
        before = before[:-1]
    return before + after
