"""How surely planted races and crashes are found: by search, and by bursts of 50 alone.

    python bench/detection.py [--runs 200] [--seconds 60] [--stack S] [--mutant M] [--busy]
                              [--no-references] [--no-mutants] [--json FILE]

Every mutant that names a check of the aspect concurrency, or one of clause V1, is built and started
once; its named checks are then asked `--runs` times, each time with another seed (for at most
`--seconds` a mutant). A run counts as found when every named check fails. The references are asked
the same checks: there every finding is a wrong one.

Beside it, where the check is a race of two requests: 25 such pairs on fresh data, all 50 requests
sent at one moment, judged by the same judge.

`--busy` keeps another process computing meanwhile. Each row is printed, and with `--json` saved,
when it is done.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import uvloop

from worksample.catalogue import Challenge, Mutant, load
from worksample.checks import Arena, Aspect, Check, Verdict
from worksample.checks.asking import Asker
from worksample.checks.contest import Contest
from worksample.checks.either_order import acceptable
from worksample.errors import StartFailed
from worksample.grading import Standing, arena_on
from worksample.services.postgres import PostgresServer
from worksample.stacks import load_settings, recognise
from worksample.targets import Lab

PAIRS = 25
#: Names are made from the seed: a database that has seen one must not be asked with it again.
OTHER_SEEDS = 1_000_000
BURNER = "import time\nend = time.monotonic() + {}\nwhile time.monotonic() < end: pass\n"
LONGEST_BUSY = 3600.0
HEAD = """| stack | defect | found | by a burst of 50 | to the finding: median, worst |
| --- | --- | --- | --- | --- |"""
Say = Callable[["Row"], None]


@dataclass(frozen=True, slots=True)
class Row:
    """How often the defect of a mutant was found; a reference has none, and is found by mistake.

    Seconds are those from the beginning of a check to its finding. `bursts` and `by_bursts` are
    how many bursts of 50 were sent, and how many of them showed it. `odd` are checks that passed on
    a mutant, or did not on a reference.
    """

    stack: str
    mutant: str
    checks: tuple[str, ...]
    runs: int
    found: int
    median: float
    worst: float
    bursts: int
    by_bursts: int
    odd: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The row of a table in Markdown."""
        burst = f"{self.by_bursts} of {self.bursts}" if self.bursts else "–"
        when = f"{self.median:.2f} s, {self.worst:.2f} s" if self.found else "–"
        name = self.mutant or "the reference"
        return f"| {self.stack} | {name} | {self.found} of {self.runs} | {burst} | {when} |"


def searched(check: Check) -> bool:
    """Whether the check is one of those that this bench is about."""
    return check.aspect is Aspect.CONCURRENCY or (
        check.aspect is Aspect.RESILIENCE and check.clause == "V1"
    )


@asynccontextmanager
async def laboratory(
    challenge: Challenge, stack: str, mutant: Mutant | None, server: PostgresServer
) -> AsyncIterator[Arena]:
    """Build and start a reference or a mutant of it in a lab, and get to know it."""
    with tempfile.TemporaryDirectory(prefix="worksample-bench-") as place:
        folder = Path(place) / "app"
        leave = shutil.ignore_patterns("node_modules", ".venv")
        shutil.copytree(challenge.solutions[stack], folder, ignore=leave)
        if mutant is not None:
            mutant.apply(folder)
        settings = load_settings(folder)
        async with recognise(folder, settings).build() as built, Lab.open(built, server) as lab:
            standing = Standing(lab.target, lab.database)
            async with arena_on(challenge, standing, settings, 0) as arena:
                yield replace(arena, lab=lab)


async def ask(challenge: Challenge, arena: Arena, check: Check, seed: int) -> tuple[Verdict, float]:
    """Ask a check once; return its verdict and its seconds."""
    assert arena.lab is not None
    inside = replace(arena, seed=seed, shared={}).inside(arena.lab)
    try:
        result = (await Asker(inside, challenge.world).ask(check)).result
    finally:
        await inside.close()
    return result.verdict, result.seconds


class Tally:
    """What came of asking some checks again and again.

    `found` counts the runs in which all failed (`strict`), or any; `took` are the seconds of each
    that failed, `odd` the checks that did not do as most.
    """

    def __init__(self, checks: Sequence[Check], runs: int, seconds: float, strict: bool) -> None:
        self.runs = self.found = 0
        self.took: list[float] = []
        self.odd: set[str] = set()
        self._checks, self._most, self._strict = checks, runs, strict
        self._ends = time.monotonic() + seconds

    @property
    def done(self) -> bool:
        """Whether that is enough."""
        return self.runs >= self._most or (self.runs > 0 and time.monotonic() > self._ends)

    async def go_on(self, challenge: Challenge, arena: Arena) -> None:
        """Ask on, until it is enough or the lab is beyond mending."""
        assert arena.lab is not None
        while not self.done:
            verdicts: dict[str, Verdict] = {}
            for check in self._checks:
                verdict, seconds = await ask(challenge, arena, check, self.runs)
                verdicts[check.id] = verdict
                self.took += [seconds] if verdict is Verdict.FAIL else []
                if not await mended(arena.lab):
                    break
            else:
                self._count(verdicts)
                continue
            self._count(verdicts)
            return

    def _count(self, verdicts: dict[str, Verdict]) -> None:
        failed = {name for name, verdict in verdicts.items() if verdict is Verdict.FAIL}
        wrong = {name for name, verdict in verdicts.items() if verdict is not Verdict.PASS}
        self.runs += 1
        self.found += len(failed) == len(verdicts) if self._strict else bool(wrong)
        self.odd |= set(verdicts) - failed if self._strict else wrong


