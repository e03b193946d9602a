"""Run tests that somebody wrote over HTTP: one command, in any tool, with `BASE_URL`."""

from __future__ import annotations

import asyncio
import itertools
import os
import shlex
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import Element

from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.sandbox.folders import remove_tree
from worksample.stacks import BuiltSubmission, Settings, detect
from worksample.stacks.base import stacks
from worksample.stacks.building import format_command
from worksample.stacks.junit import class_name, path_name, read_junit
from worksample.stacks.settings import SETTINGS_FILE, CommandLine
from worksample.stacks.testing import REPORT, TestPlan, TestResult
from worksample.targets.environment import GENERATED_SECRETS, environment
from worksample.targets.own_tests import OwnTestRun, run_plan

FILES = "{files}"
BASE_URL = "BASE_URL"
#: What a server gets and a client does not.
_OF_SERVERS = ("PORT", "HOST", *GENERATED_SECRETS)
_runs = itertools.count(1)


class HttpTests:
    """Tests that were built once and run any number of times, each time in a copy of their own.

    So no run finds what another one left, and several can run at once. What the command starts is
    ended with it; how long it may take and how much it may print is limited.
    """

    def __init__(
        self,
        built: BuiltSubmission,
        on_line: Callable[[str], None],
        hidden: Sequence[Path] = (),
    ) -> None:
        self._built = built
        self._on_line = on_line
        self._hidden = tuple(hidden)
        self._files = _matching(built.cwd, built.settings.test_files)

    @classmethod
    @asynccontextmanager
    async def build(
        cls,
        folder: Path,
        settings: Settings,
        on_line: Callable[[str], None] = lambda line: None,
        hidden: Sequence[Path] = (),
    ) -> AsyncIterator[HttpTests]:
        """Copy the project in `folder`, and install what its tests need.

        With `hidden`, the tests will find these folders empty, and see no other processes; that
        needs `can_hide()`. Raises `WorkspaceError` if worksample.toml names no command or files
        that are not there, and `BuildFailed`.
        """
        _require_command(settings)
        plan = detect(folder, replace(settings, command=settings.test_command))
        async with plan.build(on_line=on_line, tests=True) as built:
            yield cls(built, on_line, hidden)

    @property
    def other_order(self) -> str:
        """How the order is changed, in words; "" if that is up to the tool."""
        settings = self._built.settings
        if settings.other_order:
            return message(
                "the tests ran in another order, too, by `{command}`",
                command=format_command(settings.other_order),
            )
        if len(self._files) > 1 and FILES in format_command(settings.test_command):
            return "the tests ran file by file in reverse order, too"
        return ""

    async def run(
        self, base_url: str, *, other_order: bool = False, timeout: float = 0.0
    ) -> OwnTestRun:
        """Run the tests on the server at `base_url`, also in another order than the usual one.

        `timeout` is in seconds (0: what worksample.toml says).
        """
        number = next(_runs)
        home, copy = self._built.scratch / f"home-{number}", self._built.scratch / f"tests-{number}"
        try:
            await asyncio.to_thread(_copy, self._built, copy)
            built = replace(self._built, folder=copy)
            return await self._run(built, home, base_url, other_order, timeout)
        finally:
            await asyncio.to_thread(remove_tree, copy)
            await asyncio.to_thread(remove_tree, home)

    async def _run(
        self, built: BuiltSubmission, home: Path, base_url: str, other_order: bool, timeout: float
    ) -> OwnTestRun:
        settings = built.settings
        line = settings.test_command
        if other_order and settings.other_order:
            line, other_order = settings.other_order, False
        limit = timeout or settings.test_timeout
        groups = [list(self._files)]
        if FILES in format_command(line) and (other_order or REPORT not in format_command(line)):
            groups = [[each] for each in (reversed(self._files) if other_order else self._files)]
        done = []
        until = asyncio.get_running_loop().time() + limit
        for part, files in enumerate(groups):
            place = home / str(part)
            (place / "tmp").mkdir(parents=True)
            env = _environment(built, base_url, place, other_order)
            plan = _plan(line, files, len(groups) > 1)
            left = max(1.0, until - asyncio.get_running_loop().time())
            run = partial(run_plan, hidden=self._hidden, on_line=self._on_line)
            done.append(await run(plan, built, env, place, timeout=left))
            if done[-1].problem:
                break
        return _joined(done)


