"""Requests a second of the load probe, relative to wrk, on the reference in Go.

    python bench/load.py [--seconds 5] [--rounds 5] [--path /api/tags] [--json FILE]

The server is conduit's reference in go-nethttp with a PostgreSQL of its own. wrk and the load probe
ask for the same page on as many connections, from the same core, one after the other; the server
has the other cores. The probe is given so many requests that are due at once, again and again, so
it sends as fast as it can, and records each exchange as in a check. They are as many as its client
keeps connections: with more it would open a new one for most requests, which wrk never does. A
round is one run of each; the ratio of the medians is held to 0.5, else the exit code is 1.

wrk must be installed (`apt-get install wrk` on Debian and Ubuntu), and Linux pins to cores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

import uvloop
from planted import BENCH

from worksample.catalogue import load
from worksample.probes import open_loop
from worksample.probes.exchange import Exchange, Request
from worksample.probes.http import HttpClient, Limits
from worksample.services.postgres import PostgresServer
from worksample.stacks import detect, load_settings
from worksample.targets import Target

CHALLENGE, SOLUTION = "conduit", "go-nethttp"
CONNECTIONS = Limits().pool
LEAST = 0.5


async def probe(address: str, path: str, seconds: float) -> float:
    """Return the requests a second that the load probe had answered."""
    client = HttpClient(address)
    request = Request("GET", path)

    async def send() -> Exchange:
        return await client.send(request)

    answered, began = 0, time.monotonic()
    try:
        while (took := time.monotonic() - began) < seconds:
            history = await open_loop.run_open_loop([(0.0, send)] * CONNECTIONS)
            summary = open_loop.summarize(history)
            if not summary.all_answered:
                raise SystemExit(f"{len(summary.failed)} requests failed")
            answered += summary.count
    finally:
        await client.aclose()
    return answered / took


def wrk(url: str, seconds: float) -> float:
    """Return the requests a second that wrk counted; it runs on the core of this process."""
    done = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{round(seconds)}s", url],
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout:
        raise SystemExit(f"wrk was not answered as expected:\n{done.stdout}")
    return float(found[1])


async def measure(seconds: float, rounds: int, path: str) -> dict[str, list[float]]:
    """Start the server, and run both in turn; the first round warms up and is not counted."""
    folder = load(CHALLENGE).answers(BENCH).solutions[SOLUTION]
    cores = sorted(os.sched_getaffinity(0))
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(PostgresServer.start())
        made = detect(folder, load_settings(folder)).build()
        built = await stack.enter_async_context(made)
        database = await server.create_resource()
        os.sched_setaffinity(0, set(cores[1:]) or set(cores))
        target = await stack.enter_async_context(Target.start(built, resources=[database]))
        os.sched_setaffinity(0, {cores[0]})
        found: dict[str, list[float]] = {"wrk": [], "probe": []}
        for _ in range(rounds + 1):
            found["wrk"].append(await asyncio.to_thread(wrk, target.base_url + path, seconds))
            found["probe"].append(await probe(target.base_url, path, seconds))
    return {name: counts[1:] for name, counts in found.items()}


def main() -> None:
    """Run the bench and print its table; exit with 1 if the probe is too slow."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--path", default="/api/tags")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed: apt-get install wrk")
    found = uvloop.run(measure(options.seconds, options.rounds, options.path))
    ratio = median(found["probe"]) / median(found["wrk"])
    print("| client | requests a second |\n| --- | ---: |")
    for name, counts in found.items():
        print(f"| {name} | {median(counts):,.0f} |")
    print(f"\nprobe / wrk: {ratio:.2f} (at least {LEAST})")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(found, indent=2) + "\n")
    sys.exit(ratio < LEAST)


if __name__ == "__main__":
    main()
