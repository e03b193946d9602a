"""How sure the verdicts on performance are: wrong ones, with a defect planted and without.

    python bench/performance.py [--runs 80] [--stack python-fastapi] [--json FILE]

- CPU: the reference and a copy of it whose list of articles costs a quarter more CPU, each on one
  core beside the yardstick, in turns. A fourth of the runs each: undisturbed; with a program that
  burns the server's core; with one that burns another; with two that burn whatever they get. A run
  is wrong if its ratio to the yardstick is on the wrong side of the geometric middle between the
  medians of the undisturbed runs. Beside it, in the same runs, what the time on the wall says.
- N+1: the reference and a copy with one statement more for each article of a page, behind the
  wire. A run is wrong if an N+1 is seen in the first, or none in the second.
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
BURN = "    sum(number * number for number in range({rounds}))\n"
CALIBRATING = 80_000


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement: what the neighbours did, the ratio to the yardstick, and the wall."""

    planted: bool
    neighbours: str
    relative: float
    wall: float


@contextmanager
def burners(cores: Sequence[set[int]]) -> Iterator[None]:
    """One program for each of `cores` that burns it."""
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
    """Keep cores busy until killed."""
    os.sched_setaffinity(0, cores)
    while True:
        math.factorial(200)


def neighbour_loads() -> dict[str, list[set[int]]]:
    """What the neighbours do in each fourth of the runs; a pinned server has the last core."""
    every = os.sched_getaffinity(0)
    server, other = {max(every)}, {min(every)}
    return {"none": [], "same core": [server], "other core": [other], "two": [every, every]}


@asynccontextmanager
async def built(folder: Path) -> AsyncIterator[BuiltSubmission]:
    """A built copy of a server."""
    async with detect(folder, load_settings(folder)).build() as made:
        yield made


def planted_cpu(source: Path, to: Path, rounds: int) -> Path:
    """Copy a server and let its list of articles burn CPU so many rounds."""
    folder = copied(source, to)
    text = (folder / PLACE).read_text("utf-8")
    if text.count(BEFORE) != 1:
        raise SystemExit(f"{PLACE} has changed: say anew where to plant")
    (folder / PLACE).write_text(text.replace(BEFORE, BURN.format(rounds=rounds) + BEFORE), "utf-8")
    return folder


def copied(source: Path, to: Path) -> Path:
    """Copy a solution without what was built or kept in it."""
    leave = shutil.ignore_patterns("node_modules", ".venv", ".worksample", "__pycache__")
    return Path(shutil.copytree(source, to, ignore=leave))


class Bench:
    """A running server, with `ENTRIES` articles, to be measured time and again."""

    def __init__(self, target: Target, client: HttpClient, reference: ReferenceWorkload) -> None:
        self.target, self.reference = target, reference
        self._client = client

    @classmethod
    @asynccontextmanager
    async def start(
        cls, made: BuiltSubmission, server: PostgresServer, reference: ReferenceWorkload
    ) -> AsyncIterator[Bench]:
        """Start it, fill it and warm it."""
        database = await server.create_database()
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
        """Ask for the list."""
        return await self._client.send(Request("GET", LIST))

    async def measure(self) -> tuple[float, float]:
        """Return the ratio to the yardstick, and seconds on the wall of a request."""
        with pinned([*self.target.pids(), self.reference.pid]):
            await warm_up(self.send, 20)
            await warm_up(self.reference.send, 10)
            found = await measure_cost(self.target, self.reference, self.send, SEGMENTS, EACH)
            began = time.monotonic()
            await warm_up(self.send, EACH[0])
            return found.relative, (time.monotonic() - began) / EACH[0]


async def fill(client: HttpClient) -> None:
    """Register somebody and publish a page."""
    user = {"username": "bench", "email": "bench@example.com", "password": "Aa1!benchmark"}
    told = await post(client, "/api/users", {"user": user})
    token = told["user"]["token"]
    for number in range(ENTRIES):
        article = {
            "title": f"Notes {number}",
            "description": "On this and that.",
            "body": "At length.",
            "tagList": [f"own{number}", "common"],
        }
        await post(client, "/api/articles", {"article": article}, token)


async def post(
    client: HttpClient, path: str, payload: object, token: str = ""
) -> dict[str, object]:
    """Send JSON and return what comes back."""
    headers = [("Content-Type", "application/json")]
    headers += [("Authorization", f"Token {token}")] if token else []
    request = Request("POST", path, tuple(headers), json.dumps(payload).encode())
    done = await client.send(request)
    if done.response is None or done.status != 201:
        raise SystemExit(f"{path}: {done.status} {done.trouble}")
    return dict(done.response.json())


async def rounds_for(source: Path, place: Path, server: PostgresServer) -> int:
    """Return how many rounds are a quarter of what the list costs: measured, three times."""
    async with AsyncExitStack() as stack:
        reference = await stack.enter_async_context(ReferenceWorkload.start())
        benches = []
        for name, rounds in (("plain", 0), ("calibrating", CALIBRATING)):
            folder = planted_cpu(source, place / name, rounds)
            made = await stack.enter_async_context(built(folder))
            benches.append(await stack.enter_async_context(Bench.start(made, server, reference)))
        found = [[(await bench.measure())[0] for bench in benches] for _ in range(5)]
    plain = statistics.median(each[0] for each in found)
    more = statistics.median(each[1] for each in found)
    return round(CALIBRATING * plain * (PLANTED - 1) / max(more - plain, 1e-9))


