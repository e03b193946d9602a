"""The report of one run: every verdict, and what makes it repeatable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from worksample.checks import CheckResult, Verdict

FORMAT = 1


class RunVerdict(StrEnum):
    """What came of a whole run."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    BUILD_FAILED = "build failed"
    START_FAILED = "start failed"
    ERROR = "error"

    @property
    def exit_code(self) -> int:
        """The exit code of `worksample check` for this verdict."""
        return {
            RunVerdict.ACCEPTED: 0,
            RunVerdict.REJECTED: 1,
            RunVerdict.BUILD_FAILED: 3,
            RunVerdict.START_FAILED: 3,
            RunVerdict.ERROR: 4,
        }[self]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the server could not be judged: a build or start that failed.

    `command` is what was run, `environment` what we set for it (secrets masked), `log` the last
    lines it printed (untrusted).
    """

    message: str
    hint: str = ""
    command: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    log: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One run. Times are ISO 8601 in UTC, durations in seconds.

    `run` is the run's id, `digest` the sha256 of the submission, `selection` what was asked for if
    not everything (`stage 3`, `only security`), `notes` how the server was recognised and what
    it does differently, `clauses` the text of every rule that a check of this run quotes.
    """

    run: str
    kind: str
    challenge: str
    challenge_title: str
    challenge_version: str
    stages: Mapping[int, str]
    stack: str
    digest: str
    seed: int
    verdict: RunVerdict
    started: str
    seconds: float
    versions: Mapping[str, str]
    results: tuple[CheckResult, ...] = ()
    problem: Problem | None = None
    notes: tuple[str, ...] = ()
    selection: str = ""
    timings: Mapping[str, float] = field(default_factory=dict)
    requests: int = 0
    clauses: Mapping[str, str] = field(default_factory=dict)
    base_url: str = ""
    prefix: str = ""

    def with_verdict(self, verdict: Verdict) -> list[CheckResult]:
        """Return the results that have `verdict`, in the order of stages."""
        return [result for result in self.results if result.verdict is verdict]


def judge(results: Iterable[CheckResult]) -> RunVerdict:
    """Return what the verdicts of single checks make of the run.

    One failure rejects. Otherwise an error of ours (or a question that stayed undecided, or was
    blocked for no reason that excuses it) means that we cannot say.
    """
    verdict = RunVerdict.ACCEPTED
    for result in results:
        if result.verdict is Verdict.FAIL:
            return RunVerdict.REJECTED
        if result.verdict in (Verdict.ERROR, Verdict.UNDECIDED):
            verdict = RunVerdict.ERROR
        if result.verdict is Verdict.BLOCKED and not result.excused:
            verdict = RunVerdict.ERROR
    return verdict
