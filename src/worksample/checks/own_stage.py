"""Run checks again that a check of a later stage blocks, without what later stages build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from worksample.checks.context import CheckContext
from worksample.checks.kept_runs import KeptRuns
from worksample.checks.model import Check, CheckResult, Verdict
from worksample.checks.target_runner import TargetRunner
from worksample.messages import message


async def run_up_to_own_stage(
    settled: Mapping[str, CheckResult], context: CheckContext, runner: TargetRunner, kept: KeptRuns
) -> None:
    """Run checks again that a check of a later stage blocks, without the later operations.

    What a learner has built so far is thus judged, whatever is still to be built. `settled` holds
    all results by the id of their check.
    """
    asked_stage = context.stage
    for check, cause in _blocked_by_later_stages(settled):
        context.stage = check.stage
        await runner.run_alone(check, attempt=1)
        _remark_on_later_stage(kept, check, cause)
    context.stage = asked_stage


def _blocked_by_later_stages(settled: Mapping[str, CheckResult]) -> list[tuple[Check, Check]]:
    """Return each check that a check of a later stage blocks, with that one; by stage."""
    found = []
    for result in settled.values():
        cause = settled.get(result.blocked_by)
        if cause is not None and cause.check.stage > result.check.stage:
            found.append((result.check, cause.check))
    return sorted(found, key=lambda pair: pair[0].stage)


def _remark_on_later_stage(kept: KeptRuns, check: Check, cause: Check) -> None:
    """Add a note to the result of a check that passes without what later stages build."""
    run = kept.by_id[check.id]
    if run.result.verdict is Verdict.PASS:
        remark = message(
            "passed as far as stage {stage} goes; the rest needs “{title}” of stage {later}, "
            "which fails",
            stage=check.stage,
            title=cause.title,
            later=cause.stage,
        )
        result = replace(run.result, notes=(*run.result.notes, remark))
        kept.by_id[check.id] = replace(run, result=result)
