"""Prove the planted causes of bench/realism.py: each alone is met, each hidden one is hidden."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from causes import Cause, copy_reference
from telling import can_tell

from worksample.catalogue import Challenge
from worksample.checks import CheckResult, Verdict
from worksample.checks.detours import no_detours
from worksample.grading import Report, RunRequest, Selection, StartedServices, grade, started
from worksample.grading.priority import issues_of
from worksample.stacks import Settings, load_settings

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Prover:
    """Plants causes in copies of the reference and asks checks of them."""

    challenge: Challenge
    causes: Sequence[Cause]
    server: StartedServices
    seed: int

    async def faults_of(self, cause: Cause) -> list[str]:
        """Return a sentence for each statement about `cause` that does not hold."""
        faults = await self._alone(cause)
        for other in self.causes:
            if other.id in cause.hides:
                faults += await self._hidden(other, cause)
        return faults

    async def _alone(self, cause: Cause) -> list[str]:
        report = await self._ask([cause], cause.found_by)
        if report.problem is not None:
            return [f"{cause.id}: {report.problem.message}"]
        by_id = {result.check.id: result for result in report.results}
        faults = [
            f"{cause.id}: {name} does not fail: {_outcome(by_id[name])}"
            for name in cause.found_by
            if by_id[name].verdict is not Verdict.FAIL
        ]
        if not any(can_tell(issue, cause) for issue in issues_of(report.results)):
            faults.append(f"{cause.id}: no finding shows its operation, status and text")
        return faults

    async def _hidden(self, hidden: Cause, hider: Cause) -> list[str]:
        """With both planted, no check of the hidden cause may tell it in its usual way."""
        both = [cause for cause in self.causes if cause in (hidden, hider)]
        with no_detours():
            report = await self._ask(both, hidden.found_by)
        return [
            f"{hider.id} does not hide {hidden.id} from {issue.lead.check.id}"
            for issue in issues_of(report.results)
            if can_tell(issue, hidden)
        ]

    async def _ask(self, causes: Sequence[Cause], checks: Sequence[str]) -> Report:
        with tempfile.TemporaryDirectory(prefix="worksample-realism-") as place:
            folder = copy_reference(self.challenge, Path(place) / "app")
            for cause in causes:
                cause.plant(folder)
            request = RunRequest(
                self.challenge,
                folder,
                load_settings(folder),
                Selection(only=tuple(checks)),
                self.seed,
            )
            return await grade(request, shared=self.server)


def _outcome(result: CheckResult) -> str:
    return f"{result.verdict.value} {result.blocked_by or result.reason}".strip()


async def prove(
    challenge: Challenge, causes: Sequence[Cause], names: Sequence[str], seed: int, say: Say
) -> list[str]:
    """Prove the causes with these ids (none: all), two at a time; return what does not hold."""
    gate, faults = asyncio.Semaphore(2), list[str]()
    async with started(challenge, challenge.services.choose(Settings()), {}) as server:
        prover = Prover(challenge, causes, server, seed)

        async def one(cause: Cause) -> None:
            async with gate:
                found = await prover.faults_of(cause)
            faults.extend(found)
            say(f"{cause.id}: " + ("; ".join(found) or "proven"))

        async with asyncio.TaskGroup() as group:
            for cause in causes:
                if not names or cause.id in names:
                    group.create_task(one(cause))
    return faults
