"""Measure what the server of each mutant logs when it fails: `logs.json` beside the mutants.

    python bench/server_logs.py [CHALLENGE] [SOLUTION] [--mutant NAME]...

Each mutant that a ticket can be about is started, and asked the checks that find it. A request that
is answered with a 5xx is sent again, alone; what the server prints then is recorded, if it names a
line of the repository. Frames of libraries are left out where there are several; a trace within a
line of JSON is recorded below that line, as a viewer of logs shows it. The file is written after
each mutant. With `--mutant`, only these are measured; otherwise all are, and an entry
without a mutant goes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

from worksample.catalogue import Challenge, Mutant, load, load_all
from worksample.catalogue.answers import MUTANTS
from worksample.catalogue.measured import as_json
from worksample.catalogue.server_logs import (
    SERVER_LOGS,
    LoggedRequest,
    ServerLog,
    places_in,
    server_logs,
)
from worksample.checks import CheckResult
from worksample.checks.model import culprit_of
from worksample.grading import NullProgress, RunRequest, StartedServices, started
from worksample.grading.run import Run
from worksample.messages import plural
from worksample.probes.exchange import Exchange
from worksample.probes.http import HttpClient
from worksample.reports.support.formatting import lines_of
from worksample.stacks import load_settings
from worksample.targets import Target
from worksample.tasks.fixing import fixable

_BENCH = "the measurement of logs"
_MAX_LINES = 400
_MAX_REQUESTS, _MAX_TARGET = 4, 160
_SETTLING_SECONDS = 0.3
#: What is shown of each error, at most.
_MAX_SHOWN = 80
_LIBRARY = re.compile(
    r'^\s+File "[^"]*(?:python\d[\d.]*/|site-packages/)|^\s+at .*(?:node_modules/|node:)'
)
#: What stands before the path of a file and says something of this machine, or nothing.
_BEFORE_PATHS = re.compile(r'\bfile:(?=\S)|(?<=")/[^"]*/(?=python\d[\d.]*/)')
#: What Python shows under a part of a line.
_MARK = re.compile(r"[\s~^]+")
_BELOW = re.compile(r"^    (?!at )")


async def log_of(
    challenge: Challenge, solution: str, mutant: Mutant, servers: StartedServices
) -> ServerLog | None:
    """Return what the server with `mutant` logs; None if no trace names a line of it."""
    with tempfile.TemporaryDirectory(prefix="worksample-logs-") as place:
        answers = challenge.answers(_BENCH)
        folder = await asyncio.to_thread(answers.copy, solution, Path(place) / "app", mutant)
        run = Run(
            RunRequest(challenge, folder, load_settings(folder), seed=1), NullProgress(), servers
        )
        checks = [check for check in challenge.checks if check.id in mutant.killed_by]
        async with run.server() as server:
            target = server.target
            assert isinstance(target, Target)
            for result in await run.ask(server, checks):
                for story in _failed_stories(result):
                    printed = await _printed_again(target, story[-1])
                    shown = lines_of("\n".join(unfolded(printed)), _MAX_LINES)
                    lines = tuple(_shortened(shown))[:_MAX_SHOWN]
                    if places := _places(folder, lines):
                        return ServerLog(tuple(map(_logged, story)), lines, places)
    return None


def _failed_stories(result: CheckResult) -> Iterator[list[Exchange]]:
    """Yield the requests up to one that was answered with a 5xx, for each finding with one."""
    for finding in result.findings:
        culprit = culprit_of(finding)
        if culprit is not None and culprit.status >= 500 and finding.culprit is not None:
            yield [*finding.exchanges[: finding.culprit][1 - _MAX_REQUESTS :], culprit]


async def _printed_again(target: Target, failed: Exchange) -> str:
    """Send a request again; return what is printed, "" if it has another answer now."""
    mark = await target.flush_log()
    async with asyncio.timeout(30):
        client = HttpClient(target.base_url)
        try:
            again = await client.send(failed.request)
        finally:
            await client.aclose()
    await asyncio.sleep(_SETTLING_SECONDS)
    return target.printed(mark, await target.flush_log()) if again.status == failed.status else ""


def unfolded(printed: str) -> Iterator[str]:
    """Yield the lines of a log; texts of several lines within one of JSON follow it.

    The moments in it are left out: the ticket's are others.
    """
    for line in printed.splitlines():
        entry = _json_object(line)
        texts = [each for each in entry.values() if isinstance(each, str) and "\n" in each]
        rest = {
            name: value
            for name, value in entry.items()
            if value not in texts and not _is_moment(value)
        }
        yield json.dumps(rest, ensure_ascii=False) if entry else line
        for text in texts:
            yield from text.splitlines()


def _json_object(line: str) -> dict[str, object]:
    """Return the object that a line of JSON is; an empty one for any other line."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_moment(value: object) -> bool:
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return isinstance(value, str)


