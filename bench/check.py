"""Measure time and memory of `worksample check` against their limits.

    python bench/check.py [--challenge conduit] [--stack node-express] [--seed 7] [--json FILE]

- replay: wall time of all checks outside labs on the reference, relative to the time that the
  HTTP client needs to send the same recorded requests, 16 in flight, to the same build on a fresh
  database. Tokens stay valid there (one build, one secret), but some resources do not exist: the
  share of requests with the same status shows how comparable the work was. The same requests are
  also sent to the server that was just checked.
- whole: `worksample check` of each reference from start to exit, without the build time.
- finding: from the server being ready to the first failure on screen, on the junior's server of
  `examples/`, and on a mutant with a single defect in stage 4.
- first request: from the start of the command to the first check, without build and server start.
- memory: the peak memory of the `worksample check` process, and of its request generator.

The cache is warm: everything is built once before it is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import uvloop
from watching import MeasuredRun, worksample

from worksample.catalogue import Challenge, load
from worksample.checks import Verdict
from worksample.grading import NullProgress, RunningServer, open_context, run_checks
from worksample.probes.exchange import Exchange
from worksample.probes.http import HttpClient
from worksample.services.postgres import PostgresServer
from worksample.stacks import BuiltSubmission, detect, load_settings
from worksample.targets import Target

IN_FLIGHT = 16
ACCEPTED, REJECTED = 0, 1
#: What needs the answers of the challenge.
BENCH = "the benchmark"
#: The step of `worksample check` that begins with the first request.
_RUNNING_CHECKS = "running checks"

EXAMPLES = Path(__file__).parents[1] / "examples"


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measured value with its unit and its upper limit `most` (0: no limit)."""

    name: str
    value: float
    unit: str
    most: float = 0.0
    note: str = ""

    @property
    def row(self) -> str:
        """The measurement as a row of the table."""
        bound = f"≤ {self.most:g} {self.unit}".rstrip() if self.most else "–"
        met = ("yes" if self.value <= self.most else "**no**") if self.most else ""
        return f"| {self.name} | {self.value:.2f} {self.unit} | {bound} | {met} | {self.note} |"