async def mended(lab: Lab) -> bool:
    """Bring the lab in order; False if its server does not start again."""
    try:
        await lab.mend()
    except StartFailed:
        return False
    return True


@contextmanager
def only_bursts(check: Check, shown: list[bool]) -> Iterator[None]:
    """Let `check` send one burst of 50 in place of its search; `shown` hears whether it showed."""
    names = _globals(check)
    before = names["either_order"]

    async def either_order(world: Any, scene: Any, **_: Any) -> None:
        contest = Contest(world, scene, with_wire=False)
        allowed = [(await contest.serial(leader)).outcome for leader in (0, 1)]
        trials = await contest.burst(PAIRS)
        shown.append(not all(acceptable(trial.outcome, allowed) for trial in trials))

    names["either_order"] = either_order
    try:
        yield
    finally:
        names["either_order"] = before


async def burst(
    challenge: Challenge, arena: Arena, checks: Sequence[Check], runs: int, seconds: float
) -> tuple[int, int]:
    """Send bursts of 50; return how many, and how many showed the defect in every race."""
    races = [check for check in checks if "either_order" in _globals(check)]
    sent = shown_in = 0
    ends = time.monotonic() + seconds
    while races and sent < runs and time.monotonic() < ends:
        shown: list[bool] = []
        for check in races:
            with only_bursts(check, shown):
                await ask(challenge, arena, check, OTHER_SEEDS + sent)
        if not shown:
            break
        sent, shown_in = sent + 1, shown_in + all(shown)
    return sent, shown_in


async def measure(
    challenge: Challenge, stack: str, mutant: Mutant | None, options: argparse.Namespace
) -> Row:
    """Measure one mutant, or a reference."""
    known = {check.id: check for check in challenge.checks}
    names = mutant.killed_by if mutant else tuple(known)
    checks = [known[name] for name in names if name in known and searched(known[name])]
    tally = Tally(checks, options.runs, options.seconds, strict=mutant is not None)
    sent = shown = 0
    async with PostgresServer.start() as server:
        while not tally.done:
            async with laboratory(challenge, stack, mutant, server) as arena:
                await tally.go_on(challenge, arena)
                if tally.done and mutant is not None:
                    sent, shown = await burst(
                        challenge, arena, checks, options.bursts, options.seconds / 3
                    )
    ids = tuple(check.id for check in checks)
    name = mutant.id if mutant else ""
    odd = tuple(sorted(tally.odd))
    return Row(stack, name, ids, tally.runs, tally.found, *_times(tally.took), sent, shown, odd)


def _globals(check: Check) -> dict[str, Any]:
    return getattr(check.function, "__globals__", {})


def _times(took: Sequence[float]) -> tuple[float, float]:
    return (statistics.median(took), max(took)) if took else (0.0, 0.0)


@contextmanager
def neighbour(busy: bool) -> Iterator[None]:
    """Keep another process computing, if it is wanted."""
    if not busy:
        yield
        return
    burner = subprocess.Popen([sys.executable, "-c", BURNER.format(LONGEST_BUSY)])
    try:
        yield
    finally:
        burner.kill()
        burner.wait()


def wanted(
    challenge: Challenge, options: argparse.Namespace
) -> Iterator[tuple[str, Mutant | None]]:
    """Return what is to be measured: references first, then mutants."""
    ids = {check.id for check in challenge.checks if searched(check)}
    stacks = [s for s in challenge.solutions if options.stack in ("", s)]
    if options.references and not options.mutant:
        yield from ((stack, None) for stack in stacks)
    for stack in stacks if options.mutants else ():
        for mutant in challenge.mutants(stack):
            if ids & set(mutant.killed_by) and options.mutant in ("", mutant.id):
                yield stack, mutant


def main() -> None:
    """Run the bench, print its table and save it row by row."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--challenge", default="conduit")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--bursts", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--stack", default="")
    parser.add_argument("--mutant", default="")
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("--references", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--mutants", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    challenge = load(options.challenge)
    rows: list[Row] = []
    print(
        "| stack | defect | found | by a burst of 50 | to the finding: median, worst |", flush=True
    )
    print("| --- | --- | --- | --- | --- |", flush=True)
    with neighbour(options.busy):
        for stack, mutant in wanted(challenge, options):
            row = uvloop.run(measure(challenge, stack, mutant, options))
            rows.append(row)
            print(row.line, *row.odd, flush=True)
            if options.json:
                options.json.parent.mkdir(parents=True, exist_ok=True)
                saved = json.dumps([asdict(each) for each in rows], indent=2)
                options.json.write_text(f"{saved}\n")


if __name__ == "__main__":
    main()
