"""Detection rate of planted races and crashes: by systematic search, and by bursts of 50 requests.

    python bench/detection.py [--runs 200] [--questions 1000] [--bursts 50] [--seconds S] [--busy]
                              [--stack S] [--mutant M] [--kind races] [--sample N] [--no-mutants]
                              [--json FILE]
    python bench/detection.py --json FILE --table

Every mutant that names a check of the aspect concurrency (races) or of clause V1 (crashes) is built
once. Its named checks run `--runs` times, each time with another seed; a lab is used for up to 20
runs. A run detects the mutant if *all* named checks fail. On the references, all checks of that
kind run until `--questions` of them are asked; there, every finding is false.

For named checks that search for a race of two requests, two sorts of bursts of 50 are sent as well
(see `bursting.py`). A burst detects the mutant if it shows *any* of its races.

`--seconds` limits the time per row, which has no limit otherwise; two thirds of it are for the
search. `--busy` keeps one core busy with another program. Each row is printed when it is done, and
the file is updated after every run. A stopped benchmark resumes from the file unless `--anew` is
given. Rows with incomplete runs are continued, rows whose code has changed are measured again.

A solution on another database (`--stack node-express-mysql`) is measured on that. The aim there is
every race in 200 of 200 runs, and no finding in 1,000 questions to the reference:

    python bench/detection.py --stack node-express-mysql --kind races --bursts 0 --json FILE
"""

from __future__ import annotations

import argparse
import asyncio
import math
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import uvloop
from bursting import Bursts, is_race
from neighbour import busy_neighbour
from planted import BENCH, KINDS, Task, tasks
from tallies import SORTS, ResultsFile, Row, head, table

from worksample.catalogue import load
from worksample.checks import Check, CheckContext, CheckResult, Verdict
from worksample.checks.check_run import CheckRun
from worksample.checks.check_runner import CheckRunner
from worksample.checks.request_kinds import RequestKinds
from worksample.checks.silences import Silences
from worksample.errors import SubmissionError
from worksample.grading import RunningServer, open_context, started
from worksample.services import Server
from worksample.stacks import BuiltSubmission, detect, load_settings
from worksample.targets import Lab

RUNS_IN_A_LAB = 20
SEARCHING = 2 / 3
MAX_FAILED_STARTS = MAX_UNJUDGED_BURSTS = 3
MAX_CHECK_SECONDS = 600.0


@asynccontextmanager
async def built(task: Task) -> AsyncIterator[BuiltSubmission]:
    """Build the reference with the mutant applied."""
    with tempfile.TemporaryDirectory(prefix="worksample-bench-") as temporary:
        answers = task.challenge.answers(BENCH)
        folder = answers.copy(task.stack, Path(temporary) / "app", task.mutant)
        async with detect(folder, load_settings(folder)).build() as made:
            yield made