class Recorder(NullProgress):
    """Records every exchange of a run, in the order in which the requests started."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []

    def request_finished(self, exchange: Exchange) -> None:
        """Record `exchange`."""
        self._exchanges.append(exchange)

    @property
    def exchanges(self) -> list[Exchange]:
        """The recorded exchanges, ordered by start time."""
        return sorted(self._exchanges, key=lambda exchange: exchange.started)


async def replay(target: Target, recorded: Sequence[Exchange]) -> tuple[float, float]:
    """Send the recorded requests as fast as the client can.

    Return the seconds and the share of requests that got the same status.
    """
    client = HttpClient(target.base_url)
    waiting, same_status = iter(recorded), 0

    async def send() -> None:
        nonlocal same_status
        for exchange in waiting:
            response = await client.send(exchange.request)
            same_status += response.status == exchange.status

    began = time.monotonic()
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(IN_FLIGHT):
                group.create_task(send())
        return time.monotonic() - began, same_status / len(recorded)
    finally:
        await client.aclose()


async def measure_checks(
    challenge: Challenge, built: BuiltSubmission, server: PostgresServer, seed: int
) -> list[Measurement]:
    """Run all checks, then send the same requests to the same server and to a fresh one."""
    recorder = Recorder()
    async with AsyncExitStack() as stack:
        database = await server.create_resource()
        target = await stack.enter_async_context(Target.start(built, resources=[database]))
        context = await stack.enter_async_context(
            open_context(
                challenge, RunningServer(target, database), load_settings(built.folder), seed
            )
        )
        began = time.monotonic()
        checks = [check for check in challenge.checks if not check.lab]
        results = await run_checks(challenge, context, checks, recorder)
        asking = time.monotonic() - began
        same, same_server_status = await replay(target, recorder.exchanges)
    failed = [r.check.id for r in results if r.verdict in (Verdict.FAIL, Verdict.ERROR)]
    if failed:
        raise SystemExit(f"the reference is not accepted, so nothing is measured: {failed}")
    async with Target.start(built, resources=[await server.create_resource()]) as fresh:
        bare, same_status = await replay(fresh, recorder.exchanges)
    sent = f"{len(recorder.exchanges):,} requests"
    return [
        Measurement("all checks", asking, "s", note=sent),
        Measurement("the same requests, bare", bare, "s", note=f"{same_status:.0%} same status"),
        Measurement("checks / bare, fresh server", asking / bare, "x", 1.5),
        Measurement(
            "checks / bare, same server",
            asking / same,
            "x",
            note=f"{same_server_status:.0%} same status",
        ),
    ]


async def measure_replay(challenge: Challenge, stack: str, seed: int) -> list[Measurement]:
    """Build the reference and start PostgreSQL, then measure on them."""
    folder = challenge.answers(BENCH).solutions[stack]
    async with (
        PostgresServer.start() as server,
        detect(folder, load_settings(folder)).build() as built,
    ):
        return await measure_checks(challenge, built, server, seed)


def run_check(folder: Path, challenge: Challenge, seed: int, exit_code: int) -> MeasuredRun:
    """Run `worksample check` on `folder`; raise `SystemExit` unless it exits with `exit_code`."""
    seen = worksample(
        *("check", str(folder), "--challenge", challenge.id, "--spec", "brief"),
        *("--seed", str(seed), "--json"),
    )
    if seen.exit_code != exit_code:
        output = "\n".join(line for _, line in seen.lines)
        raise SystemExit(f"check on {folder} ended with {seen.exit_code}:\n{output}")
    return seen


def copy_solution(source: Path, to: Path) -> Path:
    """Copy a solution without build output and saved runs."""
    leave = shutil.ignore_patterns("node_modules", ".venv", ".worksample", "__pycache__")
    return Path(shutil.copytree(source, to, ignore=leave))


def measure_command(challenge: Challenge, stack: str, place: Path, seed: int) -> list[Measurement]:
    """Measure the whole command on a reference."""
    folder = copy_solution(challenge.answers(BENCH).solutions[stack], place / stack)
    run_check(folder, challenge, seed, ACCEPTED)
    seen = run_check(folder, challenge, seed, ACCEPTED)
    timings = json.loads(seen.output)["timings"]
    building, starting = timings["building"], timings["starting"]
    first = seen.moment_of(_RUNNING_CHECKS) - building - starting
    parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in timings.items())
    return [
        Measurement(
            f"{stack}: whole check, building apart", seen.seconds - building, "s", 60, parts
        ),
        Measurement(f"{stack}: command to first request, build and start apart", first, "s", 1.0),
        Measurement(f"{stack}: memory of `worksample check`", seen.own_mb, "MB", 250),
        Measurement(f"{stack}: memory of its request generator", seen.generator_mb, "MB"),
    ]


def seconds_to_first_finding(challenge: Challenge, folder: Path, seed: int) -> float:
    """Return the seconds from the server being ready to the first failure on screen."""
    seen = run_check(folder, challenge, seed, REJECTED)
    return seen.moment_of("fail: ") - seen.moment_of(_RUNNING_CHECKS)


def measure_first_server(challenge: Challenge, place: Path, seed: int) -> list[Measurement]:
    """Measure the time to the first finding on a server with many mistakes."""
    folder = copy_solution(EXAMPLES / f"{challenge.id}-junior", place / "junior")
    seconds = seconds_to_first_finding(challenge, folder, seed)
    return [Measurement("ready to first finding, a first server", seconds, "s", 3.0)]


def measure_mutant(challenge: Challenge, name: str, place: Path, seed: int) -> list[Measurement]:
    """Measure the time until the defect of a mutant is shown."""
    answers = challenge.answers(BENCH)
    stack, mutant = next(
        (stack, mutant)
        for stack in answers.families
        for mutant in answers.mutants(stack)
        if mutant.id == name
    )
    folder = answers.copy(stack, place / "mutant", mutant)
    seconds = seconds_to_first_finding(challenge, folder, seed)
    note = f"one defect of stage 4 in {stack}: {name}"
    return [Measurement("ready to first finding, one late defect", seconds, "s", note=note)]


def main() -> None:
    """Run the bench, print its table and save it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--challenge", default="conduit")
    parser.add_argument("--stack", default="node-express")
    parser.add_argument("--mutant", default="authors-delete-what-others-said")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    challenge = load(options.challenge)
    with tempfile.TemporaryDirectory(prefix="worksample-bench-") as name:
        place = Path(name)
        measurements = [
            measurement
            for stack in challenge.answers(BENCH).families
            for measurement in measure_command(challenge, stack, place, options.seed)
        ]
        measurements += measure_first_server(challenge, place, options.seed)
        measurements += measure_mutant(challenge, options.mutant, place, options.seed)
    measurements += uvloop.run(measure_replay(challenge, options.stack, options.seed))
    print("| what | measured | limit | met | |\n| --- | --- | --- | --- | --- |")
    print("\n".join(measurement.row for measurement in measurements))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        saved = [asdict(measurement) for measurement in measurements]
        options.json.write_text(json.dumps(saved, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
