"""Judge every reference whole, again and again: each run must accept it, in about the same time.

    python bench/acceptance.py [--challenge conduit] [--runs 20] [--only SOLUTION]...
                               [--json FILE] [--anew] [--table]

A round is one `worksample check` of each reference by the brief, one after the other, each round
with a seed of its own. In the second half of the rounds a neighbour keeps one core busy. A run's
seconds are those of the check without build and start; they are compared with those of
python-fastapi in the same round, in the rounds without the neighbour. The median of that is held
to 1.6.

The file is written after each run, and a stopped bench goes on from it (unless --anew); runs of a
reference are made again if the code of the checks or the reference has changed. The exit code is 1
if a run did not accept its reference, or a median is above the limit; `--table` only prints.

What this machine lacks a language or a service for is left out, and said.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from neighbour import busy_neighbour
from planted import BENCH, digest_of, files_of
from watching import worksample as run_worksample

import worksample
from worksample.calibration import Trials
from worksample.catalogue import Challenge, load
from worksample.checks import Verdict
from worksample.grading import codec
from worksample.whole_files import write_whole

YARDSTICK = "python-fastapi"
MOST_TIMES_SLOWER = 1.6
ACCEPTED = 0
#: Longer than any check of a reference, in seconds.
LONGEST_RUN = 1800.0
HEAD = "| solution | accepted | beside a neighbour | median | times python-fastapi | limit |"


@dataclass(frozen=True, slots=True)
class Run:
    """One check of a reference; `source` is a digest of what it depends on.

    `wrong` holds what was not passed, check by check, or why nothing was asked.
    """

    solution: str
    number: int
    busy: bool
    source: str
    accepted: bool
    seconds: float
    wrong: list[str]

    @property
    def key(self) -> tuple[str, int, bool]:
        """A key that is unique per run."""
        return self.solution, self.number, self.busy


class Runs:
    """The runs in a JSON file."""

    def __init__(self, path: Path | None, *, anew: bool) -> None:
        self._path = path
        known = json.loads(path.read_text("utf-8")) if path and path.exists() and not anew else []
        self.known = {run.key: run for run in (Run(**each) for each in known)}

    def has(self, key: tuple[str, int, bool], source: str) -> bool:
        """Return whether that run was made, of the same code."""
        return key in self.known and self.known[key].source == source

    def add(self, run: Run) -> None:
        """Add a run, and write all atomically."""
        self.known[run.key] = run
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps([asdict(each) for each in self.known.values()]) + "\n"
        write_whole(self._path, text.encode())

    def of(self, solution: str, *, busy: bool) -> list[Run]:
        """Return the runs of a solution, beside a neighbour or not."""
        return [run for run in self.known.values() if (run.solution, run.busy) == (solution, busy)]

    def times(self, solution: str) -> list[float]:
        """Return how often longer the runs of a solution took than the yardstick's."""
        found = {run.number: run.seconds for run in self.of(YARDSTICK, busy=False)}
        quiet = self.of(solution, busy=False)
        return [run.seconds / found[run.number] for run in quiet if found.get(run.number)]


def judge(folder: Path, challenge: Challenge, solution: str, key: tuple[str, int, bool]) -> Run:
    """Run `worksample check` on the reference in `folder`; raise `SystemExit` without a report."""
    _, number, busy = key
    with busy_neighbour(busy, LONGEST_RUN):
        seen = run_worksample(
            *("check", str(folder), "--challenge", challenge.id, "--spec", "brief"),
            *("--seed", str(number), "--json"),
        )
    if not seen.output:
        raise SystemExit("\n".join(line for _, line in seen.lines))
    report = codec.decode(seen.output)
    apart = sum(report.timings.get(name, 0.0) for name in ("building", "starting"))
    wrong = [str(report.problem.message)] if report.problem else []
    wrong += [
        f"{each.verdict}: {each.check.id}"
        for each in report.results
        if each.verdict is not Verdict.PASS
    ]
    accepted = seen.exit_code == ACCEPTED
    seconds = round(report.seconds - apart, 1)
    return Run(solution, number, busy, source_of(challenge, solution), accepted, seconds, wrong)


def source_of(challenge: Challenge, solution: str) -> str:
    """Return a digest of the checks and the machinery, and of the solution."""
    code = [*Path(worksample.__file__).parent.rglob("*.py")]
    code += (challenge.folder / "checks").rglob("*.py")
    return digest_of([*code, *files_of(challenge, solution)])


def bench(challenge: Challenge, solutions: Sequence[str], runs: int, results: Runs) -> None:
    """Make the runs that are missing, and print each."""
    answers = challenge.answers(BENCH)
    for number in range(runs):
        busy = number >= (runs + 1) // 2
        for solution in solutions:
            key = solution, number, busy
            if results.has(key, source_of(challenge, solution)):
                continue
            with tempfile.TemporaryDirectory(prefix="worksample-bench-") as place:
                folder = answers.copy(solution, Path(place) / solution)
                run = judge(folder, challenge, solution, key)
            results.add(run)
            verdict = "accepted" if run.accepted else "NOT ACCEPTED"
            beside = ", beside a neighbour" if busy else ""
            print(f"{solution}, run {number}{beside}: {verdict}, {run.seconds:.0f} s", flush=True)
            for line in run.wrong:
                print(f"    {line}", flush=True)


def table(solutions: Sequence[str], results: Runs) -> tuple[str, bool]:
    """Return all runs as a Markdown table, and whether they hold what is promised."""
    lines, holds = [HEAD, "| --- | ---: | ---: | ---: | ---: | --- |"], True
    for solution in solutions:
        quiet, beside = (results.of(solution, busy=busy) for busy in (False, True))
        times = results.times(solution)
        ratio = median(times) if times else 0.0
        met = ratio <= MOST_TIMES_SLOWER
        holds = holds and met and all(run.accepted for run in (*quiet, *beside))
        counts = [f"{sum(run.accepted for run in some)} of {len(some)}" for some in (quiet, beside)]
        seconds = f"{median(run.seconds for run in quiet):.0f} s" if quiet else "–"
        said = f"≤ {MOST_TIMES_SLOWER}{'' if met else ' **not met**'}"
        cells = (solution, *counts, seconds, f"{ratio:.2f}" if times else "–", said)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines), holds


def solutions_here(challenge: Challenge, only: Sequence[str]) -> list[str]:
    """Return the solutions that this machine can run, the yardstick first; name the others."""
    trials = Trials(challenge, stacks=tuple(only), planted=False)
    missing = asyncio.run(trials.not_here())
    for solution, why in missing.items():
        print(f"left out: {solution}: {why}", file=sys.stderr)
    found = [each for each in trials.chosen_stacks() if each not in missing]
    return sorted(found, key=lambda each: each != YARDSTICK)


def main() -> None:
    """Run the bench, print its table; exit with 1 if it does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--challenge", default="conduit")
    parser.add_argument("--runs", type=int, default=20, help="the second half has a neighbour")
    parser.add_argument("--only", action="append", default=[], metavar="SOLUTION")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--anew", action="store_true", help="discard the runs in the file")
    parser.add_argument("--table", action="store_true", help="only print the runs in the file")
    options = parser.parse_args()
    challenge = load(options.challenge)
    results = Runs(options.json, anew=options.anew)
    solutions = solutions_here(challenge, options.only)
    try:
        if not options.table:
            bench(challenge, solutions, options.runs, results)
    finally:
        lines, holds = table(solutions, results)
        print(f"\n{lines}")
    sys.exit(not holds)


if __name__ == "__main__":
    main()
