"""Where a submission is built: its copy, the cache, and steps that run and may fail."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from worksample.errors import BuildFailed
from worksample.sandbox import Command, LaunchError, LogFile, run
from worksample.stacks.causes import build_cause
from worksample.stacks.settings import Line

STEP_SECONDS = 600.0
LOG_LINES = 40
PASSED_ON = re.compile(
    r"(?i)^(path|home|user|logname|lang|lc_.*|tmpdir|shell|term|.*_proxy|.*_ca_.*|ssl_.*|.*_cert"
    r"|node_extra_ca_certs|pip_.*|uv_.*|npm_config_.*|yarn_.*|pnpm_.*|corepack_.*|xdg_.*|cc|cxx"
    r"|cflags|ldflags|pkg_config.*|pg_config|sdkroot|macosx_deployment_target)$"
)
SIMPLE = re.compile(r"[^|&;<>()`\n]+")
ASSIGNMENT = re.compile(r"\s*[A-Za-z_][A-Za-z0-9_]*=")


def shell(line: Line) -> tuple[str, ...]:
    """Return program and arguments for a command; a simple one replaces its shell.

    So a signal reaches the server itself and not a shell that would keep it from it.
    """
    if not isinstance(line, str):
        return line
    lone = SIMPLE.fullmatch(line) and not ASSIGNMENT.match(line) and not _builtin(line)
    return ("/bin/sh", "-c", f"exec {line.strip()}" if lone else line)


def is_wrapped(argv: tuple[str, ...]) -> bool:
    """Whether a shell stays between us and the program, so that signals go to the whole group."""
    return argv[:2] == ("/bin/sh", "-c") and not argv[2].startswith("exec ")


def _builtin(line: str) -> bool:
    return line.split()[0] in {
        "cd",
        "exec",
        "export",
        "set",
        "source",
        ".",
        "if",
        "for",
        "while",
        "{",
    }


def words(line: Line) -> str:
    """Return a command as text for people."""
    return line if isinstance(line, str) else " ".join(line)


def own_environment() -> dict[str, str]:
    """Return what a build may have of our own environment: paths, proxies, package managers."""
    return {key: value for key, value in os.environ.items() if PASSED_ON.match(key)}


@dataclass(slots=True)
class Workshop:
    """One build: `folder` is the copy of the submission, `room` a folder for logs and the like.

    `cache` is the root of the cache; `on_line` gets every line that a step prints; `commands` are
    the texts of what will run later (build, release, start).
    """

    folder: Path
    room: Path
    cache: Path
    on_line: Callable[[str], None] = lambda line: None
    commands: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=own_environment)
    steps: int = 0

    async def step(
        self,
        title: str,
        line: Line,
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        seconds: float = STEP_SECONDS,
    ) -> None:
        """Run one step to its end; raises `BuildFailed` with its last lines and likely cause."""
        self.steps += 1
        log = LogFile(self.room / f"step-{self.steps}.log")
        self.on_line(f"$ {words(line)}")
        command = Command(shell(line), cwd or self.folder, {**self.environment, **(env or {})})
        try:
            done = await run(command, log, timeout=seconds, on_line=self.on_line)
        except LaunchError as error:
            raise BuildFailed(f"{title}: {error}", command=words(line)) from error
        if not done.ok:
            how = str(done.exit) if done.exit else f"not finished after {seconds:.0f} s"
            tail = log.lines(LOG_LINES)
            raise BuildFailed(
                f"{title} failed ({how})",
                hint=build_cause(log.text()),
                command=words(line),
                log=tail,
            )
