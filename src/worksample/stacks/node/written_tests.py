"""The tests in a JavaScript file, of node:test, jest, vitest or mocha, found by its grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from worksample.stacks.leaving_out import Block, TestFile, Title

TESTS = frozenset(("test", "it", "specify"))
SUITES = frozenset(("describe", "suite", "context"))
MODIFIERS = frozenset(
    ("only", "skip", "todo", "each", "for", "concurrent", "sequential", "failing", "fails")
)
FUNCTIONS = frozenset(("arrow_function", "function_expression"))
#: What holds tests and goes with the last of them.
HOLDERS = frozenset(
    (
        *("expression_statement", "lexical_declaration", "variable_declaration"),
        *("for_statement", "for_in_statement", "while_statement", "if_statement"),
        "return_statement",
    )
)
#: What `test.each` puts into a title.
PLACEHOLDER = re.compile(r"%(?!%)[#$a-zA-Z]|\$[\w.#]+")
SIMPLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_parser = Parser(Language(tree_sitter_javascript.language()))


def test_file(path: Path, folder: Path) -> TestFile | None:
    """Return the file `path` of the project in `folder` with its tests; None if it has none."""
    data = path.read_bytes()
    blocks = _Script(path.relative_to(folder).as_posix()).blocks(_parser.parse(data).root_node, ())
    return TestFile(path, data, blocks) if blocks else None


class _Script:
    """A file that is searched for tests; `name` is its path in the project."""

    def __init__(self, name: str) -> None:
        self.name = name

    def blocks(self, node: Node, around: tuple[Title, ...]) -> tuple[Block, ...]:
        """Return the blocks in `node`; `around` are the titles of the suites around it."""
        if node.type == "call_expression" and (word := _called(node)):
            return (self.of_call(node, word, around),)
        inside = tuple(each for child in node.named_children for each in self.blocks(child, around))
        if inside and node.type in HOLDERS:
            return (Block(*_place(node), inside=inside),)
        return inside

    def of_call(self, call: Node, word: str, around: tuple[Title, ...]) -> Block:
        """Return the block of a test or suite."""
        title, *others = _arguments(call)
        path = (*around, _title(title, _is_each(call)))
        inside = tuple(each for child in others for each in self.blocks(child, path))
        titles = () if word in SUITES else tuple(self.titles(path))
        return Block(*_place(call), titles, inside)

    def titles(self, path: tuple[Title, ...]) -> Iterator[Title]:
        """Yield the names that test tools give to a test with these titles."""
        for separator in (" > ", " "):
            whole = path[0]
            for each in path[1:]:
                whole = whole.joined(separator, each)
            if separator == " > ":
                yield whole
            yield Title((self.name,)).joined(" > ", whole)


def _called(call: Node) -> str:
    """Return `test`, `describe` or the like if that is what a call declares, else an empty text."""
    arguments = _arguments(call)
    function = call.child_by_field_name("function")
    if not arguments or function is None:
        return ""
    if arguments[0].type not in ("string", "template_string", "binary_expression"):
        has_body = len(arguments) > 1 and arguments[-1].type in FUNCTIONS
        if not has_body:
            return ""
    if function.type == "call_expression":  # test.each(table)(title, body)
        function = function.child_by_field_name("function")
    return _declares(function, arguments) if function is not None else ""


def _declares(function: Node, arguments: list[Node]) -> str:
    """Return the word that `function` is, or whose member it is (`it.only`, `t.test`)."""
    words = _words(function)
    while words and words[-1] in MODIFIERS:
        words.pop()
    if not words or words[-1] not in TESTS | SUITES:
        return ""
    has_body = any(each.type in FUNCTIONS for each in arguments)
    return words[-1] if words[0] in TESTS | SUITES or has_body else ""  # not pattern.test("a")


def _words(function: Node) -> list[str]:
    """Return the words of `a.b.c`; none for anything else."""
    if function.type == "identifier":
        return [_text(function)]
    if function.type != "member_expression":
        return []
    owner, member = (function.child_by_field_name(each) for each in ("object", "property"))
    before = _words(owner) if owner is not None else []
    return [*before, _text(member)] if before and member is not None else []


def _is_each(call: Node) -> bool:
    function = call.child_by_field_name("function")
    return function is not None and function.type == "call_expression"


def _arguments(call: Node) -> list[Node]:
    arguments = call.child_by_field_name("arguments")
    if arguments is None or arguments.type != "arguments":
        return []
    return [each for each in arguments.named_children if each.type != "comment"]


def _title(node: Node, each: bool) -> Title:
    """Return the title that an expression makes; with `each`, it has placeholders of a table."""
    if node.type == "binary_expression":
        left, right = (node.child_by_field_name(side) for side in ("left", "right"))
        if left is not None and right is not None:
            return _title(left, each).joined("", _title(right, each))
    if node.type not in ("string", "template_string"):
        return Title(("", ""))
    parts = [""]
    for child in node.named_children:
        if child.type == "template_substitution":
            parts.append("")
        else:
            parts[-1] += _unescaped(child)
    if each:
        parts = [piece for part in parts for piece in PLACEHOLDER.split(part)]
    return Title(tuple(parts))


def _unescaped(node: Node) -> str:
    """Return the characters that a part of a text literal stands for."""
    text = _text(node)
    if node.type != "escape_sequence":
        return text
    if match := re.fullmatch(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x(..))", text):
        return chr(int(match[match.lastindex or 0], 16))
    return SIMPLE_ESCAPES.get(text[1:], text[1:].strip("\r\n"))


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _place(node: Node) -> tuple[int, int]:
    """Return where a node begins and ends, with the comments that belong to it."""
    start, row = node.start_byte, node.start_point[0]
    before = node.prev_sibling
    while before is not None and _is_comment_above(before, row):
        start, row = before.start_byte, before.start_point[0]
        before = before.prev_sibling
    behind = node.next_sibling
    is_comment = behind is not None and behind.type == "comment"
    if behind is not None and is_comment and behind.start_point[0] == node.end_point[0]:
        return start, behind.end_byte
    return start, node.end_byte


def _is_comment_above(node: Node, row: int) -> bool:
    """Whether `node` is a comment on lines of its own, right above the line `row`."""
    before = node.prev_sibling
    shared = before is not None and before.end_point[0] == node.start_point[0]
    return node.type == "comment" and node.end_point[0] == row - 1 and not shared
