"""How soon a second check of an unchanged Spring Boot project asks, relative to `java -jar`.

    python bench/second_start.py [--rounds 5] [--json FILE]

The project is conduit's reference in java-spring. A first check builds it and is not counted. A
round is one more `worksample check` of it, from its launch to its first request (interpreter,
PostgreSQL, copy, detection, start and migrations), and one `java -jar` of the same jar, from its
launch to its first answer, on a PostgreSQL that runs already, in a database as empty. The ratio of
the medians is held to 1.2, else the exit code is 1.

A JDK and Maven are needed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from planted import BENCH
from watching import worksample as run_worksample

from worksample.catalogue import load
from worksample.grading import codec
from worksample.sandbox.ports import free_port
from worksample.services.postgres import PostgresServer
from worksample.stacks import BuiltSubmission, detect, load_settings
from worksample.targets.environment import HOST, environment
from worksample.targets.readiness import probe

CHALLENGE, SOLUTION = "conduit", "java-spring"
#: One that asks the server itself, with one request.
CHECK = "unknown-paths-are-not-found"
PATH = "/api/tags"
MOST_TIMES_LONGER = 1.2
LONGEST_START = 120.0


def seconds_until_asked(folder: Path) -> float:
    """Check the project in `folder`; return the seconds from the launch to the first request."""
    seen = run_worksample(
        *("check", str(folder), "--challenge", CHALLENGE, "--only", CHECK, "--no-html", "--json")
    )
    if not seen.output:
        raise SystemExit("\n".join(line for _, line in seen.lines))
    report = codec.decode(seen.output)
    if "asking" not in report.timings:
        raise SystemExit(f"nothing was asked: {report.problem and report.problem.message}")
    return seen.seconds - sum(report.timings.get(each, 0.0) for each in ("asking", "stopping"))


async def seconds_until_answered(built: BuiltSubmission, server: PostgresServer) -> float:
    """Start the jar by itself; return the seconds from the launch to the first answer."""
    database = await server.create_resource()
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="worksample-bench-") as home:
        (Path(home) / "tmp").mkdir()
        variables = environment(built, port, Path(home), [database])
        began = time.monotonic()
        program = await asyncio.create_subprocess_exec(
            *("java", "-jar", jar_of(built)),
            cwd=built.cwd,
            env=variables,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            while not (await probe(HOST, port, PATH, 1.0)).status:
                if program.returncode is not None or time.monotonic() > began + LONGEST_START:
                    raise SystemExit("`java -jar` does not answer")
                await asyncio.sleep(0.01)
            return time.monotonic() - began
        finally:
            if program.returncode is None:
                program.kill()
            await program.wait()
            await database.drop()


def jar_of(built: BuiltSubmission) -> str:
    """Return the jar that the start command of a built project names."""
    words = str(built.detection.start).split()
    return words[words.index("-jar") + 1]


async def measure(rounds: int) -> dict[str, list[float]]:
    """Return the seconds of both ways, of each round."""
    found: dict[str, list[float]] = {"worksample check": [], "java -jar": []}
    with tempfile.TemporaryDirectory(prefix="worksample-bench-") as place:
        folder = load(CHALLENGE).answers(BENCH).copy(SOLUTION, Path(place) / SOLUTION)
        await asyncio.to_thread(seconds_until_asked, folder)
        made = detect(folder, load_settings(folder)).build()
        async with PostgresServer.start() as server, made as built:
            for _ in range(rounds):
                asked = await asyncio.to_thread(seconds_until_asked, folder)
                found["worksample check"].append(asked)
                found["java -jar"].append(await seconds_until_answered(built, server))
    return found


def main() -> None:
    """Run the bench and print its table; exit with 1 if a check asks too late."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = asyncio.run(measure(options.rounds))
    check, alone = (median(seconds) for seconds in found.values())
    print("| way | seconds until the first request, or answer |\n| --- | ---: |")
    for name, seconds in found.items():
        print(f"| {name} | {median(seconds):.2f} |")
    print(f"\nworksample check / java -jar: {check / alone:.2f} (at most {MOST_TIMES_LONGER})")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(found, indent=2) + "\n")
    sys.exit(check > MOST_TIMES_LONGER * alone)


if __name__ == "__main__":
    main()
