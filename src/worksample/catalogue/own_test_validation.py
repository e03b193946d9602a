"""Validate `own-tests.json` beside mutants: what it names exists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from worksample.catalogue.answers import Answers
from worksample.catalogue.measured_validation import EntryProblems, mistakes_in_measured
from worksample.catalogue.mistakes import Mistake
from worksample.catalogue.own_tests import OWN_TESTS
from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.stacks import detect
from worksample.stacks.leaving_out import TestFile, find_tests


def mistakes_in_own_tests(answers: Answers) -> Iterator[Mistake]:
    """Yield what is wrong with the measured tests of each solution; nothing if there are none."""
    return mistakes_in_measured(answers, OWN_TESTS, _problems_in)


def _problems_in(solution: Path) -> EntryProblems | None:
    try:
        return partial(_problems, detect(solution).stack.test_files(solution))
    except WorkspaceError:
        return None


def _problems(written: Sequence[TestFile], _patch: Path, tests: Any) -> Iterator[str]:
    """Yield what is wrong with the tests that a mutant is said to break."""
    try:
        names = msgspec.convert(tests, tuple[str, ...])
    except msgspec.ValidationError as error:
        yield str(error)
        return
    for name, blocks in find_tests(written, names).items():
        if not blocks:
            yield message("the solution has no test {name}: measure again", name=name)
