"""The report of one run: every verdict, and what is needed to repeat the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from worksample.checks import Aspect, CheckResult, Verdict
from worksample.grading.selection import EVERYTHING, Selection
from worksample.messages import message

FORMAT = 1


class RunVerdict(StrEnum):
    """The verdict of a run; NOTHING_FOUND if none failed of the checks that a budget allowed."""

    ACCEPTED = "accepted"
    NOTHING_FOUND = "nothing found"
    REJECTED = "rejected"
    BUILD_FAILED = "build failed"
    START_FAILED = "start failed"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the build or the start of the server failed.

    `command` is what was run, `environment` the variables that Worksample set for it (secrets
    masked), `log` the last lines that it printed (untrusted).
    """

    message: str
    hint: str = ""
    command: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    log: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """What a kind of work measures beside its verdict: `value` of at most `best`."""

    name: str
    value: float
    best: float

    def __str__(self) -> str:
        """Return "words found: 7 of 10"."""
        return message(
            "{name}: {value} of {best}",
            name=self.name,
            value=f"{self.value:g}",
            best=f"{self.best:g}",
        )


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One measured value: what was asked, what was counted, and a value for each version."""

    label: str
    unit: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Measured values of several versions of a server: the slow one, the submission, a good one.

    `names` has the name of each version, in the order of the values.
    """

    title: str
    names: tuple[str, ...]
    rows: tuple[ComparedRow, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A check that was selected, but not asked for want of time."""

    id: str
    title: str
    stage: int
    aspect: Aspect


@dataclass(frozen=True, slots=True)
class Report:
    """One run. Times are ISO 8601 in UTC, durations in seconds.

    `run` is the id of the run, `digest` the sha256 of the submission, `challenge_digest` that of
    what the challenge judges by, `task_digest` that of a task that came with the workspace (empty
    if none did), `services` the version of each service that the submission used, `isolation` how
    it was kept from this machine (`none`; empty in reports that do not say), `selection` which
    checks were asked for, `notes` how the server was detected and how it differs from the
    contract, `clauses` the text of every clause that a check of this run cites, `score` what the
    kind of work measures beside the verdict, if it does, `left_out` the selected checks for which
    the budget left no time, `profile` by what the server was judged (`brief`; empty in reports that
    do not say), `profile_title` that in words, `spec` the profile that `--spec` named (empty if the
    option was not given), `shuffle` the seed of the order of the checks (None: the usual one), and
    `handed_in` whether a submission was judged that its author had handed in, so that a rejection
    is final. `comparison` shows what versions of the server cost, where a kind of work measures it.
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
    selection: Selection = EVERYTHING
    timings: Mapping[str, float] = field(default_factory=dict)
    requests: int = 0
    clauses: Mapping[str, str] = field(default_factory=dict)
    base_url: str = ""
    prefix: str = ""
    score: Score | None = None
    challenge_digest: str = ""
    task_digest: str = ""
    services: Mapping[str, str] = field(default_factory=dict)
    isolation: str = ""
    left_out: tuple[LeftOut, ...] = ()
    profile: str = ""
    profile_title: str = ""
    spec: str = ""
    shuffle: int | None = None
    handed_in: bool = False
    comparison: Comparison | None = None

    @property
    def repeating(self) -> str:
        """The options of `worksample check` that repeat random values, order and profile."""
        shuffle = "" if self.shuffle is None else f" --shuffle {self.shuffle}"
        spec = f" --spec {self.spec}" if self.spec else ""
        return f"--seed {self.seed}{shuffle}{spec}"

    @property
    def remarked(self) -> list[CheckResult]:
        """The results with remarks, ordered by stage."""
        return [result for result in self.results if result.remarks]

    def with_verdict(self, verdict: Verdict) -> list[CheckResult]:
        """Return the results with `verdict`, ordered by stage."""
        return [result for result in self.results if result.verdict is verdict]


def judge(results: Iterable[CheckResult]) -> RunVerdict:
    """Return the verdict of the run with these results.

    One failure rejects the submission. Otherwise one check with an error, undecided, or blocked
    without an excuse means that there is no verdict (`ERROR`).
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
