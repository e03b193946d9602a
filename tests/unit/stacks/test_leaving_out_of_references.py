"""Of every reference, the tests that a mutant breaks can be left out, and nothing else goes."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import tree_sitter_c_sharp
import tree_sitter_go
import tree_sitter_java
import tree_sitter_javascript
from tree_sitter import Language, Parser

from worksample.catalogue.own_tests import broken_own_tests
from worksample.stacks import detect
from worksample.stacks.copying import Generated
from worksample.stacks.leaving_out import TestFile, find_tests

CHALLENGES = Path(__file__).parents[3] / "challenges"
SOLUTIONS = sorted(
    path.parents[2] / "solutions" / path.parent.name
    for path in CHALLENGES.glob("*/mutants/*/own-tests.json")
)
JAVASCRIPT = Parser(Language(tree_sitter_javascript.language()))
PARSERS = {
    ".cs": Parser(Language(tree_sitter_c_sharp.language())),
    ".go": Parser(Language(tree_sitter_go.language())),
    ".java": Parser(Language(tree_sitter_java.language())),
}


def measured() -> Iterator[object]:
    """Yield each solution with each set of tests that a mutant breaks."""
    for solution in SOLUTIONS:
        broken = broken_own_tests(solution.parents[1] / "mutants" / solution.name)
        for names in sorted({names for names in broken.values() if names}):
            yield pytest.param(solution, names, id=f"{solution.parents[1].name}-{names[0][:40]}")


def sources(files: Sequence[TestFile]) -> dict[tuple[str, bytes], TestFile]:
    """Return the source of each test, with the name of its file."""
    return {
        (file.path.name, file.data[test.start : test.end]): file
        for file in files
        for test in file.tests()
    }


def rest(file: TestFile) -> list[bytes]:
    """Return the lines of a file, but for its tests and blank ones."""
    return [line for line in file.without(file.tests()).splitlines() if line.strip()]


def assert_parses(path: Path) -> None:
    if path.suffix == ".py":
        ast.parse(path.read_bytes())
    else:
        parser = PARSERS.get(path.suffix, JAVASCRIPT)
        assert not parser.parse(path.read_bytes()).root_node.has_error, path.name


@pytest.mark.parametrize(("solution", "names"), list(measured()))
def test_only_the_broken_tests_go(solution: Path, names: tuple[str, ...], tmp_path: Path) -> None:
    copy = tmp_path / "app"
    shutil.copytree(solution, copy, ignore=Generated.of_all_stacks().ignore)
    stack = detect(copy).stack
    before = stack.test_files(copy)
    others = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    for file in before:
        del others[file.path]
    broken = frozenset().union(*find_tests(before, names).values())

    stack.without_tests(copy, names)

    after = stack.test_files(copy)
    expected = {
        (file.path.name, file.data[test.start : test.end])
        for file in before
        for test in file.tests()
        if test not in broken
    }
    assert sources(after).keys() == expected
    assert not any(find_tests(after, names).values())
    left = {file.path: file for file in after}
    for file in before:
        if file.path in left:
            assert rest(left[file.path]) == rest(file)
            assert_parses(file.path)
        else:
            assert broken.issuperset(file.tests())
            assert not file.path.exists()
    assert {path: path.read_bytes() for path in others if path.exists()} == others


def test_references_are_measured() -> None:
    assert len(SOLUTIONS) >= 4
    for solution in SOLUTIONS:
        assert broken_own_tests(solution.parents[1] / "mutants" / solution.name), solution
