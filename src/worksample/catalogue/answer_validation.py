"""Validate the reference solutions and mutants of a challenge, and its starters."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from worksample.catalogue import loading
from worksample.catalogue.answers import MUTANTS, SOLUTIONS, STARTERS_ON, Answers, folders_in
from worksample.catalogue.mistakes import Mistake, matching_line
from worksample.catalogue.mutants import KEYS, header_of, read_mutant
from worksample.catalogue.own_test_validation import mistakes_in_own_tests
from worksample.catalogue.own_tests import OWN_TESTS
from worksample.catalogue.server_log_validation import mistakes_in_server_logs
from worksample.catalogue.server_logs import SERVER_LOGS
from worksample.catalogue.solutions import stack_of
from worksample.errors import CatalogueError, WorkspaceError
from worksample.messages import message
from worksample.stacks import detect


def starters(challenge: Path, databases: Collection[str], *, needed: bool) -> Iterator[Mistake]:
    """Yield what is wrong with the starters of a challenge, also on the other `databases`."""
    folder = challenge / "starters"
    found = folders_in(folder)
    yield from _none(folder, found, needed)
    for project in found.values():
        yield from _project(project, project)
    for changes in sorted((challenge / STARTERS_ON).glob("*/*")):
        database, stack = changes.parent.name, changes.name
        if database not in databases:
            wrong = message("the challenge offers no other database {name}", name=database)
            yield Mistake(changes, 0, wrong)
        elif stack not in found:
            yield Mistake(changes, 0, message("there is no starter {stack}", stack=stack))
        else:
            with tempfile.TemporaryDirectory(prefix="worksample-validate-") as place:
                whole = shutil.copytree(found[stack], Path(place) / stack)
                shutil.copytree(changes, whole, dirs_exist_ok=True)
                yield from _project(changes, whole)


def solutions(answers: Answers, *, needed: bool) -> Iterator[Mistake]:
    """Yield what is wrong with the reference solutions."""
    yield from _none(answers.folder / SOLUTIONS, answers.solutions, needed)
    for name, project in answers.solutions.items():
        try:
            with answers.whole(name) as whole:
                yield from _project(project, whole)
        except CatalogueError as error:
            yield Mistake(project, 0, error.message)


def _none(folder: Path, found: Collection[str], needed: bool) -> Iterator[Mistake]:
    if needed and not found:
        yield Mistake(folder, 0, "is empty: a challenge needs at least one")


def _project(project: Path, whole: Path) -> Iterator[Mistake]:
    """Yield what is wrong with a project, of which `whole` holds all files."""
    try:
        stack, stated = detect(whole).detection.stack, stack_of(whole)
    except (WorkspaceError, CatalogueError) as error:
        yield Mistake(project, 0, error.message)
        return
    if stack != stated:
        yield Mistake(
            project,
            0,
            message(
                "is recognised as {stack}, which is not the stack that it states ({stated})",
                stack=stack,
                stated=stated,
            ),
        )


def mutants(challenge: Path, answers: Answers) -> Iterator[Mistake]:
    """Yield what is wrong with the mutants in `answers` of the challenge in `challenge`."""
    active = _active_by_id(challenge)
    for path in sorted((answers.folder / MUTANTS).glob("*/*")):
        solution = path.parent.name
        if path.name in (OWN_TESTS, SERVER_LOGS):
            continue
        if path.suffix != ".patch":
            yield Mistake(path, 0, "is not a .patch file")
        elif not (answers.folder / SOLUTIONS / solution).is_dir():
            yield Mistake(
                path, 0, message("there is no reference solution {solution}", solution=solution)
            )
        else:
            yield from _mutant(path, answers, active)
    yield from mistakes_in_own_tests(answers)
    yield from mistakes_in_server_logs(answers)


def _mutant(path: Path, answers: Answers, active: Mapping[str, bool]) -> Iterator[Mistake]:
    text = path.read_text(encoding="utf-8")
    try:
        header = header_of(path)
        for key in sorted(set(header) - set(KEYS)):
            yield Mistake(
                path, matching_line(text, rf"^{key}:"), message("unknown key `{key}`", key=key)
            )
        mutant = read_mutant(path)
    except CatalogueError as error:
        yield Mistake(path, 0, error.message.removeprefix(f"{path}: "))
        return
    except (KeyError, TypeError) as error:
        yield Mistake(path, 0, message("`review` needs `where` and `says` ({error})", error=error))
        return
    at = matching_line(text, "^killed_by:")
    for name in mutant.killed_by:
        if name not in active:
            yield Mistake(path, at, message("the challenge has no check {name}", name=name))
    if not any(active.get(name) for name in mutant.killed_by):
        yield Mistake(path, at, "must name at least one check that is not passive")
    with answers.whole(path.parent.name) as solution:
        if not (solution / mutant.review_where).is_file():
            at = matching_line(text, "^review:")
            wrong = message("the reference solution has no file {file}", file=mutant.review_where)
            yield Mistake(path, at, wrong)
    yield from _applies(path, answers)


def _applies(path: Path, answers: Answers) -> Iterator[Mistake]:
    with tempfile.TemporaryDirectory(prefix="worksample-validate-") as folder:
        try:
            answers.copy(path.parent.name, Path(folder) / "app", read_mutant(path))
        except CatalogueError as error:
            yield Mistake(path, 0, error.message)


def _active_by_id(challenge: Path) -> dict[str, bool]:
    """Return for each check id whether the check sends requests (is not passive)."""
    try:
        checks, _ = loading.declared_in(challenge)
        return {check.id: check.function is not None for check in checks}
    except CatalogueError:
        return {}