def _shortened(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines; several frames of libraries become one line that counts them."""
    plain = [_BEFORE_PATHS.sub("", line) for line in lines if not _MARK.fullmatch(line)]
    for is_library, frames in groupby(_frames(plain), lambda frame: bool(_LIBRARY.match(frame[0]))):
        found = list(frames)
        if is_library and len(found) > 1:
            indent = found[0][0][: len(found[0][0]) - len(found[0][0].lstrip())]
            yield indent + plural(len(found), "", "[{count} frames of libraries]")
        else:
            yield from (line for frame in found for line in frame)


def _frames(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield each line, with those that are shown below it as the text of its place."""
    frame: list[str] = []
    for line in lines:
        if frame and frame[0].startswith('  File "') and _BELOW.match(line):
            frame.append(line)
            continue
        if frame:
            yield frame
        frame = [line]
    if frame:
        yield frame


def _places(folder: Path, lines: Sequence[str]) -> dict[str, str]:
    """Return the text of each line of the repository that `lines` name, by `path:number`."""
    found: dict[str, str] = {}
    for path, number in (place for line in lines for place in places_in(line)):
        file = folder / path
        inside = file.resolve().is_relative_to(folder.resolve())
        if inside and file.is_file() and "node_modules" not in path:
            rows = file.read_text(encoding="utf-8").splitlines()
            found[f"{path}:{number}"] = rows[number - 1]
    return found


def _logged(exchange: Exchange) -> LoggedRequest:
    request = exchange.request
    return LoggedRequest(request.method, request.target[:_MAX_TARGET], exchange.status)


async def measure(challenge: Challenge, solution: str, named: Sequence[str]) -> None:
    """Measure the mutants of `solution`, or those that are `named`."""
    answers = challenge.answers(_BENCH)
    folder = answers.folder / MUTANTS / solution
    known = dict(server_logs(folder)) if named else {}
    services = challenge.services.choose(load_settings(answers.solutions[solution]))
    async with started(challenge, services, {}) as servers:
        for mutant in fixable(challenge, answers, solution):
            if named and mutant.id not in named:
                continue
            found = await log_of(challenge, solution, mutant, servers)
            known.pop(mutant.id, None)
            known |= {mutant.id: found} if found else {}
            _write(folder, known)
            size = plural(len(found.lines), "{count} line", "{count} lines") if found else "none"
            print(f"{challenge.id}/{solution}/{mutant.id}: {size}", flush=True)


def _write(folder: Path, known: Mapping[str, ServerLog]) -> None:
    if known:
        (folder / SERVER_LOGS).write_bytes(as_json(known))


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("challenge", nargs="?", default="")
    parser.add_argument("solution", nargs="?", default="")
    parser.add_argument("--mutant", action="append", default=[])
    options = parser.parse_args()
    for challenge in [load(options.challenge)] if options.challenge else load_all():
        for solution in challenge.answers(_BENCH).families:
            if options.solution in ("", solution):
                asyncio.run(measure(challenge, solution, options.mutant))


if __name__ == "__main__":
    main()
