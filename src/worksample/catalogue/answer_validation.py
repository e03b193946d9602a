"""Validate the reference solutions and mutants of a challenge, and its starters."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from worksample.catalogue import loading
from worksample.catalogue.answers import MUTANTS, SOLUTIONS, Answers
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


def projects(parent: Path, *, needed: bool) -> Iterator[Mistake]:
    """Yield what is wrong with the solutions or starters in `parent`."""
    if not parent.is_dir() or not any(parent.iterdir()):
        if needed:
            yield Mistake(parent, 0, "is empty: a challenge needs at least one")
        return
    for project in sorted(parent.iterdir()):
        try:
            stack, stated = detect(project).detection.stack, stack_of(project)
        except (WorkspaceError, CatalogueError) as error:
            yield Mistake(project, 0, error.message)
            continue
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
    if not (answers.solutions[path.parent.name] / mutant.review_where).is_file():
        at = matching_line(text, "^review:")
        yield Mistake(
            path, at, message("the reference solution has no file {file}", file=mutant.review_where)
        )
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
