"""Leave tests out of a project: what a language's own parser found, and how it is cut away.

A language says which lines of a test file are a test, or hold tests (`Block`), and under which
names its tools report them (`Title`); the rest is the same for all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.stacks.junit import INVALID

_OPENS, _CLOSES = (b":", b"{", b"[", b"("), (b"}", b"]", b")")
_SPACE = re.compile(r"\s")
MAX_NAMING_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Title:
    """The name of a test: its known parts; what lies between two of them, only a run tells."""

    parts: tuple[str, ...]

    def matches(self, name: str) -> bool:
        """Whether a test tool may call this test `name`."""
        known = ".*".join(re.escape(_as_reported(each)) for each in self.parts)
        return re.fullmatch(known, _as_reported(name), re.DOTALL) is not None

    @property
    def known(self) -> int:
        """How many characters are known."""
        return sum(map(len, self.parts))

    def joined(self, separator: str, other: Title) -> Title:
        """Return this title, the separator, and the other title as one."""
        between = f"{self.parts[-1]}{separator}{other.parts[0]}"
        return Title((*self.parts[:-1], between, *other.parts[1:]))


def _as_reported(name: str) -> str:
    """Return `name` as it comes back from a report; that of Node has no line ends."""
    return _SPACE.sub(" ", INVALID.sub("\ufffd", name.replace("\n", "")))


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A part of a file, as offsets in bytes, that is a test (it has titles) or holds tests.

    It goes when its tests go: a test when it is named, what holds tests when none is left in it.
    With `stays`, something else needs it. A `filler` takes the place of the block.
    """

    start: int
    end: int
    titles: tuple[Title, ...] = ()
    inside: tuple[Block, ...] = ()
    stays: bool = False
    filler: bytes = b""

    def tests(self) -> Iterator[Block]:
        """Yield the tests in it, itself included."""
        if self.titles:
            yield self
        for each in self.inside:
            yield from each.tests()

    def goes(self, gone: Collection[Block]) -> bool:
        """Whether nothing is left of it without the tests `gone`."""
        if self in gone:
            return True
        emptied = bool(self.inside) and all(each.goes(gone) for each in self.inside)
        return emptied and not self.titles and not self.stays

    def cuts(self, gone: Collection[Block]) -> Iterator[Block]:
        """Yield the blocks to cut away, in their order."""
        if self.goes(gone):
            yield self
            return
        for each in self.inside:
            yield from each.cuts(gone)


@dataclass(frozen=True, slots=True)
class TestFile:
    """A file with tests: its content and the blocks in it.

    shares: whether other files may use what else is in it without naming it; then it is never
    removed. mended: makes of the content without some tests what the language accepts.
    """

    __test__ = False  # not a test class, whatever pytest thinks of its name

    path: Path
    data: bytes
    blocks: tuple[Block, ...]
    shares: bool = False
    mended: Callable[[bytes], bytes] = bytes

    def tests(self) -> list[Block]:
        """Return the tests in it."""
        return [test for block in self.blocks for test in block.tests()]

    def without(self, gone: Collection[Block]) -> bytes:
        """Return the content without the tests `gone`."""
        data = self.data
        for cut in reversed([cut for block in self.blocks for cut in block.cuts(gone)]):
            data = _without(data, cut)
        return self.mended(data)


def leave_out(
    folder: Path,
    files: Sequence[TestFile],
    names: Collection[str],
    generated: Collection[str] = (),
) -> None:
    """Remove the tests called `names` from `files` of the project in `folder`.

    A file that has no test left is removed, unless another file needs it or names it; folders
    called `generated` are not searched for one. Raises `WorkspaceError`, before anything is
    changed, with all names that no test has.
    """
    called = find_tests(files, names)
    if missing := sorted(name for name in names if not called[name]):
        raise WorkspaceError(
            message("{folder} has no test called {names}", folder=folder, names=", ".join(missing)),
            hint="if its tests have changed since they were measured, measure them again",
        )
    gone = frozenset[Block]().union(*called.values())
    for file in files:
        tests = file.tests()
        if gone.isdisjoint(tests):
            continue
        stays = file.shares or not gone.issuperset(tests)
        if not stays and not _is_named(file.path, folder, generated):
            file.path.unlink()
        else:
            file.path.write_bytes(file.without(gone))


def find_tests(files: Iterable[TestFile], names: Iterable[str]) -> Mapping[str, frozenset[Block]]:
    """Return the tests in `files` that each of `names` means; there may be none."""
    tests = [test for file in files for test in file.tests()]
    return {name: frozenset(_called(name, tests)) for name in names}


def _called(name: str, tests: Iterable[Block]) -> list[Block]:
    """Return the tests called `name`: of those that match, those of which most is known.

    None if several match of which nothing is known.
    """
    found: dict[Block, int] = {}
    for test in tests:
        if known := [title.known for title in test.titles if title.matches(name)]:
            found[test] = max(known)
    best = [test for test, known in found.items() if known == max(found.values())]
    return best if len(best) == 1 or max(found.values(), default=0) else []


def _is_named(path: Path, folder: Path, generated: Collection[str]) -> bool:
    """Whether another file of the project has the name of the file `path`, as a whole word."""
    stem = re.escape(path.name.partition(".")[0] if path.suffix == ".py" else path.stem)
    word = re.compile(rf"(?<![\w-]){stem}(?![\w-])".encode())
    for parent, folders, files in os.walk(folder):
        folders[:] = [
            each for each in folders if not each.startswith(".") and each not in generated
        ]
        for each in (Path(parent) / name for name in files):
            if each == path or each.is_symlink() or each.stat().st_size > MAX_NAMING_BYTES:
                continue
            if word.search(each.read_bytes()):
                return True
    return False


def _without(data: bytes, cut: Block) -> bytes:
    """Return `data` without a block; whole lines go with the blank lines that they needed."""
    before, after = data[: cut.start], data[cut.end :]
    indent, rest = before[before.rfind(b"\n") + 1 :], after.partition(b"\n")[0]
    if indent.strip() or rest.strip():
        return before + cut.filler + after
    if cut.filler:
        return before + cut.filler + after
    before, after = before[: len(before) - len(indent)], after[len(rest) + 1 :]
    return _joined(before, after)


def _joined(before: bytes, after: bytes) -> bytes:
    """Join lines; of the blank lines between them, the more stay, and none beside a bracket."""
    head, tail = before.rstrip(), after.lstrip(b" \t\r\n")
    newline = b"\r\n" if b"\r\n" in before[len(head) :] else b"\n"
    blank = max(before[len(head) :].count(b"\n") - 1, _blank_lines(after))
    if not tail:
        return head + newline if head else b""
    if not head or head.endswith(_OPENS) or tail.startswith(_CLOSES):
        blank = 0
    indent = after[: len(after) - len(tail)].rpartition(b"\n")[2]
    return (head + newline * (blank + 1) if head else b"") + indent + tail


def _blank_lines(after: bytes) -> int:
    return after[: len(after) - len(after.lstrip())].count(b"\n")
