"""What is recorded of a run while it lasts, and the report that is made of it at the end."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import worksample
from worksample.checks import Check, CheckResult
from worksample.errors import WorkspaceError
from worksample.grading.kinds import Outcome
from worksample.grading.report import LeftOut, Problem, Report, RunVerdict
from worksample.grading.run_request import RunRequest
from worksample.grading.size_limit import bounded
from worksample.grading.workspace import new_run_id
from worksample.messages import message
from worksample.stacks.copying import digest_of, list_files


class RunRecord:
    """The steps, notes, quoted rules and requests of a run, and its report as far as it is known.

    `report` has what is known when a run begins; `finish` adds the rest.
    """

    def __init__(self, request: RunRequest) -> None:
        self.report = _empty_report(request)
        self._request = request
        self._began = time.monotonic()
        self._steps: list[tuple[str, float]] = []
        self._notes: list[str] = []
        self._requests = 0
        self._clauses: dict[str, str] = {}

    def step(self, name: str) -> None:
        """Record that a step begins."""
        self._steps.append((name, time.monotonic()))

    def note(self, *sentences: str) -> list[str]:
        """Add sentences, each once; return those that are new, without empty ones."""
        new = [each for each in dict.fromkeys(sentences) if each and each not in self._notes]
        self._notes += new
        return new

    def quote(self, clauses: Mapping[str, str]) -> None:
        """Add the texts of rules, by id."""
        self._clauses |= clauses

    def count_requests(self, results: Iterable[CheckResult]) -> None:
        """Count the requests that checks of the challenge made."""
        self._requests += sum(each.requests for each in results if each.check.function)

    def services(self, versions: Mapping[str, str]) -> None:
        """Record the services that the submission uses, each with its version."""
        self.report = replace(self.report, services=versions)

    def address(self, base_url: str, prefix: str) -> None:
        """Record where the submission answers."""
        self.report = replace(self.report, base_url=base_url, prefix=prefix)

    def detected(self, stack: str, digest: str) -> None:
        """Record the stack and the digest of the submission; "" leaves what is known."""
        report = self.report
        self.report = replace(report, stack=stack or report.stack, digest=digest or report.digest)

    def digests(self, task: Collection[str]) -> None:
        """Record the digests of challenge and submission, and of its files that are the `task`.

        Raises `WorkspaceError` if the submission is too large, or cannot be read.
        """
        request = self._request
        self.report = replace(self.report, challenge_digest=request.challenge.digest)
        if request.url:
            return
        try:
            found = list_files(request.folder)
            of_task = [each for each in found if each.name in task]
            self.report = replace(
                self.report,
                task_digest=digest_of(of_task) if of_task else "",
                digest=digest_of(found),
            )
        except OSError as error:
            raise WorkspaceError(
                message("{folder} cannot be read: {error}", folder=request.folder, error=error)
            ) from error

    def finish(
        self, outcome: Outcome, selected: Iterable[Check], problem: Problem | None
    ) -> Report:
        """Return the report, in a limited size; `selected` are the checks that were to be asked."""
        return bounded(
            replace(
                self.report,
                verdict=self._verdict(outcome),
                results=outcome.results,
                left_out=self._left_out(outcome, selected),
                score=outcome.score,
                comparison=outcome.comparison,
                problem=problem,
                seconds=time.monotonic() - self._began,
                notes=tuple(self._notes),
                timings=self._durations(),
                requests=self._requests,
                clauses=self._clauses,
            )
        )

    def _verdict(self, outcome: Outcome) -> RunVerdict:
        """Return the verdict of `outcome`: with a budget, nothing is ever accepted."""
        if self._request.selection.budget and outcome.verdict is RunVerdict.ACCEPTED:
            return RunVerdict.NOTHING_FOUND
        return outcome.verdict

    def _left_out(self, outcome: Outcome, selected: Iterable[Check]) -> tuple[LeftOut, ...]:
        asked = {result.check.id for result in outcome.results}
        return tuple(
            LeftOut(check.id, check.title, check.stage, check.aspect)
            for check in selected
            if self._request.selection.budget and asked and check.id not in asked
        )

    def _durations(self) -> dict[str, float]:
        """Return the seconds of each step; a step that was repeated counts in sum."""
        moments = pairwise([*(at for _, at in self._steps), time.monotonic()])
        durations: dict[str, float] = {}
        for (name, _), (began, ended) in zip(self._steps, moments, strict=True):
            durations[name] = durations.get(name, 0.0) + ended - began
        return durations


def _empty_report(request: RunRequest) -> Report:
    challenge = request.challenge
    return Report(
        run=new_run_id(),
        kind=request.kind,
        challenge=challenge.id,
        challenge_title=challenge.title,
        challenge_version=challenge.version,
        stages={stage.number: stage.title for stage in challenge.stages},
        stack="",
        digest="",
        seed=request.seed,
        shuffle=request.shuffle,
        verdict=RunVerdict.ERROR,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=0.0,
        versions={
            "worksample": worksample.__version__,
            "python": platform.python_version(),
            "platform": f"{sys.platform} {platform.machine()}",
        },
        selection=request.selection,
        profile=request.profile.id,
        profile_title=request.profile.title,
        spec=request.spec,
        base_url=request.url,
        isolation="none",
        handed_in=request.handed_in,
    )
