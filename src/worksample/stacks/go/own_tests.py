"""How a Go project's own tests are run: by `go test`, which writes what happens as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worksample.messages import message
from worksample.stacks.go.modules import Project
from worksample.stacks.go.packages import SKIPPED
from worksample.stacks.testing import REPORT, Outcome, TestPlan, TestResult, UnreadableReport

ENDS = {"pass": Outcome.PASSED, "fail": Outcome.FAILED, "skip": Outcome.SKIPPED}
#: What `go test` prints around the words of a test.
FRAMES = ("=== ", "--- ", "FAIL", "exit status", "ok  ")


def test_plan(folder: Path) -> TestPlan | None:
    """See `worksample.stacks.base.Stack.tests`."""
    project = Project.around(folder, [])
    if project is None:
        return None
    every = (path for each in project.modules for path in files_with_tests(each.folder))
    found = next(every, None)
    if found is None:
        return None
    # Without -count=1, results may come from a cache that knows nothing of the database.
    patterns = _patterns(project, folder)
    command = " ".join(("go test -count=1 -json", *patterns, ">", REPORT))
    reason = message("{file} has tests", file=os.path.relpath(found, folder))
    return TestPlan("go test", command, read_events, (reason,))


def files_with_tests(folder: Path) -> Iterator[Path]:
    """Yield the files of the module in `folder` that may have tests, in order."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(
            each for each in folders if each not in SKIPPED and not each.startswith((".", "_"))
        )
        for name in sorted(files):
            if name.endswith("_test.go"):
                yield Path(place) / name


def _patterns(project: Project, folder: Path) -> Iterator[str]:
    """Yield what `go test` is told: all packages of each module."""
    if not project.is_workspace:
        yield "./..."
        return
    for each in project.modules:
        inside = Path(os.path.relpath(each.folder, folder)).as_posix()
        yield "./..." if inside == "." else f"./{inside}/..."


@dataclass(slots=True)
class _Running:
    """A test that began, and what came of it; `outcome` is None as long as it has no end."""

    outcome: Outcome | None = None
    seconds: float = 0.0
    output: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What it printed, without what the tool prints around it."""
        lines = "".join(self.output).splitlines()
        return "\n".join(each for each in lines if not each.lstrip().startswith(FRAMES)).strip("\n")


def read_events(text: str) -> Iterator[TestResult]:
    """Yield the result of each test in the events of `go test -json`.

    A test is called `example.com/shop/cart.TestTotal/no_goods`. One with subtests is told only if
    it fails apart from them. A package that does not compile, or ends outside its tests, is a
    result too.
    """
    events = list(_events(text))
    if not events:
        raise UnreadableReport("it has no event of go test")
    running: dict[tuple[str, str], _Running] = {}
    compiled: dict[str, list[str]] = {}
    for each in events:
        action, output = each["Action"], str(each.get("Output", ""))
        if action == "build-output":
            compiled.setdefault(str(each.get("ImportPath", "")), []).append(output)
        if "Package" not in each:
            continue
        key = str(each["Package"]), str(each.get("Test", ""))
        one = running.setdefault(key, _Running())
        if action == "output":
            one.output.append(output)
        elif action in ENDS:
            elapsed = each.get("Elapsed", 0)
            one.outcome = ENDS[action]
            one.seconds = float(elapsed) if isinstance(elapsed, int | float) else 0.0
            one.output += compiled.get(str(each.get("FailedBuild", "")), ())
    yield from _results(running)


def _results(running: dict[tuple[str, str], _Running]) -> Iterator[TestResult]:
    for (package, test), one in running.items():
        inside = [
            each
            for (place, name), each in running.items()
            if place == package and name and name.startswith(f"{test}/" if test else "")
        ]
        if not test:
            if one.outcome is not Outcome.PASSED and _is_told(one, inside):
                yield TestResult(package, Outcome.ERROR, one.seconds, one.words)
        elif one.outcome is None:
            yield TestResult(f"{package}.{test}", Outcome.ERROR, message=one.words or "no end")
        elif not inside or _is_told(one, inside):
            told = "" if one.outcome is Outcome.PASSED else one.words
            yield TestResult(f"{package}.{test}", one.outcome, one.seconds, told)


def _is_told(one: _Running, inside: list[_Running]) -> bool:
    """Whether it failed, and nothing inside it did."""
    failed = one.outcome in (Outcome.FAILED, None)
    return failed and all(each.outcome in (Outcome.PASSED, Outcome.SKIPPED) for each in inside)


def _events(text: str) -> Iterator[dict[str, Any]]:
    """Yield the events; lines that a program printed between them are passed over."""
    for line in text.splitlines():
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(event, dict) and isinstance(event.get("Action"), str):
            yield event
