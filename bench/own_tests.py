"""Measure which of a solution's own tests each mutant breaks: `own-tests.json` beside the mutants.

    python bench/own_tests.py [CHALLENGE] [SOLUTION] [--mutant NAME]... [--jobs N]

Mutants that the file has are left out, unless `--mutant` names them; the file is written after
each, so that a measurement which was interrupted goes on. A test counts as broken if it passes on
the reference, and in two runs with the mutant fails, ends in an error, or does not end. One that
fails in a single run is printed as unsteady and not recorded.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from worksample.catalogue import Answers, Challenge, Mutant, load, load_all
from worksample.catalogue.answers import MUTANTS
from worksample.catalogue.measured import as_json
from worksample.catalogue.own_tests import OWN_TESTS, broken_own_tests
from worksample.grading import StartedServices, started
from worksample.services import Resource
from worksample.stacks import BuiltSubmission, detect, load_settings
from worksample.stacks.leaving_out import Block, find_tests
from worksample.stacks.testing import Outcome
from worksample.targets.own_tests import OwnTestRun, run_own_tests

_BENCH = "the measurement of own tests"
#: How long a run with a mutant may take: as many times as one of the reference, and the seconds.
_SLOWER, _AT_LEAST = 3.0, 60.0
_MORE_RUNS = 4


@dataclass(frozen=True, slots=True)
class Measurement:
    """What the mutants of one reference solution are compared with, and where they run."""

    answers: Answers
    solution: str
    servers: StartedServices
    passing: frozenset[str] = frozenset()
    timeout: float = 300.0

    async def broken_by(self, mutant: Mutant) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the tests that `mutant` breaks, and those that failed once.

        Those that failed are run again on their own, and with all others while they pass: a test
        that races find fails now and then.
        """
        suspects = await self.failing(mutant, self.passing)
        broken = await self.failing(mutant, suspects)
        for _ in range(_MORE_RUNS):
            if suspects == broken:
                break
            broken |= suspects & await self.failing(mutant, self.passing)
        return tuple(sorted(broken)), tuple(sorted(suspects - broken))

    async def failing(self, mutant: Mutant, tests: frozenset[str]) -> frozenset[str]:
        """Run `tests` with `mutant` planted; return those that do not pass.

        If they do not come to an end, each half is run on its own, down to a single test.
        """
        if not tests:
            return tests
        others = (each for each in self.groups(self.passing) if each.isdisjoint(tests))
        async with self.built(mutant, frozenset().union(*others)) as built:
            done = await self.run(built, len(tests) / len(self.passing))
        if not done.problem:
            return tests - _passed(done)
        print(f"{self.solution}/{mutant.id}: {len(tests)} tests: {done.problem}", flush=True)
        groups = self.groups(tests)
        if len(groups) == 1:
            return tests
        halves = groups[: len(groups) // 2], groups[len(groups) // 2 :]
        found = [await self.failing(mutant, frozenset().union(*half)) for half in halves]
        return frozenset().union(*found)

    def groups(self, tests: frozenset[str]) -> list[frozenset[str]]:
        """Return `tests` in the groups that can only be left out together, sorted."""
        folder = self.answers.solutions[self.solution]
        found: dict[frozenset[Block], set[str]] = {}
        written = detect(folder).stack.test_files(folder)
        for name, blocks in find_tests(written, sorted(tests)).items():
            found.setdefault(blocks, set()).add(name)
        return [frozenset(each) for each in found.values()]

    @asynccontextmanager
    async def built(
        self, mutant: Mutant | None = None, leaving_out: Collection[str] = ()
    ) -> AsyncIterator[BuiltSubmission]:
        """Build a copy of the solution with `mutant`, without some of its tests."""
        with tempfile.TemporaryDirectory(prefix="worksample-own-tests-") as place:
            to = Path(place) / "app"
            folder = await asyncio.to_thread(self.answers.copy, self.solution, to, mutant)
            plan = detect(folder)
            plan.stack.without_tests(folder, leaving_out)
            async with plan.build(tests=True) as built:
                yield built

    async def run(self, built: BuiltSubmission, share: float = 1.0) -> OwnTestRun:
        """Run the own tests, or a `share` of them, with resources of their own."""
        timeout = _AT_LEAST + self.timeout * share
        async with _resources(self.servers) as resources:
            return await run_own_tests(built, resources, timeout=timeout)


def _passed(done: OwnTestRun) -> frozenset[str]:
    return frozenset(each.name for each in done.results if each.outcome is Outcome.PASSED)


@asynccontextmanager
async def _resources(servers: StartedServices) -> AsyncIterator[Sequence[Resource]]:
    resources = await servers.create_resources()
    try:
        yield resources
    finally:
        for each in resources:
            await each.drop()


async def measure(
    challenge: Challenge, solution: str, named: Sequence[str] = (), jobs: int = 1
) -> None:
    """Measure the mutants of `solution` that are not in the file yet, or those that are `named`."""
    answers = challenge.answers(_BENCH)
    folder = answers.folder / MUTANTS / solution
    known = dict(broken_own_tests(folder))
    todo = [
        each
        for each in answers.mutants(solution)
        if (each.id in named if named else each.id not in known)
    ]
    if not todo:
        return
    services = challenge.services.choose(load_settings(answers.solutions[solution]))
    async with started(challenge, services, {}) as servers:
        measurement = await _of_reference(answers, solution, servers)
        gate = asyncio.Semaphore(jobs)

        async def one(mutant: Mutant) -> None:
            async with gate:
                began = time.monotonic()
                known[mutant.id], unsteady = await measurement.broken_by(mutant)
                (folder / OWN_TESTS).write_bytes(as_json(known))
                took = time.monotonic() - began
                names = ", ".join(known[mutant.id]) or "none"
                print(f"{solution}/{mutant.id}: {names} ({took:.0f} s)", flush=True)
                for name in unsteady:
                    print(f"{solution}/{mutant.id}: UNSTEADY: {name}", flush=True)

        async with asyncio.TaskGroup() as group:
            for each in todo:
                group.create_task(one(each))


async def _of_reference(answers: Answers, solution: str, servers: StartedServices) -> Measurement:
    """Run the tests of the reference twice; those that pass both times are compared with."""
    clean = Measurement(answers, solution, servers)
    async with clean.built() as built:
        first = _passed(await clean.run(built))
        began = time.monotonic()
        second = _passed(await clean.run(built))
    took = time.monotonic() - began
    print(f"{solution}: {len(first & second)} tests in {took:.1f} s", flush=True)
    for name in sorted(first ^ second):
        print(f"{solution}: UNSTEADY on the reference: {name}", flush=True)
    return Measurement(answers, solution, servers, first & second, took * _SLOWER)


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("challenge", nargs="?", default="")
    parser.add_argument("solution", nargs="?", default="")
    parser.add_argument("--mutant", action="append", default=[])
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    for challenge in [load(options.challenge)] if options.challenge else load_all():
        for solution in challenge.answers(_BENCH).families:
            if options.solution in ("", solution):
                asyncio.run(measure(challenge, solution, options.mutant, options.jobs))


if __name__ == "__main__":
    main()
