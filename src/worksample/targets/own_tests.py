"""Run a repository's own tests, with a result for each test."""

from __future__ import annotations

import asyncio
import itertools
import os
import shlex
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from worksample.errors import UserError
from worksample.messages import message
from worksample.sandbox import Command, LaunchError, LogFile, run
from worksample.sandbox.hiding import hiding, require_hidden
from worksample.sandbox.ports import free_port
from worksample.services.base import Resource
from worksample.stacks.build_plan import BuiltSubmission
from worksample.stacks.building import shell_argv
from worksample.stacks.settings import CommandLine
from worksample.stacks.testing import REPORT, Outcome, TestPlan, TestResult, UnreadableReport
from worksample.targets.causes import start_cause
from worksample.targets.environment import environment, redact_secrets

TIMEOUT = 300.0
LOG_LINES = 40
MAX_REPORT_BYTES = 8 * 1024 * 1024
MAX_FILES = 5_000
MAX_RESULTS = 20_000
#: The largest file that tests may write: a tool keeps in one what a test prints.
MAX_FILE_BYTES = 1 << 30
_LIMITED = 'ulimit -f "$0"; exec "$@"'
SUCCESS = "exit code 0"
MAX_NAME, MAX_MESSAGE = 500, 4_000
_LEFT_OUT = " [...] "
_runs = itertools.count(1)


@dataclass(frozen=True, slots=True)
class OwnTestRun:
    """What came of a run of a repository's own tests.

    `problem` says why there is no complete set of results ("" if there is one), `hint` what its
    likely cause is, and `log` holds the last lines that the tests printed. Everything in it is
    bounded, but comes from the repository: it is untrusted text.
    """

    tool: str
    results: tuple[TestResult, ...]
    problem: str = ""
    hint: str = ""
    log: str = ""

    @property
    def passed(self) -> bool:
        """Whether the run is complete, at least one test passed, and none failed."""
        outcomes = {each.outcome for each in self.results}
        return not self.problem and Outcome.PASSED in outcomes and not outcomes & FAILURES


FAILURES = {Outcome.FAILED, Outcome.ERROR}


async def run_own_tests(
    built: BuiltSubmission,
    resources: Sequence[Resource] = (),
    *,
    timeout: float = TIMEOUT,
    on_line: Callable[[str], None] = lambda line: None,
) -> OwnTestRun:
    """Run the tests of a repository that was built with `tests=True`.

    `resources` (such as a database) add their variables to the environment, which is that of the
    server, and let tests do more than a server may (create a database). With any, the release
    command (migrations) runs first, as for a server. Everything that was started is ended after
    `timeout` seconds. Raises `UserError` if the stack finds no tests.
    """
    plan = await asyncio.to_thread(built.stack.tests, built.cwd)
    if plan is None:
        raise UserError(
            message(
                "no tests were found in {cwd} by the stack {stack}",
                cwd=built.settings.cwd,
                stack=built.detection.stack,
            ),
            hint="docs/bring-your-own.md says which tools are known, and how tests are found",
        )
    home = built.scratch / f"tests-{next(_runs)}"
    (home / "tmp").mkdir(parents=True)
    for each in resources:
        await each.allow_own_tests()
    env = environment(built, free_port(), home, resources)
    made, log = OwnTestRun(plan.tool, ()), LogFile(home / "release-log")
    if resources and built.detection.release:
        ended = await _run(built.detection.release, built, env, log, timeout, on_line)
        made = replace(
            made,
            problem=""
            if ended == SUCCESS
            else message("the release command: {ended}", ended=ended),
        )
        if made.problem:
            return _without_local_names(made, log, built, env)
    return await run_plan(plan, built, env, home, timeout=timeout, on_line=on_line)


async def run_plan(
    plan: TestPlan,
    built: BuiltSubmission,
    env: Mapping[str, str],
    home: Path,
    *,
    timeout: float = TIMEOUT,
    hidden: Sequence[Path] = (),
    on_line: Callable[[str], None] = lambda line: None,
) -> OwnTestRun:
    """Run the tests of `plan` in a built project, with the environment `env` and that of the plan.

    Log and report are written into the folder `home`. Everything that was started is ended after
    `timeout` seconds. With `hidden`, they see no other processes and find these folders empty,
    which needs `can_hide()`.
    """
    log, report, env = LogFile(home / "log"), home / "report", {**env, **plan.environment}
    line = _with_report(plan.command, report)
    ended = await _run(line, built, env, log, timeout, on_line, hidden)
    made = await asyncio.to_thread(_results, plan, report, ended)
    return _without_local_names(made, log, built, env)


