"""Error rates of the performance verdicts: false accepts and false rejects of planted defects.

    python bench/performance.py [--runs 80] [--stack python-fastapi] [--json FILE]

- CPU: the reference, and a copy whose list of articles uses a quarter more CPU time, run
alternately
  on one core with the reference workload. A quarter of the runs each: undisturbed; with a CPU-bound
  program on the server's core; with one on another core; with two on any core. A verdict is wrong
  if the ratio to the reference workload is on the wrong side of the threshold, the geometric mean
  of the medians of the undisturbed runs. The same verdict by wall-clock time is shown for
  comparison.
- N+1: the reference, and a copy with one more statement for each article of a page. A verdict is
  wrong if an N+1 is detected in the reference, or none in the copy.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import uvloop

from worksample.catalogue import Challenge, load
from worksample.probes.cpu import ReferenceWorkload, measure_cost, pinned, warm_up
from worksample.probes.exchange import Exchange, Request
from worksample.probes.http import HttpClient
from worksample.probes.work import measure_work
from worksample.services.postgres import PostgresServer
from worksample.stacks import BuiltSubmission, detect, load_settings
from worksample.targets import Lab, Target

PLANTED = 1.25
ENTRIES, HALF = 20, 9
SEGMENTS, EACH = 40, (16, 8)
N_PLUS_ONE = "tags-are-asked-for-each-article"
LIST = "/api/articles?limit=20"
PLACE = "conduit/articles/routes.py"
BEFORE = "    filters = Filters(tag=tag, author=author, favorited=favorited)\n"
#: What needs the answers of the challenge.
BENCH = "the benchmark"
BURN = "    sum(number * number for number in range({rounds}))\n"
CALIBRATING = 80_000


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement: kind of neighbours, ratio to the reference workload, wall-clock seconds."""

    planted: bool
    neighbours: str
    relative: float
    wall: float


@contextmanager
def burners(cores: Sequence[set[int]]) -> Iterator[None]:
    """Within the block, run one CPU-bound program on each of `cores`."""
    context = multiprocessing.get_context("spawn")
    programs = [context.Process(target=burn, args=(each,), daemon=True) for each in cores]
    for program in programs:
        program.start()
    try:
        yield
    finally:
        for program in programs:
            program.kill()
            program.join()


def burn(cores: set[int]) -> None:
    """Use CPU time on `cores` until killed."""
    os.sched_setaffinity(0, cores)
    while True:
        math.factorial(200)


def neighbour_loads() -> dict[str, list[set[int]]]:
    """Return kind -> cores of CPU-bound programs. The server is pinned to the last core."""
    every = os.sched_getaffinity(0)
    server, other = {max(every)}, {min(every)}
    return {"none": [], "same core": [server], "other core": [other], "two": [every, every]}


@asynccontextmanager
async def built(folder: Path) -> AsyncIterator[BuiltSubmission]:
    """Build the server in `folder`."""
    async with detect(folder, load_settings(folder)).build() as made:
        yield made


def planted_cpu(source: Path, to: Path, rounds: int) -> Path:
    """Copy a server and add a loop of `rounds` to its list of articles."""
    folder = copied(source, to)
    text = (folder / PLACE).read_text("utf-8")
    if text.count(BEFORE) != 1:
        raise SystemExit(f"{PLACE} has changed: update BEFORE, the line before which to plant")
    (folder / PLACE).write_text(text.replace(BEFORE, BURN.format(rounds=rounds) + BEFORE), "utf-8")
    return folder


def copied(source: Path, to: Path) -> Path:
    """Copy a solution without build results and saved runs."""
    ignored = shutil.ignore_patterns("node_modules", ".venv", ".worksample", "__pycache__")
    return Path(shutil.copytree(source, to, ignore=ignored))


class Bench:
    """A running server with `ENTRIES` articles that can be measured repeatedly."""

    def __init__(self, target: Target, client: HttpClient, reference: ReferenceWorkload) -> None:
        self.target, self.reference = target, reference
        self._client = client

    @classmethod
    @asynccontextmanager
    async def start(
        cls, made: BuiltSubmission, server: PostgresServer, reference: ReferenceWorkload
    ) -> AsyncIterator[Bench]:
        """Start the server, create the articles and warm up."""
        database = await server.create_resource()
        async with Target.start(made, resources=[database]) as target:
            client = HttpClient(target.base_url)
            try:
                await fill(client)
                bench = cls(target, client, reference)
                await warm_up(bench.send, 300)
                yield bench
            finally:
                await client.aclose()

    async def send(self) -> Exchange:
        """Request the list of articles."""
        return await self._client.send(Request("GET", LIST))

    async def measure(self) -> tuple[float, float]:
        """Return (ratio to the reference workload, wall-clock seconds) of a request."""
        with pinned([*self.target.pids(), self.reference.pid]):
            await warm_up(self.send, 20)
            await warm_up(self.reference.send, 10)
            found = await measure_cost(self.target, self.reference, self.send, SEGMENTS, EACH)
            began = time.monotonic()
            await warm_up(self.send, EACH[0])
            return found.relative, (time.monotonic() - began) / EACH[0]


