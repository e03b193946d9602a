"""A git repository with a history that was made, not lived."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from worksample.errors import InternalError
from worksample.messages import message
from worksample.tasks.trees import Tree

BRANCH = "main"


@dataclass(frozen=True, slots=True)
class Author:
    """Who commits."""

    name: str

    @property
    def email(self) -> str:
        """An address that belongs to nobody (RFC 2606)."""
        return f"{self.name.split()[0].lower()}@example.com"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit and the whole tree after it: path -> content."""

    subject: str
    author: Author
    when: datetime
    tree: Tree


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch that begins at the end of the main branch, and its commits."""

    name: str
    commits: Sequence[Commit]


def write_history(folder: Path, commits: Iterable[Commit], branch: Branch | None = None) -> str:
    """Make a git repository in the folder `folder` with `commits`; return the last one's id.

    `branch` goes on from there, and is checked out. The folder contains the last tree afterwards.
    The same commits give the same ids. Raises `InternalError` if git is not installed or fails.
    """
    _git(folder, "init", "--quiet", f"--initial-branch={BRANCH}")
    imported = [_imported(each, BRANCH) for each in commits]
    if branch is not None:
        begin = b"reset refs/heads/%s\nfrom refs/heads/%s\n\n"
        imported += [begin % (branch.name.encode(), BRANCH.encode())]
        imported += [_imported(each, branch.name) for each in branch.commits]
    _git(folder, "fast-import", "--quiet", stdin=b"".join(imported))
    if branch is not None:
        _git(folder, "symbolic-ref", "HEAD", f"refs/heads/{branch.name}")
    _git(folder, "reset", "--quiet", "--hard")
    return _git(folder, "rev-parse", "HEAD").decode().strip()


def blobs_in(folder: Path, branches: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the ids of the files (path -> id) that each of `branches` holds; none if it is gone.

    Empty if `folder` is no repository of its own, or git cannot read it.
    """
    try:
        there = _look(folder, "for-each-ref", "--format=%(refname)", "refs/heads").decode().split()
        return {
            name: _blobs(folder, name) if f"refs/heads/{name}" in there else {} for name in branches
        }
    except InternalError:
        return {}


def _blobs(folder: Path, branch: str) -> dict[str, str]:
    listed = _look(folder, "ls-tree", "-r", "-z", f"refs/heads/{branch}").split(b"\0")
    entries = (line.partition(b"\t") for line in listed if line)
    return {os.fsdecode(path): head.split()[2].decode() for head, _, path in entries}


def pack_repository(folder: Path, to: Path) -> None:
    """Write the repository in `folder`, with its history, to the file `to` (a git bundle).

    Raises `InternalError` if git is not installed or fails.
    """
    _git(folder, "bundle", "create", "--quiet", str(to.resolve()), "HEAD", "--branches")


def unpack_repository(pack: Path, folder: Path) -> None:
    """Make the repository of the file `pack` in the new folder `folder`, with all its branches.

    A bundle holds files and commits only: nothing in it is run. Raises `InternalError`, also for a
    file that is no bundle.
    """
    packed = str(pack.resolve())
    _git(folder, "clone", "--quiet", "--no-hardlinks", packed, ".")
    _git(folder, "fetch", "--quiet", "--update-head-ok", packed, "refs/heads/*:refs/heads/*")
    _git(folder, "remote", "remove", "origin")


def _imported(commit: Commit, branch: str) -> bytes:
    """Return the commit in the format of git-fast-import(1)."""
    who = f"{commit.author.name} <{commit.author.email}> {int(commit.when.timestamp())} +0000"
    lines = [f"commit refs/heads/{branch}\nauthor {who}\ncommitter {who}\n".encode()]
    lines += [_data(f"{commit.subject}\n".encode()), b"deleteall\n"]
    for path, content in sorted(commit.tree.items()):
        lines += [f"M 100644 inline {path}\n".encode(), _data(content)]
    return b"".join(lines)


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _look(folder: Path, *arguments: str) -> bytes:
    """Run git in a repository that others may have set up: it fetches nothing for them."""
    return _git(folder, *arguments, GIT_ALLOW_PROTOCOL="", GIT_NO_LAZY_FETCH="1")


def _git(folder: Path, *arguments: str, stdin: bytes = b"", **environment: str) -> bytes:
    """Run git without the user's settings; return what it prints."""
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(folder)}
    own["GIT_CEILING_DIRECTORIES"] = str(folder.resolve().parent)
    try:
        done = subprocess.run(
            ("git", *arguments),
            cwd=folder,
            input=stdin,
            capture_output=True,
            check=False,
            env={"PATH": os.environ["PATH"], **own, **environment},
        )
    except FileNotFoundError:
        raise InternalError(
            "git is not installed; a task is a git repository.", hint="Install git."
        ) from None
    if done.returncode:
        raise InternalError(
            message(
                "git {command} failed: {reason}",
                command=arguments[0],
                reason=done.stderr.decode(errors="replace").strip(),
            )
        )
    return done.stdout
