"""Whether a workspace still shows the pull request as it was handed out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from worksample.messages import join_and, plural
from worksample.tasks.history import BRANCH, blobs_in
from worksample.tasks.trees import Tree, changed_lines

_MAX_SHOWN = 3


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The name of a pull request's branch, and the files that it changes.

    main, proposed: the git id of each of these files on both branches, "" for one that is not
    there.
    """

    branch: str
    main: Mapping[str, str]
    proposed: Mapping[str, str]


def handed_out(branch: str, base: Tree, proposed: Tree) -> HandedOut:
    """Return what to remember of a pull request from the tree `base` to the tree `proposed`."""
    paths = changed_lines(base, proposed)
    ids = ({path: _id_in(tree, path) for path in paths} for tree in (base, proposed))
    return HandedOut(branch, *ids)


def what_differs(folder: Path, known: HandedOut) -> Iterator[str]:
    """Yield sentences about what the workspace `folder` shows otherwise than it was handed out.

    A folder without a repository of its own is only asked for its files.
    """
    expected = {BRANCH: known.main, known.branch: known.proposed}
    blobs = blobs_in(folder, list(expected))
    rewritten = [name for name in expected if blobs and _differing(expected[name], blobs[name])]
    if rewritten:
        yield plural(
            len(rewritten),
            "the branch {names} is not as it was handed out: `git diff main` may show another "
            "change than pull-request.html, by which the review is judged",
            "the branches {names} are not as they were handed out: `git diff main` may show "
            "another change than pull-request.html, by which the review is judged",
            names=join_and(rewritten),
        )
    here = {path: _read(folder / path) for path in known.proposed if _is_file(folder / path)}
    if edited := _differing(known.proposed, {path: _id_in(here, path) for path in here}):
        yield plural(
            len(edited),
            "{paths} is not as the pull request has it: comments are compared with its lines in "
            "pull-request.html",
            "{paths} are not as the pull request has them: comments are compared with their lines "
            "in pull-request.html",
            paths=_some(edited),
        )


def _differing(expected: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    return [path for path, name in expected.items() if found.get(path, "") != name]


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _read(path: Path) -> bytes:
    """Return the content with the line ends of the repository."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def _id_in(tree: Tree, path: str) -> str:
    """Return the id that git gives the file at `path`, "" if there is none."""
    if path not in tree:
        return ""
    content = tree[path]
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()  # noqa: S324


def _some(paths: Sequence[str]) -> str:
    shown = list(paths[:_MAX_SHOWN])
    if more := len(paths) - len(shown):
        shown.append(plural(more, "one more file", "{count} more files"))
    return join_and(shown)