class RowMeasurement:
    """Fills one row: opens labs, runs the checks in them, then sends bursts."""

    def __init__(
        self, task: Task, row: Row, results: ResultsFile, options: argparse.Namespace
    ) -> None:
        self._task, self._row, self._results = task, row, results
        questioned = math.ceil(options.questions / len(task.checks))
        self._runs = options.runs if task.mutant else questioned
        self._bursts = options.bursts if task.mutant else 0
        self._races = [check for check in task.checks if is_race(check)]
        now = time.monotonic()
        self._search_ends = now + options.seconds * (SEARCHING if self._races else 1)
        self._ends = now + options.seconds
        self._bursting, self._unjudged = Bursts(), Counter[str]()

    async def go(self) -> None:
        """Measure until the row is complete, time is up, or the server fails to start too often."""
        failed_starts = 0
        challenge = self._task.challenge
        async with (
            built(self._task) as made,
            started(challenge, challenge.services.choose(made.settings), {}) as services,
        ):
            servers = list(services.servers.values())
            while self._wants_search() or self._wanted_bursts():
                known = len(self._row.asked)
                try:
                    async with self._lab(made, servers) as context:
                        await self._use(context)
                except SubmissionError as error:
                    if len(self._row.asked) > known:
                        continue  # the defect broke the lab after a result was recorded
                    self._row.odd.append(f"a lab failed: {error.message}")
                    failed_starts += 1
                    if failed_starts == MAX_FAILED_STARTS:
                        return
                finally:
                    self._results.save()

    @asynccontextmanager
    async def _lab(
        self, made: BuiltSubmission, servers: Sequence[Server]
    ) -> AsyncIterator[CheckContext]:
        async with Lab.open(made, servers) as lab:
            standing = RunningServer(lab.target, lab.database)
            settings = made.settings
            async with open_context(self._task.challenge, standing, settings, 0) as context:
                yield replace(context, lab=lab)

    async def _use(self, context: CheckContext) -> None:
        """Measure in one lab. Its database grows with each run, so the runs per lab are limited."""
        until = min(self._runs, self._row.runs + RUNS_IN_A_LAB)
        while self._wants_search() and self._row.runs < until:
            await self._run(context)
            self._results.save()
        while not self._wants_search() and (sorts := self._wanted_bursts()):
            for sort in sorts:
                await self._burst(context, sort)
            self._results.save()

    def _wants_search(self) -> bool:
        begun = len(self._row.asked) % len(self._row.checks)
        in_time = time.monotonic() < self._search_ends or not self._row.asked
        return (self._row.runs < self._runs or begun > 0) and in_time

    def _wanted_bursts(self) -> list[str]:
        """Return the sorts of bursts that are still to be sent."""
        if not self._races or time.monotonic() > self._ends:
            return []
        sent = {sort: len(self._row.bursts.get(sort, ())) for sort in SORTS}
        possible = [sort for sort in SORTS if self._unjudged[sort] < MAX_UNJUDGED_BURSTS]
        return [sort for sort in possible if sent[sort] < self._bursts]

    async def _run(self, context: CheckContext) -> None:
        """Run each check once, or the rest of a run that was interrupted."""
        number, begun = divmod(len(self._row.asked), len(self._row.checks))
        inside = replace(context, seed=number, shared={})
        for check in self._task.checks[begun:]:
            result = await self._ask(inside, check)
            self._row.asked.append((str(result.verdict), round(result.seconds, 3)))
            wanted = Verdict.FAIL if self._task.mutant else Verdict.PASS
            if result.verdict is not wanted:
                self._row.odd.append(f"{check.id}, seed {number}: {describe(result)}")
            await _lab(context).restore()
            if time.monotonic() > self._search_ends:
                return

    async def _ask(self, context: CheckContext, check: Check) -> CheckResult:
        """Run a check, and once more if it timed out, as in a real run."""
        result = None
        for attempt in (0, 1):
            if attempt:
                await _lab(context).restore()
            inside = replace(context, shared=context.shared if not attempt else {}).for_lab(
                _lab(context)
            )
            try:
                runner = CheckRunner(inside, self._task.challenge.world, _nothing_known(inside))
                asked = await runner.run(check, attempt)
            finally:
                await inside.close()
            result = with_precondition_failure(asked)
            if not asked.timed_out:
                break
        assert result is not None
        return result

    async def _burst(self, context: CheckContext, sort: str) -> None:
        """Send a burst for each race. The salt makes the generated names unique."""
        sent = self._row.bursts.setdefault(sort, [])
        inside = replace(context, seed=len(sent), salt=f"burst {sort}", shared={})
        shown: list[bool] = []
        for check in self._races:
            with self._bursting.replacing_search(check, sort, shown):
                await self._ask(inside, check)
            await _lab(context).restore()
            if time.monotonic() > self._ends and not any(shown):
                return  # incomplete and without a finding: not counted
        if shown:
            sent.append(any(shown))
        else:
            self._unjudged[sort] += 1


def _nothing_known(context: CheckContext) -> Silences:
    """Return a record of missing answers without any: nothing is left out for one."""
    kinds = RequestKinds(context.contract, context.dialect.prefix)
    return Silences(kinds, context.client.limits.timeout)


def _lab(context: CheckContext) -> Lab:
    assert context.lab is not None
    return context.lab


def with_precondition_failure(asked: CheckRun) -> CheckResult:
    """Return the result; a check blocked by a precondition fails with its finding.

    The engine does the same when the check of that precondition has passed.
    """
    if asked.result.verdict is Verdict.BLOCKED and asked.precondition is not None:
        return replace(asked.result, verdict=Verdict.FAIL, findings=(asked.precondition,))
    return asked.result


def describe(result: CheckResult) -> str:
    """Return the result of a check in one line."""
    findings = "; ".join(f"{each.expected} / {each.actual}" for each in result.findings)
    return f"{result.verdict} {findings or result.reason or result.blocked_by}".strip()


async def bench(todo: Iterable[Task], results: ResultsFile, options: argparse.Namespace) -> None:
    """Measure the tasks in order; print each row and its unexpected results when it is done."""
    print(head(), flush=True)
    this = asyncio.current_task()
    assert this is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    for task in todo:
        row = results.row(task.fresh(options.busy))
        reported = len(row.odd)
        with busy_neighbour(options.busy, 2 * options.seconds + MAX_CHECK_SECONDS):
            await RowMeasurement(task, row, results, options).go()
        print(row.line(), flush=True)
        for line in row.odd[reported:]:
            print(f"    {line}", file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--challenge", default="conduit")
    parser.add_argument("--runs", type=int, default=200, help="of each mutant")
    parser.add_argument("--questions", type=int, default=1000, help="to each reference, at least")
    parser.add_argument("--bursts", type=int, default=50, help="per sort and mutant")
    parser.add_argument("--seconds", type=float, default=math.inf, help="approximate, per row")
    parser.add_argument("--stack", default="")
    parser.add_argument("--mutant", default="")
    parser.add_argument("--kind", default="", choices=KINDS)
    parser.add_argument("--sample", type=int, default=0, help="number of mutants, sampled")
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("--references", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--mutants", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--anew", action="store_true", help="discard the results in the file")
    parser.add_argument("--table", action="store_true", help="only print the results in the file")
    return parser.parse_args()


def main() -> None:
    """Run the benchmark; at the end, also when interrupted, print all results as a table."""
    options = arguments()
    results = ResultsFile(options.json, anew=options.anew)
    try:
        if not options.table:
            uvloop.run(bench(tasks(load(options.challenge), options), results, options))
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("stopped", file=sys.stderr)
    finally:
        results.save()
        print(f"\n{table(results.rows.values())}")


if __name__ == "__main__":
    main()
