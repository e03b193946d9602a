"""Which of a reference solution's own tests each mutant breaks.

`own-tests.json` beside the mutants is measured: `bench/own_tests.py` writes it. It has the id of
each measured mutant, with the names of the tests that it breaks as
`worksample.targets.own_tests.run_own_tests` gives them. A task that plants a mutant leaves these
tests out, since they would name the defect.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from worksample.catalogue.measured import read_measured

OWN_TESTS = "own-tests.json"


def broken_own_tests(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the names of the tests that each mutant in `folder` breaks, sorted, by its id.

    A mutant with no names was measured and breaks none; one that is absent was not measured.
    Raises `BrokenChallenge` if the file is broken.
    """
    return read_measured(folder / OWN_TESTS, tuple[str, ...])