async def _run(
    line: CommandLine,
    built: BuiltSubmission,
    env: Mapping[str, str],
    log: LogFile,
    timeout: float,
    on_line: Callable[[str], None],
    hidden: Sequence[Path] = (),
) -> str:
    """Run a command in the project; return how it ended, as text."""
    argv = _with_limit(shell_argv(line))
    try:
        command = Command(hiding(argv, hidden) if hidden else argv, built.cwd, env)
        done = await run(command, log, timeout=timeout, on_line=on_line)
    except LaunchError as error:
        return message("not started: {error}", error=error)
    if hidden and done.exit:
        require_hidden(done.exit.code, log.text())
    return (
        str(done.exit)
        if done.exit
        else message("not finished after {seconds} s", seconds=f"{timeout:.0f}")
    )


def _with_limit(argv: Sequence[str]) -> tuple[str, ...]:
    """Return the command with a limit on the size of each file that it writes."""
    return ("/bin/sh", "-c", _LIMITED, str(MAX_FILE_BYTES // 512), *argv)


def _with_report(line: CommandLine, report: Path) -> CommandLine:
    if isinstance(line, str):
        return line.replace(REPORT, shlex.quote(str(report)))
    return tuple(each.replace(REPORT, str(report)) for each in line)


def _results(plan: TestPlan, report: Path, ended: str) -> OwnTestRun:
    """Return the run without its log; `ended` says how the test tool ended."""
    unfinished = f"{plan.tool}: {ended}" if ended.startswith(("not", "killed")) else ""
    if plan.by_exit and not unfinished and not report.exists():
        outcome = Outcome.PASSED if ended == SUCCESS else Outcome.FAILED
        return OwnTestRun(plan.tool, (TestResult(plan.by_exit, outcome, message=ended),))
    try:
        results = (each for text in _texts(report) for each in plan.read(text))
        found = list(itertools.islice(results, MAX_RESULTS + 1))
    except UnreadableReport as error:
        problem = unfinished or message(
            "{tool} ({ended}) wrote no usable report: {error}",
            tool=plan.tool,
            ended=ended,
            error=error,
        )
        return OwnTestRun(plan.tool, (), problem)
    if len(found) > MAX_RESULTS:
        unfinished = message(
            "{tool} reported more than {most} tests", tool=plan.tool, most=MAX_RESULTS
        )
    problem = unfinished or _contradiction(plan.tool, found, ended)
    return OwnTestRun(plan.tool, tuple(found[:MAX_RESULTS]), problem)


def _contradiction(tool: str, found: Sequence[TestResult], ended: str) -> str:
    """Return why the results `found` are not all, given how the test tool ended; "" if they are."""
    if not found:
        return message("{tool} ({ended}) ran no test", tool=tool, ended=ended)
    if ended == SUCCESS or any(each.outcome in FAILURES for each in found):
        return ""
    return message(
        "{tool} ended with {ended}, though its report names no failed test", tool=tool, ended=ended
    )


def _texts(report: Path) -> Iterator[str]:
    """Yield the text of a report, or of each file if it is a folder; raises `UnreadableReport`."""
    left = MAX_REPORT_BYTES
    files = sorted(report.iterdir()) if report.is_dir() and not report.is_symlink() else [report]
    for path in files[:MAX_FILES]:
        data = _read(path, left + 1)
        left -= len(data)
        if left < 0:
            raise UnreadableReport(
                message("it is larger than {megabytes} MB", megabytes=MAX_REPORT_BYTES >> 20)
            )
        yield data.decode("utf-8", "replace")


def _read(path: Path, limit: int) -> bytes:
    """Return the first bytes of a regular file; a link is not followed, a pipe not waited for."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise UnreadableReport("it is not a file")
            return file.read(limit)
    except OSError as error:
        raise UnreadableReport(error.strerror or str(error)) from error


def _without_local_names(
    made: OwnTestRun, log: LogFile, built: BuiltSubmission, env: Mapping[str, str]
) -> OwnTestRun:
    """Return the run with bounded texts and the end of its log, without secrets and own paths."""

    def clean(text: str, limit: int) -> str:
        shown = redact_secrets(_without_middle(text, 2 * limit), env)
        for prefix in (f"file://{built.cwd}/", f"{built.cwd}/"):
            shown = shown.replace(prefix, "")
        return _without_middle(shown, limit)

    def each_result() -> Iterator[TestResult]:
        for each in made.results:
            name, message = clean(each.name, MAX_NAME), clean(each.message, MAX_MESSAGE)
            yield replace(each, name=name, message=message)

    printed = log.text()
    hint = start_cause(printed, built.detection.stack) if made.problem else ""
    tail = clean(log.lines(LOG_LINES)[-LOG_LINES * 400 :], LOG_LINES * 400)
    return replace(made, results=tuple(each_result()), hint=hint, log=tail)


def _without_middle(text: str, limit: int) -> str:
    """Return `text` in at most `limit` characters: where it begins, and where it ends."""
    if len(text) <= limit:
        return text
    end = (limit - len(_LEFT_OUT)) // 2
    return f"{text[: limit - len(_LEFT_OUT) - end]}{_LEFT_OUT}{text[-end:]}"
