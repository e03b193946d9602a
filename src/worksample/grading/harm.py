"""How much a failure harms, judged by the check's aspect and skills and by what was answered."""

from __future__ import annotations

import re
from enum import IntEnum

from worksample.checks import Aspect, CheckResult, Finding
from worksample.probes.exchange import Exchange

#: Resilience checks with this skill prove that what was acknowledged is stored, and stored whole.
_KEEPS_DATA = "databases"
#: Checks with one of these skills prove who may do what.
_ACCESS = frozenset({"access-control", "oauth-jwt"})
_STATUS = re.compile(r"\b[1-5]\d\d\b")
#: "A 201, B 500": one of two concurrent requests met a server error.
_ERROR_IN_RACE = re.compile(r"\b[A-Z] 5\d\d\b")


class Harm(IntEnum):
    """What a cause does, the worst first."""

    OTHERS_DATA = 0
    """Someone takes, changes or destroys another's data, or acknowledged data is lost."""
    EVERYBODY = 1
    """Ordinary use fails."""
    LIMITED = 2
    """Something else is wrong: a value, a limit, an unusual request."""
    FORM = 3
    """Only a status code, a field or a header differs from the contract."""


def harm_of(result: CheckResult) -> Harm:
    """Return the worst that the findings of a failed check show."""
    return min((_harm_of(result, each) for each in result.findings), default=Harm.LIMITED)


def _harm_of(result: CheckResult, finding: Finding) -> Harm:
    culprit = culprit_of(finding)
    if finding.step:
        return Harm.EVERYBODY
    if _is_form(result, finding, culprit):
        return Harm.FORM
    refused = culprit is not None and (culprit.response is None or culprit.status >= 400)
    if not refused and _protects_data(result, finding):
        return Harm.OTHERS_DATA
    ordinary = result.check.aspect is Aspect.BEHAVIOUR
    return Harm.EVERYBODY if refused and ordinary else Harm.LIMITED


def _protects_data(result: CheckResult, finding: Finding) -> bool:
    """Return whether the check proves that data stays its owner's, or stays at all."""
    check = result.check
    match check.aspect:
        case Aspect.SECURITY:
            return True
        case Aspect.CONCURRENCY:
            return not _ERROR_IN_RACE.search(finding.actual)
        case Aspect.RESILIENCE:
            return _KEEPS_DATA in check.skills
        case Aspect.BEHAVIOUR:
            return not _ACCESS.isdisjoint(check.skills) and _refusal_is_expected(finding)
        case _:
            return False


def _refusal_is_expected(finding: Finding) -> bool:
    return any(code.startswith("4") for code in _STATUS.findall(finding.expected))


def _is_form(result: CheckResult, finding: Finding, culprit: Exchange | None) -> bool:
    """Return whether the server did what was asked, and only told it in another form."""
    if culprit is None or culprit.response is None or culprit.status >= 500:
        return False
    if result.check.aspect is Aspect.CONTRACT:
        return True
    if not finding.expected.startswith("status "):
        return False
    kinds = {code[0] for code in _STATUS.findall(finding.expected)}
    return kinds == {str(culprit.status)[0]}


def culprit_of(finding: Finding) -> Exchange | None:
    """Return the exchange that went wrong, if it is a single one."""
    if finding.culprit is None or not 0 <= finding.culprit < len(finding.exchanges):
        return None
    return finding.exchanges[finding.culprit]
