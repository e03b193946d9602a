"""Validate `own-tests.json` beside mutants: what it names exists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from worksample.catalogue.answers import MUTANTS, Answers
from worksample.catalogue.mistakes import Mistake, matching_line
from worksample.catalogue.own_tests import OWN_TESTS
from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.stacks import detect
from worksample.stacks.leaving_out import TestFile, find_tests


def mistakes_in_own_tests(answers: Answers) -> Iterator[Mistake]:
    """Yield what is wrong with the measured tests of each solution; nothing if there are none."""
    for path in sorted((answers.folder / MUTANTS).glob(f"*/{OWN_TESTS}")):
        solution = answers.solutions.get(path.parent.name)
        if solution is None:
            continue
        try:
            found = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
            written = detect(solution).stack.test_files(solution)
        except msgspec.MsgspecError as error:
            yield Mistake(path, 0, message("is broken: {error}", error=error))
        except WorkspaceError:
            continue  # a mistake of the solution
        else:
            yield from _entries(path, found, written)


def _entries(
    path: Path, found: Mapping[str, Any], written: Sequence[TestFile]
) -> Iterator[Mistake]:
    text = path.read_text(encoding="utf-8", errors="replace")
    for mutant, tests in found.items():
        at = matching_line(text, rf'^\s*"{re.escape(mutant)}"\s*:')
        for problem in _problems(path.with_name(f"{mutant}.patch"), tests, written):
            yield Mistake(path, at, message("{mutant}: {problem}", mutant=mutant, problem=problem))


def _problems(patch: Path, tests: Any, written: Sequence[TestFile]) -> Iterator[str]:
    """Yield what is wrong with the tests that a mutant is said to break."""
    if not patch.is_file():
        yield "there is no mutant of this name"
        return
    try:
        names = msgspec.convert(tests, tuple[str, ...])
    except msgspec.ValidationError as error:
        yield str(error)
        return
    for name, blocks in find_tests(written, names).items():
        if not blocks:
            yield message("the solution has no test {name}: measure again", name=name)
