"""The operations of a challenge by stage, and those that a server does not have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from worksample.checks.context import CheckContext
from worksample.checks.model import CheckResult, Finding, Verdict, culprit_of
from worksample.checks.request_kinds import RequestKinds

#: How servers refuse what they do not have (RFC 9110 15.5.5, 15.5.6, 15.6.2).
NOT_THERE = (404, 405, 501)


@dataclass(frozen=True, slots=True)
class StagedOperation:
    """An operation of the contract (`operationId`), and the stage that asks for it.

    proven_by: id of the check of that stage that fails if the server does not have the operation.
    """

    id: str
    stage: int
    proven_by: str = ""


def may_be_missing(result: CheckResult) -> bool:
    """Return whether a check failed only for answers such as those of a missing operation."""
    culprits = [culprit_of(finding) for finding in result.findings]
    return bool(culprits) and all(
        each is not None and each.response is not None and each.status in NOT_THERE
        for each in culprits
    )


def same_answer(one: Finding, other: Finding, kinds: RequestKinds) -> bool:
    """Whether both findings show the same status of 400 or above for the same operation."""
    first, second = culprit_of(one), culprit_of(other)
    if first is None or second is None or first.status != second.status or first.status < 400:
        return False
    return kinds.operation_of(first.request) == kinds.operation_of(second.request)


class MissingOperations:
    """The operations that a server does not have, as the results of one run show.

    An operation is missing if the check that proves it failed because a valid request for it was
    answered 404, 405 or 501. Other checks that fail for such an answer are blocked by that check.
    The same goes for an operation whose proof is blocked by a missing one, since it needs that
    one first: whether the server has it cannot be known.
    """

    def __init__(
        self,
        context: CheckContext,
        operations: Iterable[StagedOperation],
        results: Mapping[str, CheckResult],
    ) -> None:
        self._context = context
        missing = {
            each.id: each.proven_by
            for each in operations
            if each.proven_by in results and self._is_missing(each, results[each.proven_by])
        }
        self._proofs = frozenset(missing.values())
        self._explained_by = missing
        while unproven := self._unproven(operations, results):
            self._explained_by.update(unproven)

    def explain(self, result: CheckResult) -> CheckResult:
        """Return `result` without the findings that a missing operation explains.

        If none is left, the result is blocked by the check that proves the operation.
        """
        if result.check.id in self._proofs:
            return result
        result = self._without_explained_remarks(result)
        if result.verdict is not Verdict.FAIL:
            return result
        owners = [self._owner(finding) for finding in result.findings]
        if not any(owners):
            return result
        own = tuple(each for each, owner in zip(result.findings, owners, strict=True) if not owner)
        if own:
            return replace(result, findings=own)
        return replace(result, verdict=Verdict.BLOCKED, findings=(), blocked_by=owners[0])

    def _without_explained_remarks(self, result: CheckResult) -> CheckResult:
        """Return `result` without remarks on missing operations; blocked if it had no others."""
        owners = [self._owner(remark) for remark in result.remarks]
        if not any(owners):
            return result
        pairs = zip(result.remarks, owners, strict=True)
        own = replace(result, remarks=tuple(each for each, owner in pairs if not owner))
        if own.remarks or own.verdict is not Verdict.PASS:
            return own
        return replace(own, verdict=Verdict.BLOCKED, blocked_by=next(filter(None, owners)))

    def _unproven(
        self, operations: Iterable[StagedOperation], results: Mapping[str, CheckResult]
    ) -> dict[str, str]:
        """Return the other operations whose proof is blocked, each with the check that causes it.

        Only those that what is explained so far leads to: call it again until there are no more.
        """
        causes = {each.id: self._cause(each.proven_by, results) for each in operations}
        return {
            name: cause
            for name, cause in causes.items()
            if name not in self._explained_by and cause in self._proofs
        }

    def _cause(self, check_id: str, results: Mapping[str, CheckResult]) -> str:
        """Return the id of the check at the end of the chain of what blocks `check_id`."""
        seen: set[str] = set()
        while check_id not in seen and check_id in results:
            seen.add(check_id)
            result = self.explain(results[check_id])
            if result.verdict is not Verdict.BLOCKED:
                return check_id
            check_id = result.blocked_by
        return ""

    def _is_missing(self, operation: StagedOperation, result: CheckResult) -> bool:
        return result.verdict is Verdict.FAIL and any(
            self._refused_operation(finding) == operation.id for finding in result.findings
        )

    def _owner(self, finding: Finding) -> str:
        """Return the id of the check that explains `finding`; empty if none does."""
        return self._explained_by.get(self._refused_operation(finding), "")

    def _refused_operation(self, finding: Finding) -> str:
        """Return the id of the operation that answered as if it were not there, or empty."""
        culprit = culprit_of(finding)
        if culprit is None or culprit.response is None or culprit.status not in NOT_THERE:
            return ""
        prefix = self._context.dialect.prefix
        operation = self._context.contract.operation_for(culprit.request, prefix)
        return operation.id if operation else ""
