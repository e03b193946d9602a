"""The tests in the files of a C# project, of xUnit, NUnit and MSTest, found by its grammar."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import tree_sitter_c_sharp
from tree_sitter import Language, Node, Parser

from worksample.stacks.csharp.own_tests import test_projects
from worksample.stacks.leaving_out import Block, TestFile, Title
from worksample.stacks.syntax_trees import start_with_comments, text_of

#: The attributes of a method that is a test.
_TESTS = re.compile(
    r"(?:\w*Fact|\w*Theory|Test|TestCase|TestCaseSource|\w*TestMethod)(?:Attribute)?"
)
_NAMESPACES = frozenset(("namespace_declaration", "file_scoped_namespace_declaration"))
_TYPES = frozenset(("class_declaration", "record_declaration", "struct_declaration"))
_MADE_BY_BUILDS = frozenset(("bin", "obj"))
_parser = Parser(Language(tree_sitter_c_sharp.language()))


def test_files(folder: Path) -> Sequence[TestFile]:
    """See `worksample.stacks.base.Stack.test_files`."""
    folders = dict.fromkeys(each.path.parent for each in test_projects(folder))
    paths = dict.fromkeys(path for each in folders for path in _sources(each))
    found = (_test_file(path) for path in paths)
    return [each for each in found if each]


def _sources(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(
            each for each in folders if not each.startswith(".") and each not in _MADE_BY_BUILDS
        )
        yield from (Path(parent) / each for each in sorted(files) if each.endswith(".cs"))


def _test_file(path: Path) -> TestFile | None:
    """Return the file `path` with its tests; None if it has none.

    Another file may use a type of this one, which need not be called like the file.
    """
    data = path.read_bytes()
    root = _parser.parse(data).root_node
    types = list(_types(root, ""))
    blocks = tuple(block for each, name in types for block in _blocks(each, name))
    with_tests = {each.start_byte for each, name in types if any(_blocks(each, name))}
    shares = len(with_tests) < len(types)
    return TestFile(path, data, blocks, shares=shares) if blocks else None


def _types(node: Node, namespace: str) -> Iterator[tuple[Node, str]]:
    """Yield the types of a file or a namespace, each with the name under which it is reported."""
    for each in node.named_children:
        if each.type in _NAMESPACES:
            inner = f"{namespace}{text_of(each.child_by_field_name('name'))}."
            body = each.child_by_field_name("body")
            if body is None:  # the rest of the file is in it, as its siblings
                namespace = inner
                yield from _types(each, inner)
            else:
                yield from _types(body, inner)
        elif each.type.endswith("_declaration") and each.type != "global_attribute_declaration":
            yield each, f"{namespace}{text_of(each.child_by_field_name('name'))}"


def _blocks(of_type: Node, name: str) -> Iterator[Block]:
    """Yield the blocks in the type called `name`; a type of it with tests stays without them."""
    body = of_type.child_by_field_name("body")
    for each in body.named_children if body and of_type.type in _TYPES else []:
        if each.type in _TYPES:
            yield from _blocks(each, f"{name}+{text_of(each.child_by_field_name('name'))}")
        elif each.type == "method_declaration" and _is_test(each):
            inherited = any(text_of(word) == "abstract" for word in of_type.children)
            titles = tuple(_titles(each, name, inherited=inherited))
            yield Block(start_with_comments(each), each.end_byte, titles)


def _is_test(method: Node) -> bool:
    attributes = (
        attribute
        for each in method.named_children
        if each.type == "attribute_list"
        for attribute in each.named_children
    )
    names = (text_of(each.child_by_field_name("name")) for each in attributes)
    return any(_TESTS.fullmatch(name.rpartition(".")[2]) for name in names)


def _titles(method: Node, class_name: str, *, inherited: bool) -> Iterator[Title]:
    """Yield the names of a test: its own, and those of its cases, which only a run tells."""
    name = text_of(method.child_by_field_name("name"))
    yield Title((f"{class_name}.{name}",))
    yield Title((f"{class_name}.{name}(", ""))
    if inherited:
        yield Title(("", f".{name}"))
        yield Title(("", f".{name}(", ""))