async def fill(client: HttpClient) -> None:
    """Register a user and publish a page of articles."""
    user = {"username": "bench", "email": "bench@example.com", "password": "Aa1!benchmark"}
    registered = await post(client, "/api/users", {"user": user})
    token = registered["user"]["token"]
    for number in range(ENTRIES):
        article = {
            "title": f"Notes {number}",
            "description": "On this and that.",
            "body": "At length.",
            "tagList": [f"own{number}", "common"],
        }
        await post(client, "/api/articles", {"article": article}, token)


async def post(client: HttpClient, path: str, payload: object, token: str = "") -> dict[str, Any]:
    """Send JSON and return the JSON answer. Exits unless the status is 201."""
    headers = [("Content-Type", "application/json")]
    headers += [("Authorization", f"Token {token}")] if token else []
    request = Request("POST", path, tuple(headers), json.dumps(payload).encode())
    done = await client.send(request)
    if done.response is None or done.status != 201:
        raise SystemExit(f"POST {path}: expected 201, got {done.status or done.trouble}")
    return dict(done.response.json())


async def rounds_for(source: Path, work_dir: Path, server: PostgresServer) -> int:
    """Measure and return the number of rounds that cost a quarter of a list request."""
    async with AsyncExitStack() as stack:
        reference = await stack.enter_async_context(ReferenceWorkload.start())
        benches = []
        for name, rounds in (("plain", 0), ("calibrating", CALIBRATING)):
            folder = planted_cpu(source, work_dir / name, rounds)
            made = await stack.enter_async_context(built(folder))
            benches.append(await stack.enter_async_context(Bench.start(made, server, reference)))
        found = [[(await bench.measure())[0] for bench in benches] for _ in range(5)]
    plain = statistics.median(each[0] for each in found)
    more = statistics.median(each[1] for each in found)
    return round(CALIBRATING * plain * (PLANTED - 1) / max(more - plain, 1e-9))


async def cpu_runs(
    source: Path, work_dir: Path, server: PostgresServer, runs: int
) -> tuple[list[Run], int]:
    """Measure both servers alternately, `runs` times each; return (runs, planted rounds)."""
    rounds = await rounds_for(source, work_dir, server)
    found: list[Run] = []
    async with AsyncExitStack() as stack:
        reference = await stack.enter_async_context(ReferenceWorkload.start())
        benches = []
        for planted in (False, True):
            folder = planted_cpu(source, work_dir / f"planted-{planted}", rounds if planted else 0)
            made = await stack.enter_async_context(built(folder))
            start = Bench.start(made, server, reference)
            benches.append((planted, await stack.enter_async_context(start)))
        for name, cores in neighbour_loads().items():
            with burners(cores):
                for _ in range(math.ceil(runs / 4)):
                    for planted, bench in benches:
                        found.append(Run(planted, name, *await bench.measure()))
    return found, rounds


def undisturbed_medians(runs: Sequence[Run], value: str) -> tuple[float, float]:
    """Return the medians of the undisturbed runs: (plain, planted)."""
    plain, planted = (
        [getattr(run, value) for run in runs if run.planted is kind and run.neighbours == "none"]
        for kind in (False, True)
    )
    return statistics.median(plain), statistics.median(planted)


def planted_ratio(runs: Sequence[Run]) -> float:
    """Return the measured ratio of planted to plain, without disturbance."""
    plain, planted = undisturbed_medians(runs, "relative")
    return planted / plain


def wrong_verdicts(runs: Sequence[Run], value: str) -> tuple[int, int, float]:
    """Return (false accepts, false rejects, threshold) of the verdicts by `value`."""
    threshold = math.sqrt(math.prod(undisturbed_medians(runs, value)))
    false_accepts = sum(run.planted and getattr(run, value) <= threshold for run in runs)
    false_rejects = sum(not run.planted and getattr(run, value) > threshold for run in runs)
    return false_accepts, false_rejects, threshold


