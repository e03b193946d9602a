"""Which lines of a file changed, in the numbers of both versions."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from worksample.tasks.trees import Tree, changed_lines
from worksample.tasks.variation.language import languages

#: First and last line, counted from 1.
Lines = tuple[int, int]

#: A function of more lines is no place: a comment must say where in it.
_LONGEST_FUNCTION = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of a file, in the numbers of the old and of the new version; both may be empty."""

    old: tuple[Lines, ...] = ()
    new: tuple[Lines, ...] = ()

    def is_near(self, first: int, last: int, drift: int) -> bool:
        """Return whether the lines `first` to `last` of either version lie at most `drift` away."""
        return any(
            start - drift <= last and first <= end + drift for start, end in (*self.old, *self.new)
        )


def changes_between(before: Tree, after: Tree) -> dict[str, Place]:
    """Return the changed lines of each file that differs."""
    return {
        path: _place(before.get(path, b""), after.get(path, b""))
        for path in changed_lines(before, after)
    }


def places_of_defect(base: Tree, head: Tree, fixed: Tree) -> dict[str, Place]:
    """Return where in the pull request from `base` to `head` a defect stands, file by file.

    `fixed` is `head` without the defect. The function around the lines is part of the place.
    """
    found = {}
    for path, place in changes_between(fixed, head).items():
        around = [_function_around(path, head.get(path, b""), lines) for lines in place.new]
        pairs = _pairs(base.get(path, b""), head.get(path, b""))
        old = [before for before, after in pairs if any(_meet(after, new) for new in place.new)]
        new = (*place.new, *filter(None, around))
        found[path] = Place(tuple(old), new) if path in head else Place(place.old)
    return found


def _place(before: bytes, after: bytes) -> Place:
    pairs = list(_pairs(before, after))
    return Place(tuple(old for old, _ in pairs), tuple(new for _, new in pairs))


def _pairs(before: bytes, after: bytes) -> Iterator[tuple[Lines, Lines]]:
    """Yield the lines of each change before and after.

    Where lines were only added or removed, the other side has the two lines around that place.
    """
    old, new = (text.decode(errors="replace").splitlines() for text in (before, after))
    changes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for tag, old_start, old_end, new_start, new_end in changes:
        if tag != "equal":
            yield _lines(old_start, old_end), _lines(new_start, new_end)


def _lines(start: int, end: int) -> Lines:
    return (start + 1, end) if end > start else (max(1, start), start + 1)


def _meet(one: Lines, other: Lines) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _function_around(path: str, source: bytes, lines: Lines) -> Lines | None:
    """Return the lines of the innermost function around `lines`, if it is not long."""
    language = languages().get(PurePosixPath(path).suffix)
    module = language.parse(source) if language else None
    if module is None:
        return None
    spans = [
        (_line_of(source, each.node.start), _line_of(source, each.node.end))
        for each in module.functions.values()
    ]
    return _smallest(span for span in spans if span[0] <= lines[0] and lines[1] <= span[1])


def _smallest(spans: Iterable[Lines]) -> Lines | None:
    first, last = min(spans, key=lambda span: span[1] - span[0], default=(0, 0))
    return (first, last) if first and last - first < _LONGEST_FUNCTION else None


def _line_of(source: bytes, position: int) -> int:
    return source.count(b"\n", 0, position) + 1
