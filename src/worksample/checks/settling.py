"""Results once it is known what blocks what: a block without a failure behind it is a failure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from worksample.checks.check_run import CheckRun
from worksample.checks.context import CheckContext
from worksample.checks.error_log import kind_of
from worksample.checks.health import STAYS_UP
from worksample.checks.model import CheckResult, Finding, Verdict, culprit_of
from worksample.checks.operations import MissingOperations, StagedOperation, same_answer
from worksample.checks.request_kinds import RequestKinds
from worksample.messages import message


def settled_results(
    runs: Mapping[str, CheckRun],
    context: CheckContext,
    kinds: RequestKinds,
    operations: Sequence[StagedOperation],
) -> dict[str, CheckResult]:
    """Return the results of `runs` by check id, as they stand once all is known.

    A block or a detour because of a check that passed, or that did not run, becomes a failure. A
    failure that a missing operation (of `operations`) explains becomes a block.
    """
    settling = _Settling(runs, context, kinds)
    settled = {name: settling.settle(run) for name, run in runs.items()}
    missing = MissingOperations(context, operations, settled)
    return {name: missing.explain(result) for name, result in settled.items()}


class _Settling:
    def __init__(
        self, runs: Mapping[str, CheckRun], context: CheckContext, kinds: RequestKinds
    ) -> None:
        self._runs, self._context, self._kinds = runs, context, kinds

    def settle(self, run: CheckRun) -> CheckResult:
        """Turn a block or a detour because of a check that passed into a failure.

        The same goes for a block by a check that did not run.
        """
        result = run.result
        if result.verdict is Verdict.PASS:
            return self._settle_detours(run)
        if result.verdict is not Verdict.BLOCKED or run.precondition is None:
            return result
        if self._is_explained(result.blocked_by):
            return result
        if self._is_remarked(run.precondition, result.blocked_by):
            return self._excuse(result)
        if not run.exact and (told := self._failed_alike(run.precondition)):
            return replace(result, blocked_by=told)
        return self._failed_step(result, run.precondition, result.blocked_by)

    def _settle_detours(self, run: CheckRun) -> CheckResult:
        """Fail a check that met a precondition only in another way, unless that is explained."""
        for needed, finding in run.detours.items():
            explained = needed not in self._runs or self._is_explained(needed)
            explained = explained or bool(self._failed_alike(finding))
            if not explained and not self._is_remarked(finding, needed):
                return self._failed_step(run.result, finding, needed)
        return run.result

    def _is_explained(self, check_id: str) -> bool:
        """Whether the chain of blocks from a check ends at a failure or an internal error."""
        seen: set[str] = set()
        while check_id not in seen:
            seen.add(check_id)
            if (cause := self._runs.get(check_id)) is None:
                return check_id == STAYS_UP.id
            if cause.result.verdict is not Verdict.BLOCKED:
                return cause.result.verdict in (Verdict.FAIL, Verdict.ERROR)
            check_id = cause.result.blocked_by
        return False

    def _is_remarked(self, finding: Finding, needed: str) -> bool:
        """Whether the check `needed` met the same refusal, and it is only a remark there."""
        run = self._runs.get(needed)
        met = () if run is None else run.result.remarks
        refusal = self._refusal(finding)
        return refusal is not None and any(refusal == self._refusal(each) for each in met)

    def _refusal(self, finding: Finding) -> tuple[str, int] | None:
        """Return the operation and the status of the culprit, None if there is no culprit."""
        culprit = culprit_of(finding)
        return (self._kinds.operation_of(culprit.request), culprit.status) if culprit else None

    def _failed_alike(self, finding: Finding) -> str:
        """Return the first check that failed for such an answer to the same operation, or empty.

        One for which the server logged the same error comes first, one of hostile requests last.
        """
        results = sorted((run.result for run in self._runs.values()), key=lambda r: r.check.stage)
        failures = [(r.check.id, each) for r in results for each in r.findings]
        alike = [(name, each) for name, each in failures if same_answer(each, finding, self._kinds)]
        alike.sort(key=lambda pair: (not _same_error(pair[1], finding), bool(pair[1].inputs)))
        return alike[0][0] if alike else ""

    def _excuse(self, result: CheckResult) -> CheckResult:
        reason = message(
            "not asked: it needs what “{title}” only remarks on, judged by {profile}",
            title=self._runs[result.blocked_by].result.check.title,
            profile=self._context.profile.title,
        )
        return replace(result, blocked_by="", reason=reason, excused=True)

    def _failed_step(self, result: CheckResult, finding: Finding, needed: str) -> CheckResult:
        """Return a failure: `finding` tells of a step that the check `needed` does not explain."""
        told = replace(finding, step=True, because=self._explain_step(needed))
        return replace(result, verdict=Verdict.FAIL, findings=(told,), blocked_by="")

    def _explain_step(self, needed: str) -> str:
        """Return why a failed step counts although the check `needed`, which tests it, passed."""
        step = "this request only prepares what the check tests"
        run = self._runs.get(needed)
        if run is None or run.result.verdict is not Verdict.PASS:
            return step
        return message(
            "{step}: “{title}” passed with other values", step=step, title=run.result.check.title
        )


def _same_error(one: Finding, other: Finding) -> bool:
    """Whether the server logged the same type of error at the same place for both."""
    kinds = [kind_of(each.error).rpartition("/")[2] for each in (one, other) if each.error]
    return len(kinds) == 2 and kinds[0] == kinds[1]