def _require_command(settings: Settings) -> None:
    if not settings.test_command:
        raise WorkspaceError(
            message(
                "{file} does not say how the tests are run.", file=settings.source or SETTINGS_FILE
            ),
            hint="Write their command into the table [test]; docs/testing.md shows how.",
        )


def _matching(folder: Path, patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the files that `patterns` name, sorted; raises `WorkspaceError` if there are none."""
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    if patterns and not found:
        raise WorkspaceError(
            message(
                "{file}: test.files: no file matches {patterns}",
                file=SETTINGS_FILE,
                patterns=", ".join(patterns),
            ),
            hint='Write patterns relative to the folder of the tests, such as "tests/*.test.js".',
        )
    return tuple(sorted(path.relative_to(folder).as_posix() for path in found))


def _copy(built: BuiltSubmission, to: Path) -> None:
    """Copy the project; what its package manager installed is linked, not copied."""
    installed = {name for each in stacks().values() for name in each.library_folders}
    links: list[Path] = []

    def ignore(folder: str, names: list[str]) -> set[str]:
        found = {each for each in names if each in installed}
        links.extend(Path(folder) / each for each in found)
        return found

    shutil.copytree(built.folder, to, symlinks=True, ignore=ignore)
    for each in links:
        (to / each.relative_to(built.folder)).symlink_to(each, target_is_directory=True)


def _environment(
    built: BuiltSubmission, base_url: str, home: Path, reverse: bool
) -> dict[str, str]:
    """Return the environment of the tests: that of the build, and the address of the server."""
    in_production = {name for each in stacks().values() for name in each.server_variables}
    of_servers = {*_OF_SERVERS, *in_production.difference(built.environment)}
    own = environment(built, 0, home)
    env = {name: text for name, text in own.items() if name not in of_servers}
    report = shlex.quote(str(home / "report"))
    for each in stacks().values():
        env |= {name: text.replace(REPORT, report) for name, text in each.test_variables.items()}
    if reverse:
        for each in stacks().values():
            env |= _expanded(each.reversing_variables, env)
    return {**env, BASE_URL: base_url}


def _expanded(variables: Mapping[str, str], env: Mapping[str, str]) -> dict[str, str]:
    return {
        name: text.replace(f"${name}", env.get(name, "")).strip(os.pathsep)
        for name, text in variables.items()
    }


def _plan(line: CommandLine, files: Sequence[str], one_of_many: bool) -> TestPlan:
    """Return how the command `line` is run, with the names of `files` if it asks for them.

    A tool that writes no report counts as one test, or as one for each file.
    """
    if isinstance(line, str):
        filled: CommandLine = line.replace(FILES, " ".join(map(shlex.quote, files)))
        tool = line.split()[0]
    else:
        filled = tuple(word for each in line for word in (files if each == FILES else [each]))
        tool = line[0]
    by_exit = files[0] if one_of_many else format_command(line)
    reports = REPORT in format_command(line)
    return TestPlan(tool, filled, _read, by_exit="" if reports else by_exit)


def _read(text: str) -> Iterator[TestResult]:
    return read_junit(text, _name)


def _name(case: Element, suites: tuple[str, ...]) -> str:
    """Return the name of a test: of the class that its tool states, or of the suites around it."""
    stated = case.get("classname", "") not in ("", "test")
    return class_name(case, suites) if stated else path_name(case, suites)


def _joined(runs: list[OwnTestRun]) -> OwnTestRun:
    """Return the runs of several files as one."""
    last = runs[-1]
    results: tuple[TestResult, ...] = sum((each.results for each in runs), ())
    log = "\n".join(filter(None, (each.log for each in runs)))
    return replace(last, results=results, log=log)
