"""A repository's own tests: how a stack says to run them, and what came of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from worksample.stacks.settings import CommandLine

REPORT = "{report}"
#: How tools mark the error below an excerpt of the test.
_ERROR_LINE = re.compile(r"E\s{2,}(\S.*)")


class Outcome(StrEnum):
    """What came of one test; `ERROR` means that it (or what it needs) could not be run."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class TestResult:
    """The result of one test.

    `name` is the name that the test tool gives it, unique within the run where the tool's names
    are; `message` is why it failed or was skipped. Both are untrusted text.
    """

    __test__: ClassVar[bool] = False  # not a test class, whatever pytest thinks of its name

    name: str
    outcome: Outcome
    seconds: float = 0.0
    message: str = ""

    @property
    def reason(self) -> str:
        """Why it failed, in one line: what the tool marks as the error, or else the first one."""
        lines = [line.strip() for line in self.message.splitlines() if line.strip()]
        marked = [found[1] for line in lines if (found := _ERROR_LINE.match(line))]
        return next(iter([*marked, *lines]), "no reason is given")


class UnreadableReport(Exception):
    """A report of tests is not in the format that its tool writes; the message says why."""


@dataclass(frozen=True, slots=True)
class TestPlan:
    """How to run a repository's own tests after a build with `tests=True`.

    `tool` is the name of the test tool, for messages. `command` writes the report to the file that
    `{report}` stands for (quoted already, if the command is shell text), or into a folder of that
    name; `read` turns the text of each file into results, or raises `UnreadableReport`. `reasons`
    are sentences that say what was decided and why. `environment` is added to the server's
    environment. `by_exit` names the one test that a tool without a report counts as: its exit code
    says whether it passed; "" if there must be a report.
    """

    __test__: ClassVar[bool] = False

    tool: str
    command: CommandLine
    read: Callable[[str], Iterable[TestResult]]
    reasons: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    by_exit: str = ""
