"""Validate files of measured values beside mutants: each entry is asked for its problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from worksample.catalogue.answers import MUTANTS, Answers
from worksample.catalogue.mistakes import Mistake, matching_line
from worksample.messages import message

#: Yields what is wrong with what was measured of a mutant, given its patch and the value.
EntryProblems = Callable[[Path, Any], Iterator[str]]


def mistakes_in_measured(
    answers: Answers, name: str, problems_in: Callable[[Path], EntryProblems | None]
) -> Iterator[Mistake]:
    """Yield what is wrong with the files called `name` beside the mutants of each solution.

    `problems_in` takes the folder of a solution; it returns None if that cannot be validated, which
    is a mistake of the solution.
    """
    for path in sorted((answers.folder / MUTANTS).glob(f"*/{name}")):
        if path.parent.name not in answers.solutions:
            continue
        data = path.read_bytes()
        try:
            found = msgspec.json.decode(data, type=dict[str, Any])
        except msgspec.MsgspecError as error:
            yield Mistake(path, 0, message("is broken: {error}", error=error))
            continue
        with answers.whole(path.parent.name) as solution:
            problems_of = problems_in(solution)
            for mutant, problem in _problems(path, found, problems_of) if problems_of else ():
                at = matching_line(data.decode(), rf'^\s*"{re.escape(mutant)}"\s*:')
                yield Mistake(
                    path, at, message("{mutant}: {problem}", mutant=mutant, problem=problem)
                )


def _problems(
    path: Path, found: dict[str, Any], problems_of: EntryProblems
) -> Iterator[tuple[str, str]]:
    """Yield each problem with the name of its mutant."""
    for mutant, value in found.items():
        patch = path.with_name(f"{mutant}.patch")
        if not patch.is_file():
            yield mutant, "there is no mutant of this name"
            continue
        for problem in problems_of(patch, value):
            yield mutant, problem
