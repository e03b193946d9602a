"""The files of a repository in memory: path -> content."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path

from worksample.stacks.copying import list_files

Tree = Mapping[str, bytes]

#: How test tools find tests, and people name the folders and helpers of tests.
_TEST = re.compile(
    r"(^|/)(tests?|__tests__|spec|specs)/|(^|/)(test_[^/]*|conftest\.py|[^/]*_test\.[^/.]+)$"
    r"|(^|/)tests\.py$|(^|/)[^/]*\.(test|spec)\.[^/]+$|(^|/)[^/]*Tests?\.(java|cs)$"
)


def tree_of(folder: Path) -> dict[str, bytes]:
    """Return the files in `folder`, without those that tools make. Raises `WorkspaceError`."""
    return {each.name: each.path.read_bytes() for each in list_files(folder)}


def write_tree(tree: Tree, folder: Path) -> None:
    """Write the files of `tree` into `folder`."""
    for name, content in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def is_test(path: str) -> bool:
    """Return whether `path`, relative to the repository, belongs to the tests."""
    return bool(_TEST.search(path))


def with_tests_of(tree: Tree, other: Tree) -> dict[str, bytes]:
    """Return `tree` with the tests of `other` in place of its own."""
    own = {path: content for path, content in tree.items() if not is_test(path)}
    return own | {path: content for path, content in other.items() if is_test(path)}


def changed_lines(before: Tree, after: Tree) -> dict[str, int]:
    """Return how many lines were added or removed in each file that differs."""
    paths = sorted({*before, *after})
    counts = {path: _changed(before.get(path, b""), after.get(path, b"")) for path in paths}
    return {path: count for path, count in counts.items() if count}


def patch(before: Tree, after: Tree) -> str:
    """Return the differences in unified format, as git shows them."""
    texts: list[str] = []
    for path in changed_lines(before, after):
        old, new = (
            tree.get(path, b"").decode(errors="replace").splitlines(keepends=True)
            for tree in (before, after)
        )
        texts += difflib.unified_diff(old, new, f"a/{path}", f"b/{path}")
    return "".join(texts)


def _changed(before: bytes, after: bytes) -> int:
    if before == after:
        return 0
    old, new = (text.decode(errors="replace").splitlines() for text in (before, after))
    changes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(
        (old_end - old_start) + (new_end - new_start)
        for tag, old_start, old_end, new_start, new_end in changes
        if tag != "equal"
    )
