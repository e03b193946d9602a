"""The change of a pull request as one self-contained HTML page."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2

from worksample.tasks.reviewing.making import ReviewTask
from worksample.tasks.trees import Tree, changed_lines

_CONTEXT = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a diff; a number is 0 where the version has no such line."""

    kind: str
    old: int
    new: int
    text: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that differs, and its parts that are shown: changed lines and some around them."""

    path: str
    added: int
    removed: int
    hunks: tuple[tuple[Row, ...], ...]


def page_of(task: ReviewTask) -> str:
    """Return the page: what the pull request is, and the diff with the numbers of both versions."""
    files = list(files_between(task.base[-1].tree, task.commits[-1].tree))
    return _template().render(task=task, files=files)


def files_between(before: Tree, after: Tree) -> Iterator[File]:
    """Yield the files that differ, by path."""
    for path in changed_lines(before, after):
        old, new = (
            tree.get(path, b"").decode(errors="replace").splitlines() for tree in (before, after)
        )
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        groups = matcher.get_grouped_opcodes(_CONTEXT)
        hunks = tuple(
            tuple(row for change in group for row in _rows(change, old, new)) for group in groups
        )
        rows = [row for hunk in hunks for row in hunk]
        added, removed = (sum(row.kind == kind for row in rows) for kind in ("added", "removed"))
        yield File(path, added, removed, hunks)


def _rows(change: tuple[str, int, int, int, int], old: list[str], new: list[str]) -> Iterator[Row]:
    tag, old_start, old_end, new_start, new_end = change
    if tag == "equal":
        for at in range(old_end - old_start):
            yield Row("same", old_start + at + 1, new_start + at + 1, new[new_start + at])
        return
    for at in range(old_start, old_end):
        yield Row("removed", at + 1, 0, old[at])
    for at in range(new_start, new_end):
        yield Row("added", 0, at + 1, new[at])


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")
