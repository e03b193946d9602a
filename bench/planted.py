"""The tasks of bench/detection.py: references and mutants, and the checks to run on each."""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tallies import Row

import worksample
from worksample.catalogue import Challenge, Mutant
from worksample.catalogue.solutions import base_of
from worksample.checks import Aspect, Check

#: What needs the answers of the challenge.
BENCH = "the benchmark"
KINDS = RACES, CRASHES = "races", "crashes"
PACKAGES = ("checks", "probes", "wire", "targets", "services", "sandbox", "stacks")


def kind_of(check: Check) -> str:
    """Return the kind of defect that a check detects, "" if this benchmark does not measure it."""
    if check.aspect is Aspect.CONCURRENCY:
        return RACES
    return CRASHES if check.aspect is Aspect.RESILIENCE and check.clause == "V1" else ""


@dataclass(frozen=True, slots=True)
class Task:
    """What one row measures: a reference, or a mutant of it, and the checks to run."""

    challenge: Challenge
    stack: str
    mutant: Mutant | None
    kind: str
    checks: tuple[Check, ...]

    def fresh(self, busy: bool) -> Row:
        """Return a new row without results."""
        name = self.mutant.id if self.mutant else ""
        names = [check.id for check in self.checks]
        return Row(self.stack, name, self.kind, busy, names, self._digest())

    def _digest(self) -> str:
        """Return a digest of all code on which the results depend."""
        source, here = Path(worksample.__file__).parent, Path(__file__).parent
        code = [path for package in PACKAGES for path in (source / package).rglob("*.py")]
        code += [here / name for name in ("detection.py", "bursting.py", "planted.py")]
        code += [*(self.challenge.folder / "checks").rglob("*.py")]
        code += files_of(self.challenge, self.stack)
        code += [self.mutant.path] if self.mutant else []
        return digest_of(code)


def digest_of(code: Iterable[Path]) -> str:
    """Return a digest of the contents of files."""
    digest = hashlib.sha256()
    for path in sorted(code):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def files_of(challenge: Challenge, solution: str) -> Iterator[Path]:
    """Yield the files of a reference solution, and of the one that it lies over."""
    own = challenge.answers(BENCH).solutions[solution]
    base = base_of(own)
    for folder in (own, base) if base else (own,):
        yield from _sources(folder)


def _sources(folder: Path) -> Iterator[Path]:
    skipped = {"node_modules", ".venv", "__pycache__", ".worksample"}
    files = (path for path in folder.rglob("*") if path.is_file())
    return (path for path in files if not skipped & set(path.parts))


def tasks(challenge: Challenge, options: argparse.Namespace) -> Iterator[Task]:
    """Yield the tasks: references first, then mutants (`--sample` of them, chosen at random)."""
    kinds = [kind for kind in KINDS if options.kind in ("", kind)]
    answers = challenge.answers(BENCH)
    stacks = [stack for stack in answers.solutions if options.stack in ("", stack)]
    if options.references and not options.mutant:
        for stack in stacks:
            for kind in kinds:
                yield from _task(challenge, stack, None, kind)
    planted = [
        task
        for stack in stacks
        for mutant in (answers.mutants(stack) if options.mutants else ())
        if options.mutant in ("", mutant.id)
        for kind in kinds
        for task in _task(challenge, stack, mutant, kind)
    ]
    rng = random.Random(0)
    yield from rng.sample(planted, min(options.sample or len(planted), len(planted)))


def _task(challenge: Challenge, stack: str, mutant: Mutant | None, kind: str) -> Iterator[Task]:
    """Yield the task if there are checks to run."""
    checks = tuple(
        check
        for check in challenge.checks
        if kind_of(check) == kind and (mutant is None or check.id in mutant.killed_by)
    )
    if checks:
        yield Task(challenge, stack, mutant, kind, checks)
