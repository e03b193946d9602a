"""The workspace of a task: a git repository, with the task's files in its last commit."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from worksample.catalogue import Answers, Challenge, seal
from worksample.catalogue.workspace import ignored_files, is_taken, taken
from worksample.errors import MissingAnswers, UserError
from worksample.grading.sealing import seal_folder
from worksample.grading.shipped_tasks import shipped_stacks
from worksample.messages import message
from worksample.stacks.settings import SETTINGS_FILE
from worksample.tasks.history import Branch, Commit, write_history
from worksample.tasks.trees import Tree, write_tree

SEALED = "task.sealed"
_OF_EVERY_TASK = (SEALED, SETTINGS_FILE, ".gitignore")
_SETTINGS = """\
challenge = "{challenge}"
kind = "{kind}"
spec = "brief"
"""
_OWN_STATE = b".worksample/\n"


@dataclass(frozen=True, slots=True)
class Handout:
    """A task as it is handed out.

    kind: the id of the kind of work. name: the line that identifies the task.
    commits: the history of the repository, of which the last one is followed by another that adds
    `files` (path -> text), with `subject`. sealed: the files that judge the task.
    settings: what worksample.toml says beside challenge, kind and profile.
    branch: a branch that goes on from there and is checked out; it has the same added files.
    """

    kind: str
    name: str
    commits: Sequence[Commit]
    files: Mapping[str, str]
    subject: str
    sealed: Tree
    settings: str = ""
    branch: Branch | None = None


def make_task_workspace(challenge: Challenge, task: Handout, folder: Path) -> None:
    """Write the repository of `task` into the new folder `folder`.

    Raises `UserError` if it is not empty, or cannot be written.
    """
    if is_taken(folder):
        raise UserError(taken(folder), hint="Name another folder.")
    last = task.commits[-1]
    settings = message(_SETTINGS, challenge=challenge.id, kind=task.kind) + task.settings
    files = {**task.files, SEALED: _seal(task), SETTINGS_FILE: settings}
    added = {name: content.encode() for name, content in files.items()}
    added[".gitignore"] = last.tree.get(".gitignore", ignored_files().encode()) + _OWN_STATE
    handed_out = replace(
        last,
        subject=task.subject,
        when=last.when + timedelta(days=1),
        tree={**last.tree, **added},
    )
    branch = None
    if task.branch is not None:
        commits = [replace(each, tree={**each.tree, **added}) for each in task.branch.commits]
        branch = replace(task.branch, commits=commits)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_history(folder, [*task.commits, handed_out], branch)
    except OSError as error:
        raise UserError(
            message("{folder} cannot be written: {reason}.", folder=folder, reason=error.strerror)
        ) from None


def task_in(folder: Path, challenge: Challenge) -> str:
    """Return the name of the task in `folder`; raise `UserError` unless it is of `challenge`."""
    task = seal.task_of(folder / SEALED)
    made_for = task.split()[:2]
    if made_for != [challenge.id, challenge.version]:
        raise UserError(
            message(
                "{path} was made for {made_for}, and this is {challenge} {version}.",
                path=folder / SEALED,
                made_for=" ".join(made_for),
                challenge=challenge.id,
                version=challenge.version,
            ),
            hint="Make the task again in another folder.",
        )
    return task


def without_task(tree: Tree, *names: str) -> Tree:
    """Return the files of a repository without those that its task brought.

    These are files and folders called `names`, and those that every task brings.
    """
    brought = {*_OF_EVERY_TASK, *names}
    return {path: tree[path] for path in tree if path.split("/")[0] not in brought}


def offered_stacks(
    challenge: Challenge,
    kind: str,
    needed_by: str,
    serves: Callable[[Answers, str], bool] = Answers.has_measured_tests,
) -> Collection[str]:
    """Return the stacks in which tasks of `kind` can be made, or are shipped.

    These are those of the solutions that have what such a task needs, as `serves` says: by default
    it must be known which own tests their mutants break, since a repository with a defect leaves
    them out. Without the answers, they are those of shipped tasks, or if there are none, those that
    have a starter.
    """
    try:
        answers = challenge.answers(needed_by)
        return sorted(name for name in answers.families if serves(answers, name))
    except MissingAnswers:
        return shipped_stacks(challenge, kind) or challenge.stacks


def chosen_stack(challenge: Challenge, offered: Collection[str], wanted: str) -> str:
    """Return the stack `wanted`, or the only one; raise `UserError` if it is not `offered`."""
    if wanted in offered or (not wanted and len(offered) == 1):
        return wanted or next(iter(offered))
    problem = (
        "{challenge} has no repository in {stack}; available: {known}."
        if wanted
        else "{challenge} has repositories in more than one stack; available: {known}."
    )
    known = ", ".join(offered)
    raise UserError(message(problem, challenge=challenge.id, stack=repr(wanted), known=known))


def _seal(task: Handout) -> str:
    with tempfile.TemporaryDirectory() as place:
        write_tree(task.sealed, Path(place))
        return seal_folder(Path(place), task.name)