async def statements(made: BuiltSubmission, server: PostgresServer, runs: int) -> list[bool]:
    """Return for each run whether an N+1 is detected: a page of one against a page of twenty."""
    detected = []
    async with Lab.open(made, [server]) as lab:
        client = HttpClient(lab.target.base_url)
        try:
            await fill(client)
            for _ in range(runs):
                works = []
                for limit in (1, ENTRIES):
                    send = partial(client.send, Request("GET", f"/api/articles?limit={limit}"))
                    works.append((await measure_work(lab.wire, "list", send))[1])
                detected.append(works[1].count - works[0].count >= HALF)
        finally:
            await client.aclose()
    return detected


async def n_plus_one(
    challenge: Challenge, stack: str, work_dir: Path, server: PostgresServer, runs: int
) -> tuple[int, int]:
    """Return (false accepts, false rejects) of the N+1 verdicts; `runs` of each server."""
    answers = challenge.answers(BENCH)
    mutant = next(each for each in answers.mutants(stack) if each.id == N_PLUS_ONE)
    wrong = {}
    for planted in (False, True):
        place = work_dir / f"statements-{planted}"
        folder = answers.copy(stack, place, mutant if planted else None)
        async with built(folder) as made:
            detected = await statements(made, server, runs)
        wrong[planted] = sum(each is not planted for each in detected)
    return wrong[True], wrong[False]


async def bench(options: argparse.Namespace) -> dict[str, object]:
    """Run all measurements; return the results by name."""
    challenge = load("conduit")
    source = challenge.answers(BENCH).solutions[options.stack]
    with tempfile.TemporaryDirectory(prefix="worksample-bench-") as name:
        async with PostgresServer.start() as server:
            runs, rounds = await cpu_runs(source, Path(name), server, options.runs)
            n_plus_one_wrong = await n_plus_one(
                challenge, options.stack, Path(name), server, options.runs
            )
    *by_cpu, threshold = wrong_verdicts(runs, "relative")
    *by_wall, _ = wrong_verdicts(runs, "wall")
    return {
        "verdicts": len(runs),
        "planted_rounds": rounds,
        "planted_ratio": planted_ratio(runs),
        "threshold": threshold,
        "wrong_by_cpu": sum(by_cpu),
        "wrong_by_wall": sum(by_wall),
        "verdicts_n_plus_one": 2 * options.runs,
        "wrong_n_plus_one": sum(n_plus_one_wrong),
        "false_accepts_and_rejects": {
            "cpu": by_cpu,
            "wall": by_wall,
            "n_plus_one": n_plus_one_wrong,
        },
        "runs": [asdict(run) for run in runs],
    }


def table(found: dict[str, object], runs: Sequence[dict[str, object]]) -> str:
    """Return the results as Markdown tables."""
    slowdown = f"{float(str(found['planted_ratio'])) - 1:+.0%} CPU"
    wrong = found["false_accepts_and_rejects"]
    assert isinstance(wrong, dict)
    cpu_runs, n_plus_one_runs = found["verdicts"], found["verdicts_n_plus_one"]
    lines = [
        "| verdict by | planted slowdown | runs | false accepts | false rejects | required |",
        "| --- | --- | --- | --- | --- | --- |",
        _verdicts("CPU, relative to the reference", slowdown, cpu_runs, wrong["cpu"], "≤ 1 of 160"),
        _verdicts("wall-clock time", slowdown, cpu_runs, wrong["wall"], "–"),
        _verdicts("number of statements", "N+1", n_plus_one_runs, wrong["n_plus_one"], "0"),
        "",
        "| neighbours | plain: median (range) | planted: median (range) |",
        "| --- | --- | --- |",
    ]
    for name in dict.fromkeys(str(run["neighbours"]) for run in runs):
        cells = [
            _cell([r for r in runs if r["neighbours"] == name and r["planted"] is planted])
            for planted in (False, True)
        ]
        lines.append(f"| {name} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def _verdicts(measure: str, planted: str, runs: object, wrong: Sequence[int], required: str) -> str:
    return f"| {measure} | {planted} | {runs} | {wrong[0]} | {wrong[1]} | {required} |"


def _cell(runs: Sequence[dict[str, object]]) -> str:
    values = [float(str(run["relative"])) for run in runs]
    return f"{statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--runs", type=int, default=80, help="runs of each server, plain and planted"
    )
    parser.add_argument("--stack", default="python-fastapi", choices=["python-fastapi"])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = uvloop.run(bench(options))
    runs = found.pop("runs")
    assert isinstance(runs, list)
    print(table(found, runs))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps({**found, "runs": runs}, indent=2) + "\n")


if __name__ == "__main__":
    main()
