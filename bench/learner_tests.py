"""Measure the check of a learner's tests (kind `test`) against its floor.

    python bench/learner_tests.py [--challenge booking] [--stack python-fastapi] [--seed 7]
                                  [--rounds 3] [--json FILE]

- floor: for each run that the check makes (three on each correct server, one on each with a planted
  defect), start the server on a new database, run the command of the tests, stop the server; as
  many at once as the machine has cores. Nothing is copied, judged or reported, all servers and the
  tests are built before, and the database server runs already.
- check: `worksample check` from start to exit, with everything that it builds, copies and reports.

Both are measured in turn, and the quickest round of each counts: other programs can only make them
slower. The tests are those of `tests/support/apps`, which find most defects and are accepted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, replace
from pathlib import Path

import uvloop
from check import ACCEPTED, BENCH, Measurement
from watching import worksample

from worksample.catalogue import Challenge, load
from worksample.grading.http_tests.bench import correct_servers, plant
from worksample.services.postgres import PostgresServer
from worksample.stacks import BuiltSubmission, detect, load_settings
from worksample.targets import Target
from worksample.tasks.testing import make_test_task, sealed_task
from worksample.tasks.trees import write_tree

APPS = Path(__file__).parents[1] / "tests" / "support" / "apps"
#: How often the tests run on each correct server.
RUNS = 3
MOST = 1.5


def answered_task(challenge: Challenge, stack: str, seed: int, place: Path) -> Path:
    """Start a task in `place`, and put the tests into it; return its folder."""
    made = worksample(
        *("start", challenge.id, "--kind", "test", "--stack", stack, "--seed", str(seed)),
        str(place / "mine"),
    )
    if made.exit_code != 0:
        raise SystemExit(f"start ended with {made.exit_code}")
    shutil.copytree(APPS / f"{challenge.id}-tests", place / "mine", dirs_exist_ok=True)
    return place / "mine"


async def servers_of(challenge: Challenge, stack: str, seed: int, place: Path) -> list[Path]:
    """Return the folder of the server of each run: of a correct server as often as it is asked."""
    made = make_test_task(challenge, challenge.answers(BENCH), stack, seed)
    write_tree(made.sealed, place)
    task = sealed_task(place)
    here, _ = await correct_servers(task, place)
    planted = [
        plant(each, task.references[stack], place / "planted" / str(each.number))
        for each in task.defects
    ]
    return [*[*here.values()] * RUNS, *planted]


async def run_bare(
    servers: Sequence[BuiltSubmission], tests: BuiltSubmission, database: PostgresServer
) -> float:
    """Start each of `servers` and run the tests there; return the seconds for all."""
    at_once = asyncio.Semaphore(os.cpu_count() or 1)
    inherited: Mapping[str, str] = {**os.environ, **tests.environment}

    async def one(built: BuiltSubmission) -> None:
        async with (
            at_once,
            Target.start(built, resources=[await database.create_resource()]) as target,
        ):
            process = await asyncio.create_subprocess_exec(
                *("/bin/sh", "-c", f"exec {tests.settings.test_command}"),
                cwd=tests.cwd,
                env={**inherited, "BASE_URL": target.base_url},
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            await process.wait()

    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for each in servers:
            group.create_task(one(each))
    return time.monotonic() - began


def run_check(task: Path) -> float:
    """Return the seconds of `worksample check`; raise `SystemExit` unless it accepts the tests."""
    seen = worksample("check", str(task), "--seed", "1", "--json")
    if seen.exit_code != ACCEPTED:
        raise SystemExit("\n".join(line for _, line in seen.lines))
    return seen.seconds


async def measure(
    challenge: Challenge, stack: str, seed: int, rounds: int, place: Path
) -> list[Measurement]:
    """Measure floor and check in turn."""
    task = answered_task(challenge, stack, seed, place)
    folders = await servers_of(challenge, stack, seed, place / "servers")
    async with AsyncExitStack() as builds:
        built = {
            folder: await builds.enter_async_context(detect(folder, load_settings(folder)).build())
            for folder in dict.fromkeys(folders)
        }
        settings = load_settings(task)
        plan = detect(task, replace(settings, command=settings.test_command))
        tests = await builds.enter_async_context(plan.build(tests=True))
        database = await builds.enter_async_context(PostgresServer.start())
        bare, checked = [], []
        for _ in range(rounds):
            bare.append(await run_bare([built[each] for each in folders], tests, database))
            checked.append(await asyncio.to_thread(run_check, task))
    runs = f"{len(folders)} runs of the tests"
    return [
        Measurement("floor: starting servers and running tests", min(bare), "s", note=runs),
        Measurement("the whole check", min(checked), "s"),
        Measurement("check / floor", min(checked) / min(bare), "x", MOST),
    ]


def main() -> None:
    """Run the bench, print its table and save it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--challenge", default="booking")
    parser.add_argument("--stack", default="python-fastapi")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    challenge = load(options.challenge)
    with tempfile.TemporaryDirectory(prefix="worksample-bench-") as name:
        measurements = uvloop.run(
            measure(challenge, options.stack, options.seed, options.rounds, Path(name))
        )
    print("| what | measured | limit | met | |\n| --- | --- | --- | --- | --- |")
    print("\n".join(each.row for each in measurements))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        saved = [asdict(each) for each in measurements]
        options.json.write_text(json.dumps(saved, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
