"""The tests in the files of a Java project, of JUnit and the like, found by its grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import tree_sitter_java
from tree_sitter import Language, Node, Parser

from worksample.stacks.java.own_tests import test_sources
from worksample.stacks.leaving_out import Block, TestFile, Title
from worksample.stacks.syntax_trees import start_with_comments, text_of

#: The annotations of a method that is a test: those of JUnit, TestNG, ArchUnit and jqwik.
_TESTS = re.compile(r"(?!Before|After)\w*Test|TestFactory|TestTemplate|Property")
_DISPLAY_NAME = "DisplayName"
_TYPES = frozenset(("class_declaration", "interface_declaration", "record_declaration"))
_parser = Parser(Language(tree_sitter_java.language()))


def test_files(folder: Path) -> Sequence[TestFile]:
    """See `worksample.stacks.base.Stack.test_files`."""
    found = (_test_file(path) for path in test_sources(folder))
    return [each for each in found if each]


def _test_file(path: Path) -> TestFile | None:
    """Return the file `path` with its tests; None if it has none.

    The classes of the file itself stay: others can use them only by naming the file.
    """
    data = path.read_bytes()
    root = _parser.parse(data).root_node
    package = next((each for each in root.named_children if "package" in each.type), None)
    name = "".join(f"{text_of(each)}." for each in (package.named_children if package else []))
    types = [each for each in root.named_children if each.type in _TYPES]
    blocks = tuple(block for each in types for block in _blocks(each, name, data))
    return TestFile(path, data, blocks) if blocks else None


def _blocks(of_type: Node, prefix: str, data: bytes) -> Iterator[Block]:
    """Yield the blocks in a type; `prefix` is what its reported name has before its own."""
    own = text_of(of_type.child_by_field_name("name"))
    name = f"{prefix}{own}"
    body = of_type.child_by_field_name("body")
    for each in body.named_children if body else []:
        if each.type in _TYPES:
            if inside := tuple(_blocks(each, f"{name}$", data)):
                stays = _is_named_elsewhere(each, data)
                yield Block(start_with_comments(each), each.end_byte, inside=inside, stays=stays)
        elif each.type == "method_declaration" and _is_test(each):
            inherited = "abstract" in _modifiers(of_type) or of_type.type == "interface_declaration"
            titles = tuple(_titles(each, name, inherited=inherited))
            yield Block(start_with_comments(each), each.end_byte, titles)


def _is_test(method: Node) -> bool:
    return any(_TESTS.fullmatch(name) for name, _ in _annotations(method))


def _titles(method: Node, class_name: str, *, inherited: bool) -> Iterator[Title]:
    """Yield the names of a test: its own, and those of its runs, which only a run tells.

    A run is `test(int)[1]`, `test{int}[1]` or `test[1]`. What subclasses inherit is reported as
    theirs.
    """
    names = [text_of(method.child_by_field_name("name"))]
    for name, annotation in _annotations(method):
        if name == _DISPLAY_NAME:
            names += [text_of(each) for each in _strings(annotation)]
    for name in names:
        yield Title((f"{class_name}.{name}",))
        yield from (Title((f"{class_name}.{name}{bracket}", "")) for bracket in "({[")
        if inherited:
            yield Title(("", f".{name}"))
            yield from (Title(("", f".{name}{bracket}", "")) for bracket in "({[")


def _annotations(declaration: Node) -> Iterator[tuple[str, Node]]:
    """Yield the annotations of a declaration, each with its name without its package."""
    for modifiers in declaration.named_children:
        if modifiers.type == "modifiers":
            for each in modifiers.named_children:
                if "annotation" in each.type:
                    name = text_of(each.child_by_field_name("name"))
                    yield name.rpartition(".")[2], each


def _modifiers(declaration: Node) -> set[str]:
    found = (each for each in declaration.named_children if each.type == "modifiers")
    return {text_of(word) for each in found for word in each.children}


def _strings(node: Node) -> Iterator[Node]:
    """Yield what stands between the quotes of the strings in a node."""
    if node.type == "string_fragment":
        yield node
    for each in node.named_children:
        yield from _strings(each)


def _is_named_elsewhere(of_type: Node, data: bytes) -> bool:
    """Whether something else in the file has the name of a type, as a whole word."""
    word = rb"\b" + re.escape(text_of(of_type.child_by_field_name("name")).encode()) + rb"\b"
    others = data[: of_type.start_byte] + b" " + data[of_type.end_byte :]
    return re.search(word, others) is not None