async def cpu_runs(
    source: Path, place: Path, server: PostgresServer, runs: int
) -> tuple[list[Run], int]:
    """Measure both servers in turns, `runs` times each; return the runs and what was planted."""
    rounds = await rounds_for(source, place, server)
    found: list[Run] = []
    async with AsyncExitStack() as stack:
        reference = await stack.enter_async_context(ReferenceWorkload.start())
        benches = []
        for planted in (False, True):
            folder = planted_cpu(source, place / f"planted-{planted}", rounds if planted else 0)
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
    """Return the medians of the undisturbed runs, plain and planted."""
    plain, planted = (
        [getattr(run, value) for run in runs if run.planted is kind and run.neighbours == "none"]
        for kind in (False, True)
    )
    return statistics.median(plain), statistics.median(planted)


def planted_ratio(runs: Sequence[Run]) -> float:
    """Return what was really planted, as it was measured."""
    plain, planted = undisturbed_medians(runs, "relative")
    return planted / plain


def wrong_verdicts(runs: Sequence[Run], value: str) -> tuple[int, float]:
    """Return how many verdicts are wrong by this value, and the threshold."""
    threshold = math.sqrt(math.prod(undisturbed_medians(runs, value)))
    return sum((getattr(run, value) > threshold) != run.planted for run in runs), threshold


async def statements(made: BuiltSubmission, server: PostgresServer, runs: int) -> list[bool]:
    """Return, for each run, whether an N+1 is seen: a page of one against one of twenty."""
    seen = []
    async with Lab.open(made, server) as lab:
        client = HttpClient(lab.target.base_url)
        try:
            await fill(client)
            for _ in range(runs):
                works = []
                for limit in (1, ENTRIES):
                    send = partial(client.send, Request("GET", f"/api/articles?limit={limit}"))
                    works.append((await measure_work(lab.wire, "list", send))[1])
                seen.append(works[1].count - works[0].count >= HALF)
        finally:
            await client.aclose()
    return seen


async def n_plus_one(
    challenge: Challenge, stack: str, place: Path, server: PostgresServer, runs: int
) -> int:
    """Return how many verdicts on N+1 are wrong, of twice `runs`."""
    mutant = next(each for each in challenge.mutants(stack) if each.id == N_PLUS_ONE)
    missed = 0
    for planted in (False, True):
        folder = copied(challenge.solutions[stack], place / f"statements-{planted}")
        if planted:
            mutant.apply(folder)
        async with built(folder) as made:
            missed += sum(seen is not planted for seen in await statements(made, server, runs))
    return missed


async def bench(options: argparse.Namespace) -> dict[str, object]:
    """Measure everything; return the figures by name."""
    challenge = load("conduit")
    source = challenge.solutions[options.stack]
    with tempfile.TemporaryDirectory(prefix="worksample-bench-") as name:
        async with PostgresServer.start() as server:
            runs, rounds = await cpu_runs(source, Path(name), server, options.runs)
            missed = await n_plus_one(challenge, options.stack, Path(name), server, options.runs)
    by_cpu, threshold = wrong_verdicts(runs, "relative")
    by_wall, _ = wrong_verdicts(runs, "wall")
    return {
        "verdicts": len(runs),
        "planted_rounds": rounds,
        "planted_ratio": planted_ratio(runs),
        "threshold": threshold,
        "wrong_by_cpu": by_cpu,
        "wrong_by_wall": by_wall,
        "verdicts_n_plus_one": 2 * options.runs,
        "wrong_n_plus_one": missed,
        "runs": [asdict(run) for run in runs],
    }


def table(found: dict[str, object], runs: Sequence[dict[str, object]]) -> str:
    """The figures as a markdown table."""
    planted = f"{float(str(found['planted_ratio'])) - 1:+.0%}"
    lines = [
        "| verdict | wrong | promised |",
        "| --- | --- | --- |",
        f"| {planted} CPU, against the yardstick | {found['wrong_by_cpu']} of {found['verdicts']} "
        "| ≤ 1 of 160 |",
        f"| the same by the clock | {found['wrong_by_wall']} of {found['verdicts']} | – |",
        f"| N+1, by statements | {found['wrong_n_plus_one']} of {found['verdicts_n_plus_one']} "
        "| 0 |",
        "",
        "| neighbours | plain: median (spread) | planted: median (spread) |",
        "| --- | --- | --- |",
    ]
    for name in dict.fromkeys(str(run["neighbours"]) for run in runs):
        cells = [
            _cell([r for r in runs if r["neighbours"] == name and r["planted"] is planted])
            for planted in (False, True)
        ]
        lines.append(f"| {name} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def _cell(runs: Sequence[dict[str, object]]) -> str:
    values = [float(str(run["relative"])) for run in runs]
    return f"{statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def main() -> None:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=80, help="of each, plain and planted")
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
