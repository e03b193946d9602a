"""The context of a build and its steps."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from worksample.errors import BuildFailed
from worksample.messages import message
from worksample.sandbox import Command, LaunchError, LogFile, run
from worksample.stacks.base import own_and_others, stacks
from worksample.stacks.causes import GENERAL_BUILD_CAUSES, likely_cause
from worksample.stacks.settings import CommandLine, Settings

STEP_TIMEOUT = 600.0
LOG_LINES = 40
INHERITED_VARIABLES = re.compile(
    r"(?i)^(path|home|user|logname|lang|lc_.*|tmpdir|shell|term|.*_proxy|.*_ca_.*|ssl_.*|.*_cert"
    r"|xdg_.*|cc|cxx|cflags|ldflags|pkg_config.*|sdkroot|macosx_deployment_target)$"
)
SIMPLE_COMMAND = re.compile(r"[^|&;<>()`\n]+")
SHELL_WORDS = frozenset(("cd", "exec", "export", "set", "source", ".", "if", "for", "while", "{"))
ASSIGNMENT = re.compile(r"\s*[A-Za-z_][A-Za-z0-9_]*=")


def shell_argv(line: CommandLine) -> tuple[str, ...]:
    """Return the argument list that runs a command; text runs in /bin/sh.

    A simple command gets an `exec` prefix, so that signals reach the server and not the shell.
    """
    if not isinstance(line, str):
        return line
    is_simple = (
        SIMPLE_COMMAND.fullmatch(line)
        and not ASSIGNMENT.match(line)
        and not _starts_with_builtin(line)
    )
    return ("/bin/sh", "-c", f"exec {line.strip()}" if is_simple else line)


def runs_under_shell(argv: tuple[str, ...]) -> bool:
    """Whether a shell stays the program's parent, so that signals must go to the group."""
    return argv[:2] == ("/bin/sh", "-c") and not argv[2].startswith("exec ")


def _starts_with_builtin(line: str) -> bool:
    return line.split()[0] in SHELL_WORDS


def format_command(line: CommandLine) -> str:
    """Return a command as text for messages."""
    return line if isinstance(line, str) else " ".join(line)


def inherited_environment() -> dict[str, str]:
    """Return the variables that a build inherits: paths, proxies, package manager settings."""
    patterns = [pattern for each in stacks().values() for pattern in each.build_variables]
    return {
        key: value
        for key, value in os.environ.items()
        if INHERITED_VARIABLES.match(key)
        or any(fnmatchcase(key.upper(), pattern) for pattern in patterns)
    }


def build_cause(log: str, stack: str = "") -> str:
    """Return advice on the likely cause of a failed build, or "" if the cause is unknown.

    The causes of `stack` (an id such as `python-fastapi`) come first, those of other stacks last.
    """
    own, others = own_and_others(stack)
    return likely_cause(
        log,
        *(each.build_causes for each in own),
        GENERAL_BUILD_CAUSES,
        *(each.build_causes for each in others),
    )


@dataclass(slots=True)
class BuildContext:
    """One build: `folder` is the copy of the submission, `scratch` a folder for logs and the like.

    `cache` is the cache folder; `on_line` receives every line that a step prints; `commands` are
    the commands that run later (build, release, start), as text; `stack` is the detected
    one; `tests` says whether the project's own tests will be run; `settings` are those of
    worksample.toml; `notes` are sentences for the report.
    """

    folder: Path
    scratch: Path
    cache: Path
    on_line: Callable[[str], None] = lambda line: None
    commands: tuple[str, ...] = ()
    stack: str = ""
    tests: bool = False
    settings: Settings = field(default_factory=Settings)
    notes: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=inherited_environment)
    step_count: int = 0

    async def run_step(
        self,
        title: str,
        line: CommandLine,
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = STEP_TIMEOUT,
        failure: type[BuildFailed] = BuildFailed,
    ) -> None:
        """Run one build step; raises `failure` with its last log lines and likely cause."""
        self.step_count += 1
        log = LogFile(self.scratch / f"step-{self.step_count}.log")
        self.on_line(f"$ {format_command(line)}")
        self.on_line(title)
        command = Command(shell_argv(line), cwd or self.folder, {**self.environment, **(env or {})})
        try:
            finished = await run(command, log, timeout=timeout, on_line=self.on_line)
        except LaunchError as error:
            raise BuildFailed(
                message("{title}: {error}", title=title, error=error), command=format_command(line)
            ) from error
        if not finished.ok:
            how = (
                str(finished.exit)
                if finished.exit
                else message("not finished after {seconds} s", seconds=f"{timeout:.0f}")
            )
            tail = log.lines(LOG_LINES)
            raise failure(
                message("{title} failed ({how})", title=title, how=how),
                hint=build_cause(log.text(), self.stack),
                command=format_command(line),
                log=tail,
            )
